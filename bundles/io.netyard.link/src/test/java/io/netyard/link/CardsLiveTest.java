package io.netyard.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.RequestException;
import io.netyard.api.link.Cards;
import io.netyard.testing.Eventually;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.LiveNamespace;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A namespace stands for the host, and one end of a veth pair for its card. What a card is, is what iproute2 prints of it.
 *
 * <p>When a namespace ends the kernel moves hardware home and deletes virtual interfaces; what it does with hardware is done by hand here.
 */
@LiveKernel
class CardsLiveTest {

    private static final InterfaceName CARD = new InterfaceName("card0");
    private static final InterfaceName VETHN = new InterfaceName("vethn");

    /** More than any of the ways has. */
    private static final int STEPS = 60;

    @TempDir
    private Path run;

    private LiveNamespace host;
    private LiveNamespace provider;
    private LiveNamespace netns10;
    private FixedNamespaces namespaces;
    private CardRecords records;
    private Cards cards;

    @BeforeEach
    void connectHost() throws Exception {
        host = new LiveNamespace("host");
        provider = new LiveNamespace("provider");
        netns10 = new LiveNamespace("netns10");
        namespaces = new FixedNamespaces(host);
        namespaces.add(netns10);
        records = new CardRecords(run.resolve("netyard/cards"));
        cards = cards();
        // An interface that comes up looks for some seconds whether its link-local address is unique: not here.
        host.run("sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0");
        host.run("ip", "link", "add", "card0", "type", "veth", "peer", "name", "port", "netns", pid(provider));
        host.run("ip", "link", "set", "card0", "mtu", "1400", "alias", "uplink of the host", "up");
        provider.run("ip", "link", "set", "port", "up");
        host.run("ip", "addr", "add", "192.0.2.2/24", "dev", "card0", "label", "card0:main");
        host.run("ip", "addr", "add", "192.0.2.3/24", "dev", "card0");
        host.run("ip", "addr", "add", "10.7.7.7", "peer", "10.7.7.8", "dev", "card0");
        host.run("ip", "addr", "add", "fd02::2/64", "dev", "card0");
        host.run("ip", "route", "add", "default", "via", "192.0.2.1", "metric", "100", "proto", "static");
        host.run("ip", "route", "add", "198.51.100.0/24", "via", "192.0.2.1", "mtu", "1300", "src", "192.0.2.3");
        host.run("ip", "route", "add", "10.1.0.0/16", "dev", "card0", "table", "100");
        host.run("ip", "route", "add", "10.2.0.0/16", "via", "172.16.0.1", "dev", "card0", "onlink");
        host.run("ip", "-6", "route", "add", "default", "via", "fd02::1", "metric", "7");
        host.run("ip", "-6", "route", "add", "fd09::/64", "dev", "card0", "metric", "9");
        Eventually.holds("the link-local address is there", () -> state().contains("inet6 fe80::"));
    }

    @AfterEach
    void endNamespaces() throws Exception {
        netns10.close();
        provider.close();
        host.close();
    }

    @Test
    void aCardIsLentAndComesBackAsItWas() throws Exception {
        String before = state();

        Cards.Lent lent = cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);

        assertThat(lent).isEqualTo(new Cards.Lent(CARD, netns10.ref(), VETHN, "exp10"));
        assertThat(cards.lent()).containsExactly(lent);
        assertThat(host.run("ip", "link", "show")).doesNotContain("card0");
        assertThat(netns10.run("ip", "addr", "show", "dev", "vethn"))
                .contains("state DOWN")
                .doesNotContain("inet");

        // Whatever is done to it in there.
        netns10.run("ip", "link", "set", "vethn", "address", "02:00:00:00:00:99", "mtu", "1500");
        netns10.run("ip", "addr", "add", "203.0.113.2/30", "dev", "vethn");
        netns10.run("ip", "link", "set", "vethn", "up");
        assertThat(cards.giveBack(CARD)).isEmpty();

