package io.netyard.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.link.MacvlanMode;
import io.netyard.api.wiring.Cable;
import io.netyard.api.wiring.Place;
import io.netyard.api.wiring.WiredInterface;
import io.netyard.api.wiring.WiredInterface.Far;
import io.netyard.api.wiring.WiringMap;
import io.netyard.kernel.AttributeWriter;
import io.netyard.kernel.NamespaceDescriptor;
import io.netyard.kernel.NetlinkRequest;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.route.LinkRequests;
import io.netyard.testing.Feature;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.LiveNamespace;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What iproute2 has wired on the running kernel, and the map of it; each namespace is also asked by iproute2. */
@LiveKernel
class WiringLiveTest {

    private final FixedInventory inventory = new FixedInventory();
    private final NetlinkWiring wiring = new NetlinkWiring(inventory);
    private final List<LiveNamespace> open = new ArrayList<>();
    private LiveNamespace one;
    private LiveNamespace two;

    @BeforeEach
    void makeNamespaces() {
        one = namespace("one");
        two = namespace("two");
    }

    @AfterEach
    void endNamespaces() throws InterruptedException {
        for (LiveNamespace namespace : open) {
            namespace.close();
        }
    }

    @Test
    void endsOfTheSameIndexInDifferentNamespaces() throws Exception {
        pair(one, "a", 77, two, "b", 77);
        inventory.add(one);
        inventory.add(two);

        assertThat(cables()).containsExactlyInAnyOrder("one a#77 - two b#77");
        requireThatIpAgrees();
    }

    /** Six namespaces in a ring, all of one pattern: every index and every name is there six times. */
    @Test
    void aRingOfEqualNamespaces() throws Exception {
        List<LiveNamespace> ring = new ArrayList<>(List.of(one, two));
        while (ring.size() < 6) {
            ring.add(namespace("n" + ring.size()));
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < ring.size(); i++) {
            LiveNamespace next = ring.get((i + 1) % ring.size());
            pair(ring.get(i), "right", 5, next, "left", 5 + 1);
            expected.add(name(ring.get(i)) + " right#5 - " + name(next) + " left#6");
            inventory.add(ring.get(i));
        }

        assertThat(cables()).containsExactlyInAnyOrderElementsOf(expected);
        requireThatIpAgrees();
    }

    @Test
    void anEndInANamespaceThatIsOnlyMounted() throws Exception {
        Path directory = Files.createTempDirectory("netyard-wiring");
        Path mount = Files.createFile(directory.resolve("net"));
        try {
            run("mount", "--bind", two.ref().net().toString(), mount.toString());
            pair(one, "a", 9, two, "b", 9);
            inventory.add(one);
            inventory.add(two.ref().inode(), Holding.Kind.MOUNT, mount.toString());
            two.close();

            assertThat(cables()).containsExactlyInAnyOrder("one a#9 - two b#9");
        } finally {
            run("umount", mount.toString());
            Files.delete(mount);
            Files.delete(directory);
        }
    }

    @Test
    void anEndInANamespaceThatIsOnlyAnOpenFile() throws Exception {
        try (NamespaceDescriptor descriptor = NamespaceDescriptor.open(two.ref())) {
            pair(one, "a", 9, two, "b", 10);
            inventory.add(one);
            inventory.add(
                    two.ref().inode(),
                    Holding.Kind.DESCRIPTOR,
                    "/proc/%d/fd/%d".formatted(ProcessHandle.current().pid(), descriptor.number()));
            two.close();

            assertThat(cables()).containsExactlyInAnyOrder("one a#9 - two b#10");
        }
    }

    @Test
    void anEndInANamespaceThatIsOnlyASocket() throws Exception {
        Set<String> before = Set.copyOf(openFiles().values());
        try (NetlinkSocket socket = NetlinkSocket.open(two.ref())) {
            Path file = openFiles().entrySet().stream()
                    .filter(each -> each.getValue().startsWith("socket:") && !before.contains(each.getValue()))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
            pair(one, "a", 9, two, "b", 9);
            inventory.add(one);
            inventory.add(two.ref().inode(), Holding.Kind.SOCKET, file.toString());
            two.close();

            assertThat(cables()).containsExactlyInAnyOrder("one a#9 - two b#9");
            assertThat(socket.dump(LinkRequests.dump("two"))).isNotEmpty();
        }
    }

