package io.netyard.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.wiring.Cable;
import io.netyard.api.wiring.WiredInterface.Far;
import io.netyard.api.wiring.WiringMap;
import io.netyard.kernel.route.LinkReply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WirerTest {

    private static final OptionalInt NONE = OptionalInt.empty();

    private final List<Wirer.Seen> seen = new ArrayList<>();
    private final FakeKernel kernel = new FakeKernel();
    private boolean contradicted;

    /** Answers as the kernel would, from what the test has told it. */
    private static final class FakeKernel implements Wirer.Kernel {

        private final Map<NamespaceId, Map<Integer, NamespaceId>> numbers = new HashMap<>();
        private final Map<Integer, LinkReply> behind = new HashMap<>();
        private int asked;

        @Override
        public Map<Integer, NamespaceId> numbers(NamespaceId of, Collection<NamespaceId> others) {
            asked += others.size();
            Map<Integer, NamespaceId> known = new HashMap<>(numbers.getOrDefault(of, Map.of()));
            known.values().retainAll(others);
            return known;
        }

        @Override
        public Optional<LinkReply> interfaceIn(NamespaceId from, int nsid, int index) {
            return Optional.ofNullable(behind.get(nsid)).filter(link -> link.index() == index);
        }
    }

    @Test
    void endsOfEqualIndexAreJoinedThoughOlderKernelsLeaveTheIndexOut() {
        namespace(1, link(7, "a", "veth", NONE, OptionalInt.of(0)));
        namespace(2, link(7, "b", "veth", NONE, OptionalInt.of(3)));
        number(1, 0, 2);
        number(2, 3, 1);

        assertThat(map().cables()).singleElement().satisfies(cable -> {
            assertThat(named(cable)).isEqualTo("net:[1] a#7 - net:[2] b#7");
        });
    }

    /** As labs of one pattern have them: indexes alone do not tell who belongs to whom. */
    @Test
    void whoPointsBackByIndexOnlyIsNotTaken() {
        namespace(1, link(2, "a", "veth", OptionalInt.of(2), OptionalInt.of(0)));
        namespace(2, link(2, "b", "veth", OptionalInt.of(2), OptionalInt.of(0)));
        namespace(3, link(2, "c", "veth", OptionalInt.of(2), OptionalInt.of(0)));
        namespace(4, link(2, "d", "veth", OptionalInt.of(2), OptionalInt.of(0)));
        number(1, 0, 3);
        number(3, 0, 1);
        number(2, 0, 4);
        number(4, 0, 2);

        assertThat(map().cables())
                .extracting(WirerTest::named)
                .containsExactly("net:[1] a#2 - net:[3] c#2", "net:[2] b#2 - net:[4] d#2");
        assertThat(contradicted).isFalse();
    }

    @Test
    void bothEndsInOneNamespaceAreOneCable() {
        namespace(1, link(2, "a", "veth", OptionalInt.of(3), NONE), link(3, "b", "veth", OptionalInt.of(2), NONE));

        assertThat(map().cables()).extracting(WirerTest::named).containsExactly("net:[1] a#2 - net:[1] b#3");
    }

    @Test
    void aMacvlanLeadsToItsParentInAnotherNamespaceAndManyMay() {
        namespace(1, link(4, "eth0", "", NONE, NONE));
        namespace(2, link(4, "mv0", "macvlan", NONE, OptionalInt.of(0)));
        namespace(3, link(9, "mv1", "macvlan", OptionalInt.of(4), OptionalInt.of(0)));
        number(2, 0, 1);
        number(3, 0, 1);

        assertThat(map().cables())
                .extracting(WirerTest::named)
                .containsExactly("net:[2] mv0#4 - net:[1] eth0#4", "net:[3] mv1#9 - net:[1] eth0#4");
    }

    @Test
    void anUnknownNamespaceIsToldByItsNumberAndWhatTheKernelSaysOfTheOtherEnd() {
        namespace(1, link(5, "a", "veth", OptionalInt.of(8), OptionalInt.of(6)));
        kernel.behind.put(6, link(8, "far\u001b", "veth", OptionalInt.of(5), OptionalInt.of(0)));

        Cable cable = map().cables().get(0);

        assertThat(cable.b()).isEmpty();
        assertThat(cable.far()).isEqualTo(new Far(Optional.empty(), OptionalInt.of(6), 8, Optional.of("far\uFFFD")));
        assertThat(contradicted).isFalse();
    }

    /** NETNSA_NSID_NOT_ASSIGNED: the other namespace is ending. */
    @Test
    void aNumberThatTheKernelDoesNotGiveIsNoNumber() {
        namespace(1, link(5, "a", "veth", OptionalInt.of(8), OptionalInt.of(-1)));

        assertThat(map().cables().get(0).far())
                .isEqualTo(new Far(Optional.empty(), OptionalInt.of(-1), 8, Optional.empty()));
    }

    /** The other end was moved on after its old namespace had been read, and before the new one was. */
    @Test
    void whatDoesNotPointBackIsNotBelieved() {
        namespace(1, link(5, "a", "veth", OptionalInt.of(8), OptionalInt.of(0)));
        namespace(2, link(8, "b", "veth", OptionalInt.of(6), OptionalInt.of(0)));
        number(1, 0, 2);
        number(2, 0, 1);

        assertThat(map().cables().get(0).b()).isEmpty();
        assertThat(contradicted).isTrue();
    }

    /** The same, but the index is the same at both places. */
    @Test
    void whatPointsBackIntoAnotherNamespaceIsNotBelieved() {
        namespace(1, link(5, "old", "veth", OptionalInt.of(8), OptionalInt.of(0)));
        namespace(2, link(8, "b", "veth", OptionalInt.of(5), OptionalInt.of(1)));
        namespace(3, link(5, "a", "veth", OptionalInt.of(8), OptionalInt.of(0)));
        number(1, 0, 2);
        number(2, 0, 1);
        number(2, 1, 3);
        number(3, 0, 2);

        assertThat(map().cables())
                .extracting(WirerTest::named)
                .containsExactly("net:[1] old#5 - ?", "net:[2] b#8 - net:[3] a#5");
        assertThat(contradicted).isTrue();
    }

    @Test
    void whatMayNotBeLookedIntoIsStillKnownByItsNumber() {
        namespace(1, link(5, "a", "veth", OptionalInt.of(8), OptionalInt.of(0)));
        seen.add(new Wirer.Seen(namespaceOf(2), List.of(), Map.of(), Optional.of("not permitted")));
        number(1, 0, 2);

        assertThat(map().cables().get(0).far())
                .isEqualTo(new Far(Optional.of(Hosts.id(2)), OptionalInt.of(0), 8, Optional.empty()));
        assertThat(contradicted).isFalse();
    }

    @Test
    void tunnelsThatAreBoundToNoDeviceLeadNowhere() {
        namespace(1, link(5, "sit0", "sit", OptionalInt.of(0), OptionalInt.of(0)));

        assertThat(map().cables()).isEmpty();
    }

    @Test
    void portsHaveTheirTablesAndControllers() {
        LinkReply bridge = link(2, "br0", "bridge", NONE, NONE);
        LinkReply port = withController(link(3, "p", "veth", OptionalInt.of(2), OptionalInt.of(0)), 2);
        VlanEntry entry = new VlanEntry(new VlanId(10), true, true);
        seen.add(new Wirer.Seen(namespaceOf(1), List.of(port, bridge), Map.of(3, List.of(entry)), Optional.empty()));
        namespace(2, link(2, "eth0", "veth", OptionalInt.of(3), OptionalInt.of(0)));
        number(1, 0, 2);
        number(2, 0, 1);

        Cable cable = map().cables().get(0);

        assertThat(cable.a().device().vlans()).containsExactly(entry);
        assertThat(cable.a().controller().orElseThrow().name()).isEqualTo("br0");
        assertThat(cable.a().place().portsOf(cable.a().controller().orElseThrow()))
                .containsExactly(cable.a().device());
    }

    /** A hub of two hundred: whoever points back is asked about, not everybody about everybody. */
    @Test
    void fewQuestionsAreAskedOfManyNamespaces() {
        List<LinkReply> hub = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            hub.add(link(100 + i, "h" + i, "veth", OptionalInt.of(2), OptionalInt.of(i)));
            namespace(1_000 + i, link(2, "e", "veth", OptionalInt.of(100 + i), OptionalInt.of(0)));
            number(1, i, 1_000 + i);
            number(1_000 + i, 0, 1);
        }
        namespace(1, hub.toArray(LinkReply[]::new));

        assertThat(map().cables()).hasSize(200).allSatisfy(cable -> assertThat(cable.b())
                .isPresent());
        assertThat(kernel.asked).isLessThanOrEqualTo(400);
    }

    private WiringMap map() {
        Wirer wirer = new Wirer(seen, Hosts.id(1), kernel);
        WiringMap map = wirer.map();
        contradicted = wirer.contradicted();
        return map;
    }

    private void namespace(long inode, LinkReply... links) {
        seen.add(new Wirer.Seen(namespaceOf(inode), List.of(links), Map.of(), Optional.empty()));
    }

    private static io.netyard.api.inventory.HostNamespace namespaceOf(long inode) {
        return Hosts.namespace(inode, inode, "", Optional.empty(), Set.of());
    }

    private void number(long of, int number, long other) {
        kernel.numbers.computeIfAbsent(Hosts.id(of), id -> new HashMap<>()).put(number, Hosts.id(other));
    }

    private static String named(Cable cable) {
        return text(cable.a()) + " - " + cable.b().map(WirerTest::text).orElse("?");
    }

    private static String text(Cable.End end) {
        return end.place().id() + " " + end.device().name() + "#" + end.device().index();
    }

    private static LinkReply link(int index, String name, String kind, OptionalInt link, OptionalInt nsid) {
        return new LinkReply(
                index,
                0,
                name,
                kind,
                Optional.empty(),
                1500,
                NONE,
                link,
                nsid,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                false);
    }

    private static LinkReply withController(LinkReply link, int controller) {
        return new LinkReply(
                link.index(),
                link.flags(),
                link.name(),
                link.kind(),
                link.mac(),
                link.mtu(),
                OptionalInt.of(controller),
                link.link(),
                link.linkNetnsid(),
                link.alias(),
                link.vlan(),
                link.macvlanMode(),
                link.bridge(),
                link.port(),
                link.permanentMac(),
                link.group(),
                link.operational());
    }
}