        assertComesBack("the card", before);
        assertThat(netns10.run("ip", "link", "show")).doesNotContain("vethn");
        assertThat(cards.lent()).isEmpty();
        assertThat(run).isEmptyDirectory();
    }

    /** Its addresses were unique before; only for the link-local one the kernel looks again, as whenever an interface comes up. */
    @Test
    void addressesAreUsableAtOnce() throws Exception {
        String before = state();
        host.run("sysctl", "-qw", "net.ipv6.conf.all.accept_dad=1");

        cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);
        cards.giveBack(CARD);

        assertThat(host.run("ip", "-6", "addr", "show", "dev", "card0", "scope", "global"))
                .contains("fd02::2/64")
                .doesNotContain("tentative", "nodad");
        Eventually.holds("the link-local address is usable, too", () -> state().equals(before));
    }

    @Test
    void namesThatAreTakenOnTheOtherSideDoNotMatter() throws Exception {
        host.run("ip", "link", "add", "vethn", "type", "veth", "peer", "name", "x");
        netns10.run("ip", "link", "add", "card0", "type", "veth", "peer", "name", "x");
        String before = state();

        cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);

        assertThat(netns10.run("ip", "link", "show", "dev", "vethn")).contains("netyard-card:card0");
        assertThat(cards.giveBack(CARD)).isEmpty();
        assertComesBack("the card", before);
    }

    @Test
    void aCardThatIsDownStaysDown() throws Exception {
        host.run("ip", "link", "set", "card0", "down");
        host.run("ip", "addr", "flush", "dev", "card0");
        String before = state();

        cards.lend(CARD, netns10.ref(), VETHN, "exp10", false);
        netns10.run("ip", "link", "set", "vethn", "up");
        cards.giveBack(CARD);

        assertComesBack("the card", before);
    }

    /** At whatever moment the appliance is killed: the card is as before, or lent and can be given back. */
    @Test
    void killedWhileLending() throws Exception {
        String before = state();
        int step = 1;
        while (dies(step, mortal -> mortal.lend(CARD, netns10.ref(), VETHN, "exp10", true))) {
            cards.restoreReturned();
            for (Cards.Lent lent : cards.lent()) {
                assertThat(cards.giveBack(lent.name())).isEmpty();
            }

            assertComesBack("killed at step " + step, before);
            assertThat(run).isEmptyDirectory();
            step++;
        }
        assertThat(step).isGreaterThan(3);
    }

    @Test
    void killedWhileGivingBack() throws Exception {
        String before = state();
        int step = 1;
        cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);
        while (dies(step, mortal -> mortal.giveBack(CARD))) {
            cards.restoreReturned();

            assertThat(cards.lent()).as("killed at step " + step).isEmpty();
            assertComesBack("killed at step " + step, before);
            cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);
            step++;
        }
        assertThat(step).isGreaterThan(5);
        assertComesBack("the card", before);
    }

    /** The kernel gives it the name dev and its index if its name is taken; it is down and empty. */
    @Test
    void hardwareThatTheKernelHasBroughtHomeIsMadeWhatItWas() throws Exception {
        String before = state();
        cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);
        netns10.run("ip", "link", "set", "vethn", "netns", pid(host), "name", "dev7");
        assertThat(cards.lent()).isEmpty();

        assertThat(cards.restoreReturned()).containsExactly("card0 is back from netns10 and was made what it was");

        assertComesBack("the card", before);
        assertThat(cards.restoreReturned()).isEmpty();
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void aCardThatCameBackIsPutRightBeforeItIsLentAgain() throws Exception {
        String before = state();
        cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);
        netns10.run("ip", "link", "set", "vethn", "netns", pid(host), "name", "dev7");

        cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);

        assertThat(cards.giveBack(CARD)).isEmpty();
        assertComesBack("the card", before);
    }

    @Test
    void aVethEndGoesWithItsNamespaceAndIsForgotten() throws Exception {
        cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);
        namespaces.remove(netns10);
        netns10.close();
        Eventually.holds(
                "its cable is gone", () -> !provider.run("ip", "link", "show").contains("port"));

        assertThat(cards.restoreReturned()).anyMatch(line -> line.contains("card0 does not exist any more"));
        assertThat(cards.lent()).isEmpty();
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void whatCannotBePutBackIsToldAndTheRestIs() throws Exception {
        host.run("ip", "link", "add", "other", "type", "veth", "peer", "name", "x");
        cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);
        // Somebody else's by now; the kernel has one of these.
        host.run("ip", "link", "set", "other", "up");
        host.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");

        assertThat(cards.giveBack(CARD))
                .isNotEmpty()
                .allMatch(line -> line.contains("card0 in host"))
                .anyMatch(line -> line.contains("fd02::2/64"));

        assertThat(host.run("ip", "addr", "show", "dev", "card0"))
                .contains("192.0.2.2/24")
                .contains("192.0.2.3/24");
        assertThat(host.run("ip", "route", "show")).contains("default via 192.0.2.1 dev card0");
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void theHostsOwnWayOutIsLentByForceOnly() throws Exception {
        String before = state();

        assertThatThrownBy(() -> cards.lend(CARD, netns10.ref(), VETHN, "exp10", false))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("card0 of the host carries the default route");
        assertComesBack("the card", before);
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void whatIsNotToBeLentIsRefusedWithTheReason() throws Exception {
        host.run("ip", "link", "add", "br0", "type", "bridge");
        host.run("ip", "link", "add", "port0", "type", "veth", "peer", "name", "port1");
        host.run("ip", "link", "set", "port0", "master", "br0");
        host.run("ip", "link", "set", "port1", "alias", "netyard:exp01");
        host.run("ip", "link", "add", "low0", "type", "veth", "peer", "name", "low1");
        host.run("ip", "link", "add", "mv0", "link", "low0", "type", "macvlan");
        String before = host.run("ip", "-d", "link", "show");

        refused("lo", "each namespace has its own");
        refused("port0", "is a port of br0");
        refused("port1", "belongs to lab exp01");
        refused("low0", "carries mv0");
        host.run("ip", "route", "add", "10.3.0.0/16", "nexthop", "via", "192.0.2.1", "nexthop", "via", "192.0.2.9");
        refused("card0", "one of several next hops");
        assertThatThrownBy(() -> cards.lend(new InterfaceName("eth7"), netns10.ref(), VETHN, "exp10", true))
                .isInstanceOf(KernelException.class)
                .hasMessage("lend eth7 in host: no such interface");
        assertThatThrownBy(() -> cards.lend(CARD, host.ref(), VETHN, "exp10", true))
                .isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> cards.lend(CARD, netns10.ref(), new InterfaceName("lo"), "exp10", true))
                .isInstanceOf(RequestException.class)
                .hasMessage("netns10 has an interface lo already");
        assertThatThrownBy(() -> cards.giveBack(CARD))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("card0 is not lent");
        assertThat(host.run("ip", "-d", "link", "show")).isEqualTo(before);
        assertThat(run).isEmptyDirectory();
    }

    /** A bridge belongs to its namespace for ever (netns_immutable, formerly NETIF_F_NETNS_LOCAL). */
    @Test
    void theKernelsRefusalLeavesTheInterfaceAsItWas() throws Exception {
        host.run("ip", "link", "add", "br0", "type", "bridge");
        String before = host.run("ip", "link", "show", "dev", "br0");

        assertThatThrownBy(() -> cards.lend(new InterfaceName("br0"), netns10.ref(), VETHN, "exp10", true))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("move to another namespace br0 in host");

        assertThat(host.run("ip", "link", "show", "dev", "br0")).isEqualTo(before);
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void aCardIsLentOnce() throws Exception {
        cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);

        assertThatThrownBy(() -> cards.lend(CARD, netns10.ref(), VETHN, "exp10", true))
                .isInstanceOf(RequestException.class)
                .hasMessage("card0 is lent already, to netns10");
    }

    @Test
    void anotherInterfaceThatHasTakenItsNameIsNotTouched() throws Exception {
        cards.lend(CARD, netns10.ref(), VETHN, "exp10", true);
        host.run("ip", "link", "add", "card0", "type", "veth", "peer", "name", "x");

        assertThatThrownBy(() -> cards.giveBack(CARD))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("another interface card0 by now");

        assertThat(netns10.run("ip", "link", "show")).contains("vethn");
        host.run("ip", "link", "del", "card0");
        assertThat(cards.giveBack(CARD)).isEmpty();
    }

    /** Some of what iproute2 shows, the state of the link above all, the kernel notices in its own time. */
    private void assertComesBack(String what, String before) throws Exception {
        long deadline = System.nanoTime() + Eventually.LIMIT.toNanos();
        while (!state().equals(before) && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        assertThat(state()).as(what).isEqualTo(before);
    }

    private void refused(String name, String reason) {
        assertThatThrownBy(() -> cards.lend(new InterfaceName(name), netns10.ref(), VETHN, "exp10", true))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining(reason);
    }

    private interface Act {
        void on(Cards cards);
    }

    /** Ends as a kill would: nothing is caught, nothing tidied up. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** @return false if it was done before it came to that step */
    private boolean dies(int atStep, Act act) {
        assertThat(atStep).isLessThan(STEPS);
        int[] steps = {0};
        Cards mortal = new HostCards(namespaces, records, () -> {
            if (++steps[0] == atStep) {
                throw new Killed();
            }
        });
        try {
            act.on(mortal);
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    private Cards cards() {
        return new HostCards(namespaces, records, () -> {});
    }

    /** Everything that iproute2 knows of the card on the host, in an order that does not depend on how it came to be. */
    private String state() throws Exception {
        return Stream.of(
                        host.run("ip", "-d", "addr", "show", "dev", "card0"),
                        host.run("ip", "-4", "route", "show", "table", "all"),
                        host.run("ip", "-6", "route", "show", "table", "all"))
                .flatMap(text -> text.lines().map(String::strip).sorted())
                // The index is another one if its own was taken over there; noop and noqueue tell whether it has ever
                // been up.
                .map(line -> line.replaceFirst("^\\d+: ", "").replaceFirst(" qdisc \\w+", ""))
                .collect(Collectors.joining("\n"));
    }

    private static String pid(LiveNamespace namespace) {
        return namespace.ref().net().toString();
    }
}