    /** What this process has open, by the file in /proc. */
    private static Map<Path, String> openFiles() throws IOException {
        Map<Path, String> open = new TreeMap<>();
        try (Stream<Path> files =
                Files.list(Path.of("/proc/" + ProcessHandle.current().pid() + "/fd"))) {
            for (Path file : files.toList()) {
                try {
                    open.put(file, Files.readSymbolicLink(file).toString());
                } catch (IOException e) {
                    // Closed since: the directory itself, for one.
                }
            }
        }
        return open;
    }

    @Test
    void anEndInANamespaceThatNobodyKnowsOf() throws Exception {
        pair(one, "a", 9, two, "b", 12);
        inventory.add(one);

        Cable cable = wiring.look().cables().stream()
                .filter(each -> each.a().place().id().equals(id(one)))
                .findFirst()
                .orElseThrow();

        assertThat(cable.b()).isEmpty();
        Far far = cable.far();
        assertThat(far.namespace()).isEmpty();
        assertThat(far.index()).isEqualTo(12);
        assertThat(far.name()).contains("b");
        assertThat(one.run("ip", "link", "show", "dev", "a"))
                .contains("link-netnsid " + far.nsid().getAsInt());
    }

    @Test
    void anEndThatIsMovedOnIsFoundWhereItIs() throws Exception {
        LiveNamespace three = namespace("three");
        List.of(one, two, three).forEach(inventory::add);
        pair(one, "a", 9, two, "b", 9);
        assertThat(cables()).containsExactlyInAnyOrder("one a#9 - two b#9");

        two.run("ip", "link", "set", "dev", "b", "netns", three.ref().net().toString(), "name", "moved");

        assertThat(cables()).containsExactlyInAnyOrder("one a#9 - three moved#9");
        requireThatIpAgrees();
    }

    @Test
    void aMacvlanWhoseParentIsInAnotherNamespace() throws Exception {
        pair(one, "a", 9, two, "b", 9);
        one.run("ip", "link", "add", "mv", "link", "a", "index", "20", "type", "macvlan", "mode", "private");
        one.run("ip", "link", "set", "dev", "mv", "netns", two.ref().net().toString());
        inventory.add(one);
        inventory.add(two);

        assertThat(cables()).containsExactlyInAnyOrder("one a#9 - two b#9", "two mv#20 - one a#9");
        assertThat(device(wiring.look(), two, "mv").macvlanMode()).contains(MacvlanMode.PRIVATE);
        requireThatIpAgrees();
    }

    @Test
    void aBridgeInsideAndItsPorts() throws Exception {
        pair(one, "a", 9, two, "b", 9);
        two.run("ip", "link", "add", "br0", "index", "30", "type", "bridge");
        two.run("ip", "link", "set", "dev", "b", "master", "br0");
        inventory.add(one);
        inventory.add(two);

        Cable cable = wiring.look().cables().stream()
                .filter(each -> each.b().isPresent()
                        && List.of(each.a().place().id(), each.b().get().place().id())
                                .contains(id(two)))
                .findFirst()
                .orElseThrow();
        Cable.End end =
                cable.a().place().id().equals(id(two)) ? cable.a() : cable.b().orElseThrow();

        assertThat(end.controller().orElseThrow().name()).isEqualTo("br0");
        assertThat(end.controller().orElseThrow().kind()).isEqualTo("bridge");
        assertThat(end.filtered()).isFalse();
        requireThatIpAgrees();
    }

