package io.netyard.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.NetnsRef;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.lab.RunningLab.Node;
import io.netyard.api.proof.Verdict.Ping;
import io.netyard.api.proof.Verifier;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames really sent between namespaces of the running kernel. */
@LiveKernel
@Timeout(180)
class PingRunLiveTest {

    private final LiveLab live = new LiveLab();

    @AfterEach
    void end() throws InterruptedException {
        live.close();
    }

    /** Asked the moment that the links come up: nobody knows anybody yet. */
    @ParameterizedTest
    @CsvSource({"192.168.5.1/24, 192.168.5.2/24", "fd00::1/64, fd00::2/64"})
    void twoNodesOnOneWireReachEachOther(String a, String b) {
        pair(a, b);

        List<Ping> pings = measure(live.lab());

        assertThat(pings).extracting(Ping::from).containsExactly("a", "b");
        assertThat(pings).allSatisfy(ping -> {
            assertThat(ping.holds()).isTrue();
            assertThat(ping.reached()).isTrue();
            assertThat(ping.detail()).isEmpty();
            assertThat(ping.roundTrip().orElseThrow()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(5));
            assertThat(ping.ttl()).isEqualTo(a.contains(":") ? Optional.empty() : Optional.of(64));
        });
    }

    @Test
    void aNodeReachesItself() {
        pair("192.168.5.1/24", "192.168.5.2/24");
        live.expect("a", "a", true);
        live.links.setUp(live.ref("a"), new InterfaceName("lo"), true);

        assertThat(measure(live.lab())).allMatch(Ping::holds).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"192.168.5.1/24, 192.168.5.2/24", "fd00::1/64, fd00::2/64"})
    void whoIsDownIsNotReached(String a, String b) {
        pair(a, b);
        live.links.setUp(live.ref("b"), new InterfaceName("a"), false);

        assertApart(measure(live.lab()));
    }

    @Test
    void whoHasNotTheAddressIsNotReached() {
        live.connect("a", "b");
        live.address("a", "b", "192.168.5.1/24");
        live.promiseAddress("b", "a", "192.168.5.2/24");
        live.expect("a", "b", false);
        live.expect("b", "a", false);

        assertApart(measure(live.lab()));
    }

    @ParameterizedTest
    @CsvSource({"192.168.5.1/24, 192.168.6.2/24", "fd00:5::1/64, fd00:6::2/64"})
    void withoutARouteNobodyIsReached(String a, String b) {
        pair(a, b);

        assertApart(measure(live.lab()));
    }

    @ParameterizedTest
    @CsvSource({"blackhole", "unreachable", "prohibit", "throw"})
    void aRouteThatForbidsItIsIsolationAndNoFault(String type) throws Exception {
        pair("192.168.5.1/24", "192.168.5.2/24");
        live.node("a").run("ip", "route", "add", type, "192.168.5.2/32");

        assertApart(measure(live.lab()).subList(0, 1));
    }

    /** What one can ask and the other not. The echo reply needs the way back. */
    @Test
    void theWayBackCounts() throws Exception {
        pair("192.168.5.1/24", "192.168.5.2/24");
        live.node("b").run("ip", "route", "add", "blackhole", "192.168.5.1/32");

        assertApart(measure(live.lab()));
    }

    @Test
    void anAnswerOverARouterHasALowerTtl() throws Exception {
        live.connect("a", "r");
        live.connect("b", "r");
        live.address("a", "r", "192.168.5.1/24");
        live.address("r", "a", "192.168.5.254/24");
        live.address("b", "r", "192.168.6.1/24");
        live.address("r", "b", "192.168.6.254/24");
        live.node("r").run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        live.node("a").run("ip", "route", "add", "default", "via", "192.168.5.254");
        live.node("b").run("ip", "route", "add", "default", "via", "192.168.6.254");
        live.expect("a", "b", true);
        live.expect("b", "a", true);
        live.expect("a", "r", true);

        List<Ping> pings = measure(live.lab());

        assertThat(pings).allMatch(Ping::holds);
        assertThat(pings).extracting(Ping::ttl).containsExactly(Optional.of(63), Optional.of(63), Optional.of(64));
    }

    /** Both know each other's MAC address; without it they could not find each other any more. */
    @Test
    void whatWasLearnedBeforeIsForgotten() throws Exception {
        pair("192.168.5.1/24", "192.168.5.2/24");
        assertThat(measure(live.lab())).allMatch(Ping::reached);

        live.node("b").run("ip", "link", "set", "dev", "a", "arp", "off");

        assertThat(measure(live.lab()).get(0).reached()).isFalse();
    }

    @Test
    void whatSomeonePutIntoTheTableStays() throws Exception {
        pair("192.168.5.1/24", "192.168.5.2/24");
        String mac = live.links.list(live.ref("b")).stream()
                .flatMap(link -> link.mac().stream())
                .findFirst()
                .orElseThrow()
                .toString();
        live.node("a").run("ip", "neigh", "add", "192.168.5.2", "lladdr", mac, "dev", "b", "nud", "permanent");

        assertThat(measure(live.lab())).allMatch(Ping::reached);

        assertThat(live.node("a").run("ip", "neigh", "show", "nud", "permanent"))
                .contains("192.168.5.2 dev b lladdr " + mac);
    }

    @Test
    void nodesThatCannotBeAskedSayWhy() throws Exception {
        pair("192.168.5.1/24", "192.168.5.2/24");
        live.expect("ended", "a", false);
        live.expect("gone", "a", false);
        live.expect("a", "gone", false);
        live.expect("a", "stranger", false);
        live.expect("a", "mute", true);
        List<Node> nodes = new ArrayList<>(live.lab().nodes());
        Node a = nodes.get(0);
        NetnsRef stale = new NetnsRef(1, Path.of("/proc/999999999/ns/net"), Optional.empty());
        nodes.add(new Node("ended", Optional.of(stale), a.addresses()));
        nodes.add(new Node("gone", Optional.empty(), a.addresses()));
        nodes.add(new Node("mute", a.netns(), List.of()));

        List<Ping> pings = measure(live.lab(nodes));

        assertThat(pings.subList(0, 2)).allMatch(Ping::holds);
        assertThat(pings.subList(2, pings.size())).noneMatch(Ping::holds).noneMatch(Ping::reached);
        assertThat(pings.get(2).detail()).startsWith("ended cannot be entered: ");
        assertThat(pings.get(3).detail()).isEqualTo("gone is gone");
        assertThat(pings.get(4).detail()).isEqualTo("gone is gone");
        assertThat(pings.get(5).detail()).isEqualTo("stranger is not part of the lab");
        assertThat(pings.get(6).detail()).isEqualTo("mute has no address that a could ask");
    }

    /** A node that a lab leaves without an address on purpose. */
    @Test
    void whoHasNoAddressIsApartAsPromised() {
        live.connect("a", "b");
        live.address("a", "b", "192.168.5.1/24");
        live.expect("a", "b", false);
        live.expect("b", "a", false);

        List<Ping> pings = measure(live.lab());

        assertApart(pings);
        assertThat(pings).allMatch(Ping::holds);
    }

    /** A promise that is broken is no fault of the measurement. */
    @Test
    void whoShouldBeReachedAndIsNotBreaksThePromise() {
        live.connect("a", "b");
        live.address("a", "b", "192.168.5.1/24");
        live.promiseAddress("b", "a", "192.168.5.2/24");
        live.expect("a", "b", true);

        Ping ping = measure(live.lab()).get(0);

        assertThat(ping.holds()).isFalse();
        assertThat(ping.detail()).isEmpty();
    }

    @Test
    void nothingStaysOpen() throws Exception {
        pair("192.168.5.1/24", "192.168.5.2/24");
        measure(live.lab());
        long before = openDescriptors();

        measure(live.lab());

        assertThat(openDescriptors()).isEqualTo(before);
    }

    private void pair(String a, String b) {
        live.connect("a", "b");
        live.address("a", "b", a);
        live.address("b", "a", b);
        boolean reachable = IpPrefix.parse(a).contains(IpPrefix.parse(b).address());
        live.expect("a", "b", reachable);
        live.expect("b", "a", reachable);
    }

    private static List<Ping> measure(RunningLab lab) {
        try (PingRun run = new PingRun(
                new Nodes(lab), lab.expectations().of(Check.Ping.class), new Patience(Verifier.DEFAULT_PATIENCE))) {
            return run.measure();
        }
    }

    private static void assertApart(List<Ping> pings) {
        assertThat(pings).isNotEmpty().allSatisfy(ping -> {
            assertThat(ping.reached()).isFalse();
            assertThat(ping.detail()).isEmpty();
            assertThat(ping.ttl()).isEmpty();
            assertThat(ping.roundTrip()).isEmpty();
        });
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        }
    }
}