    /** The kernel allows any byte but a slash, a colon and white space; iproute2 does not even send these. */
    @Test
    void namesThatAreNoText() throws Exception {
        byte[] escape = {'x', 0x1b, '[', '3', '1', 'm', 0};
        byte[] undecodable = {'y', (byte) 0xff, (byte) 0xfe, 0};
        byte[] payload = new AttributeWriter(new byte[IFINFOMSG])
                .bytes(IFLA_IFNAME, escape)
                .nested(IFLA_LINKINFO, info -> info.bytes(1, "veth".getBytes(StandardCharsets.US_ASCII))
                        .nested(
                                2,
                                data -> data.nested(
                                        1, new byte[IFINFOMSG], peer -> peer.bytes(IFLA_IFNAME, undecodable))))
                .toBytes();
        try (NetlinkSocket socket = NetlinkSocket.open(one.ref())) {
            socket.execute(new NetlinkRequest(
                    RTM_NEWLINK, NetlinkRequest.CREATE | NetlinkRequest.EXCL, payload, "create", "odd names"));
        }
        inventory.add(one);

        assertThat(wiring.look().place(id(one)).orElseThrow().interfaces())
                .extracting(WiredInterface::name)
                .contains("x\uFFFD[31m", "y\uFFFD\uFFFD");
    }

    // linux/rtnetlink.h, linux/if_link.h
    private static final int RTM_NEWLINK = 16;
    private static final int IFINFOMSG = 16;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;

    @LiveKernel(needs = Feature.VLAN_FILTERING)
    @Test
    void vlansOfAFilteringBridgesPort() throws Exception {
        pair(one, "a", 9, two, "b", 9);
        two.run("ip", "link", "add", "br0", "type", "bridge", "vlan_filtering", "1");
        two.run("ip", "link", "set", "dev", "b", "master", "br0");
        two.run("bridge", "vlan", "add", "dev", "b", "vid", "10", "pvid", "untagged");
        two.run("bridge", "vlan", "add", "dev", "b", "vid", "20-22");
        two.run("bridge", "vlan", "del", "dev", "b", "vid", "1");
        inventory.add(one);
        inventory.add(two);

        WiringMap map = wiring.look();
        WiredInterface port = device(map, two, "b");

        assertThat(port.vlans())
                .containsExactly(
                        new VlanEntry(new VlanId(10), true, true),
                        new VlanEntry(new VlanId(20), false, false),
                        new VlanEntry(new VlanId(21), false, false),
                        new VlanEntry(new VlanId(22), false, false));
        assertThat(new Cable.End(map.place(id(two)).orElseThrow(), port).filtered())
                .isTrue();
    }

    @LiveKernel(needs = Feature.VLAN_8021Q)
    @Test
    void aVlanSubinterfaceWhoseParentIsInAnotherNamespace() throws Exception {
        pair(one, "a", 9, two, "b", 9);
        one.run("ip", "link", "add", "link", "a", "name", "a.10", "index", "31", "type", "vlan", "id", "10");
        one.run("ip", "link", "add", "link", "a", "name", "a.11", "index", "32", "type", "vlan", "id", "11");
        one.run("ip", "link", "set", "dev", "a.10", "netns", two.ref().net().toString());
        inventory.add(one);
        inventory.add(two);

        assertThat(cables())
                .containsExactlyInAnyOrder("one a#9 - two b#9", "two a.10#31 - one a#9", "one a.11#32 - one a#9");
        assertThat(device(wiring.look(), two, "a.10").vlan()).contains(new VlanId(10));
        requireThatIpAgrees();
    }

    @Test
    void namespacesThatHaveEndedAreLeftOut() throws Exception {
        pair(one, "a", 9, two, "b", 9);
        inventory.add(one);
        inventory.add(two);
        two.close();

        WiringMap map = wiring.look();

        assertThat(map.place(id(two))).isEmpty();
        assertThat(map.place(id(one))).isPresent();
    }

    private LiveNamespace namespace(String name) {
        LiveNamespace namespace = new LiveNamespace(name);
        open.add(namespace);
        return namespace;
    }

    private static void pair(LiveNamespace a, String aName, int aIndex, LiveNamespace b, String bName, int bIndex)
            throws Exception {
        String said = a.run(
                "ip",
                "link",
                "add",
                "name",
                aName,
                "index",
                "" + aIndex,
                "type",
                "veth",
                "peer",
                "name",
                bName,
                "index",
                "" + bIndex,
                "netns",
                b.ref().net().toString());
        assertThat(said).isEmpty();
    }

    /** Those between the namespaces of this test; the first end is that of the pair's first namespace. */
    private List<String> cables() {
        return wiring.look().cables().stream()
                .filter(cable -> labelled(cable.a().place()).isPresent())
                .map(cable -> {
                    String a = text(cable.a());
                    String b = cable.b().map(this::text).orElse("?");
                    boolean turned = cable.a().device().isPair() && before(cable);
                    return turned ? b + " - " + a : a + " - " + b;
                })
                .toList();
    }

    /** Inodes are given out as the kernel likes: cables are told in the order in which their namespaces were made here. */
    private boolean before(Cable cable) {
        List<String> order = open.stream().map(WiringLiveTest::name).toList();
        int a = order.indexOf(name(cable.a()));
        int b = cable.b().map(end -> order.indexOf(name(end))).orElse(a);
        boolean ring = order.size() > 3 && Math.abs(a - b) == order.size() - 1;
        return ring ? b > a : b < a;
    }

    private String text(Cable.End end) {
        return name(end) + " " + end.device().name() + "#" + end.device().index();
    }

    private String name(Cable.End end) {
        return labelled(end.place()).orElse("other");
    }

    private Optional<String> labelled(Place place) {
        return open.stream()
                .filter(namespace -> id(namespace).equals(place.id()))
                .map(WiringLiveTest::name)
                .findFirst();
    }

    private static String name(LiveNamespace namespace) {
        return namespace.asNetns().name().orElseThrow();
    }

    private static NamespaceId id(LiveNamespace namespace) {
        return Hosts.id(namespace.ref().inode());
    }

    private static WiredInterface device(WiringMap map, LiveNamespace where, String name) {
        return map.place(id(where)).orElseThrow().interfaces().stream()
                .filter(device -> device.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static final Pattern LINE = Pattern.compile("(\\d+): ([^:@]+)(?:@(\\S+))?: <.*");
    private static final Pattern NETNSID = Pattern.compile("link-netns(?:id)? (\\S+)");
    private static final Pattern MASTER = Pattern.compile(" master (\\S+)");

    /** Index, name, kind of leading and controller of every interface, as {@code ip -d -o link} says it in each namespace. */
    private void requireThatIpAgrees() throws Exception {
        WiringMap map = wiring.look();
        for (LiveNamespace namespace : open) {
            Place place = map.place(id(namespace)).orElseThrow();
            Map<Integer, String> ours = new TreeMap<>();
            place.interfaces()
                    .forEach(device -> ours.put(
                            device.index(),
                            "%s leads %s, port of %s"
                                    .formatted(
                                            device.name(),
                                            device.far()
                                                    .map(far -> far.nsid().isPresent() ? "elsewhere" : "here")
                                                    .orElse("nowhere"),
                                            place.controllerOf(device)
                                                    .map(WiredInterface::name)
                                                    .orElse("none"))));
            Map<Integer, String> theirs = new TreeMap<>();
            for (String line : namespace.run("ip", "-d", "-o", "link").lines().toList()) {
                Matcher matcher = LINE.matcher(line);
                assertThat(matcher.matches()).as(line).isTrue();
                Matcher master = MASTER.matcher(line);
                boolean elsewhere = NETNSID.matcher(line).find();
                theirs.put(
                        Integer.valueOf(matcher.group(1)),
                        "%s leads %s, port of %s"
                                .formatted(
                                        matcher.group(2),
                                        elsewhere ? "elsewhere" : matcher.group(3) == null ? "nowhere" : "here",
                                        master.find() ? master.group(1) : "none"));
            }
            assertThat(ours).isEqualTo(theirs);
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
    }
}
