package io.netyard.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.VlanId;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.Check.Connection;
import io.netyard.api.lab.Check.Identity;
import io.netyard.api.lab.Check.Watch;
import io.netyard.api.lab.Point;
import io.netyard.api.lab.Sight;
import io.netyard.api.lab.Target;
import io.netyard.api.link.Links;
import io.netyard.api.proof.Verdict;
import io.netyard.api.proof.Verdict.Answer;
import io.netyard.api.proof.Verdict.Sighting;
import io.netyard.api.proof.Verifier;
import io.netyard.kernel.NamespaceThread;
import io.netyard.testing.Eventually;
import io.netyard.testing.Feature;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames really sent, and seen where the kernel lets them pass. */
@LiveKernel
@Timeout(300)
class FramesLiveTest {

    private final LiveLab live = new LiveLab();
    private final Verifier verifier = new LabVerifier(live.bridges);

    @AfterEach
    void end() throws InterruptedException {
        live.close();
    }

    @Test
    void aBroadcastAppearsEverywhereOnABridgeAndNowhereElse() {
        onOneBridge("a", "b");
        live.connect("c", "b");
        live.address("c", "b", "10.9.0.1/24");
        live.checks.add(broadcast(
                "a",
                List.of(),
                seen("a:sw", List.of()),
                seen("sw:a", List.of()),
                seen("sw:b", List.of()),
                seen("b:sw", List.of()),
                seen("sw:brx", List.of()),
                unseen("b:c"),
                unseen("c:b")));
        live.checks.add(broadcast("c", List.of(), seen("b:c", List.of()), unseen("b:sw")));
        live.checks.add(new Check.Broadcast(
                new Check.Source("sw", Optional.of(LiveLab.BRX)),
                List.of(),
                List.of(seen("a:sw", List.of()), seen("b:sw", List.of()))));

        Verdict verdict = verify();

        assertThat(verdict.findings()).hasSize(3).allMatch(Verdict.Finding::holds);
    }

    @Test
    void whatIsSeenAgainstThePromiseBreaksIt() throws Exception {
        onOneBridge("a", "b");
        live.checks.add(broadcast("a", List.of(), unseen("b:sw"), seen("a:sw", List.of(10))));
        live.links.setUp(live.ref("sw"), new InterfaceName("b"), false);
        live.checks.add(broadcast("b", List.of(), seen("a:sw", List.of())));
        Verdict closed = verify();
        live.links.setUp(live.ref("sw"), new InterfaceName("b"), true);
        Eventually.holds(
                "the port forwards",
                () -> verify().of(Verdict.Broadcast.class).get(1).holds());
        Verdict open = verify();

        assertThat(closed.of(Verdict.Broadcast.class).get(0).sightings())
                .extracting(Sighting::holds)
                .containsExactly(true, false);
        assertThat(closed.of(Verdict.Broadcast.class).get(1).holds()).isFalse();
        assertThat(open.of(Verdict.Broadcast.class).get(0).sightings())
                .extracting(Sighting::observed)
                .containsExactly(List.of(Sight.once(List.of())), List.of(Sight.once(List.of())));
        assertThat(open.of(Verdict.Broadcast.class).get(1).holds()).isTrue();
    }

    @Test
    void aMissingInterfaceCannotBeWatched() {
        onOneBridge("a", "b");
        live.checks.add(broadcast("a", List.of(), seen("b:sw", List.of()), unseen("b:none")));

        Verdict.Broadcast found = verify().of(Verdict.Broadcast.class).get(0);

        assertThat(found.holds()).isFalse();
        assertThat(found.detail()).contains("b:none");
    }

    @Test
    void tagsOfTheSenderReachTheOtherEndOfACable() {
        live.connect("a", "b");
        live.address("a", "b", "10.9.0.1/24");
        live.checks.add(broadcast("a", List.of(10), seen("a:b", List.of(10)), seen("b:a", List.of(10))));
        live.checks.add(broadcast("a", List.of(10, 20), seen("a:b", List.of(10, 20)), seen("b:a", List.of(10, 20))));

        assertThat(verify().findings()).hasSize(2).allMatch(Verdict.Finding::holds);
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_8021Q)
    void aSubinterfaceTakesItsTagOff() {
        live.connect("a", "b");
        for (String node : List.of("a", "b")) {
            InterfaceName parent = new InterfaceName(node.equals("a") ? "b" : "a");
            InterfaceName sub = new InterfaceName("v");
            live.links.createVlan(live.ref(node), parent, sub, new VlanId(50), Links.HAND_MADE);
            live.links.setUp(live.ref(node), sub, true);
        }
        live.address("a", "v", "10.9.0.1/24");
        live.address("b", "v", "10.9.0.2/24");
        List<Watch> watches = List.of(
                seen("a:v", List.of()), seen("a:b", List.of(50)), seen("b:a", List.of(50)), seen("b:v", List.of()));
        live.checks.add(new Check.Broadcast(new Check.Source("a", Optional.empty()), List.of(), watches));
        live.checks.add(new Check.See("a", Target.node("b"), watches, watches));
        live.checks.add(new Check.Arp("a", Target.node("b"), true));

        assertThat(verify().findings()).hasSize(3).allMatch(Verdict.Finding::holds);
    }

    @Test
    void anEchoIsSeenOnItsWayAndNotBesideIt() {
        onOneBridge("a", "b", "c");
        List<Watch> watches = List.of(
                seen("a:sw", List.of()),
                seen("sw:a", List.of()),
                seen("sw:b", List.of()),
                seen("b:sw", List.of()),
                unseen("sw:c"),
                unseen("c:sw"));
        live.checks.add(new Check.See("a", Target.node("b"), watches, watches));

        assertThat(verify().findings()).hasSize(1).allMatch(Verdict.Finding::holds);
    }

    @Test
    void arpIsAnsweredByTheOneThatIsAsked() throws IOException, InterruptedException {
        onOneBridge("a", "b", "c");
        live.promiseAddress("c", "sw", "10.9.0.99/24");
        live.checks.add(new Check.Arp("a", Target.node("b"), true));
        live.checks.add(new Check.Arp("a", new Target("nobody", Optional.of(address("10.9.0.77"))), false));
        // c is meant to have it, but b answers for it.
        live.node("b").run("ip", "address", "add", "10.9.0.99/24", "dev", "sw");
        live.checks.add(new Check.Arp("a", new Target("c-too", Optional.of(address("10.9.0.99"))), true));

        assertThat(verify().of(Verdict.Arp.class))
                .extracting(Verdict.Arp::answer)
                .containsExactly(Answer.OK, Answer.FAIL, Answer.FORGED);
    }

    @Test
    void neighboursAreTheRealOnesForgedOrUnknown() throws IOException, InterruptedException {
        onOneBridge("a", "b", "c");
        live.promiseAddress("c", "sw", "10.9.0.99/24");
        live.node("b").run("ip", "address", "add", "10.9.0.99/24", "dev", "sw");
        live.checks.add(new Check.Neighbour("a", address("10.9.0.2"), Identity.REAL));
        live.checks.add(new Check.Neighbour("a", address("10.9.0.99"), Identity.FORGED));
        live.checks.add(new Check.Neighbour("a", address("10.9.0.77"), Identity.NONE));

        assertThat(verify().findings()).hasSize(3).allMatch(Verdict.Finding::holds);
    }

    @Test
    void aRequestIsTracedThroughARouterAndItsTtlTold() throws IOException, InterruptedException {
        routed();
        Target b = Target.node("b");
        Target far = new Target("far", Optional.of(address("192.0.2.1")));
        live.checks.add(new Check.Trace(
                "a",
                b,
                true,
                List.of(
                        from("a:r", "10.9.0.1"),
                        from("r:a", "10.9.0.1"),
                        from("r:b", "10.9.0.1"),
                        from("b:r", "10.9.0.1"))));
        live.checks.add(new Check.Trace("a", far, false, List.of(from("r:a", "10.9.0.1"), unseen("r:b"))));
        live.checks.add(new Check.Ping("a", b, true));

        Verdict verdict = verify();

        assertThat(verdict.findings()).hasSize(3).allMatch(Verdict.Finding::holds);
        assertThat(verdict.of(Verdict.Trace.class).get(0).ping().ttl()).contains(63);
    }

    @Test
    void tcpIsEstablishedRefusedOrLost() throws IOException, InterruptedException {
        routed();
        Target b = Target.node("b");
        live.checks.add(tcp(b, 8080, Optional.of(new Check.Server("b", 8080)), Connection.OK, "10.9.0.1"));
        live.checks.add(tcp(b, 8081, Optional.empty(), Connection.REFUSED, null));
        Target far = new Target("far", Optional.of(address("192.0.2.1")));
        live.checks.add(tcp(far, 80, Optional.empty(), Connection.FAIL, null));
        // Swallowed on the way.
        live.node("r").run("ip", "route", "add", "blackhole", "203.0.113.7");
        live.checks.add(tcp(
                new Target("hole", Optional.of(address("203.0.113.7"))), 80, Optional.empty(), Connection.FAIL, null));

        for (int round = 0; round < 2; round++) {
            assertThat(verify().findings()).hasSize(4).allMatch(Verdict.Finding::holds);
        }
    }

    @Test
    void aServiceAtTheAskedPortServesByItself() throws IOException, InterruptedException {
        routed();
        ServerSocketChannel service = NamespaceThread.call(live.ref("b"), () -> {
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
            return channel.bind(new InetSocketAddress(8080));
        });
        try (service) {
            Target b = Target.node("b");
            live.checks.add(tcp(b, 8080, Optional.of(new Check.Server("b", 8080)), Connection.OK, null));

            Verdict.Tcp found = verify().of(Verdict.Tcp.class).get(0);

            assertThat(found.holds()).isTrue();
            assertThat(found.peer()).isEmpty();
        }
    }

    private void routed() throws IOException, InterruptedException {
        live.connect("a", "r");
        live.connect("b", "r");
        live.address("a", "r", "10.9.0.1/24");
        live.address("r", "a", "10.9.0.254/24");
        live.address("b", "r", "10.9.1.1/24");
        live.address("r", "b", "10.9.1.254/24");
        live.node("r").run("sysctl", "-qw", "net.ipv4.ip_forward=1");
        live.node("a").run("ip", "route", "add", "default", "via", "10.9.0.254");
        live.node("b").run("ip", "route", "add", "default", "via", "10.9.1.254");
    }

    private void onOneBridge(String... names) {
        live.bridge("sw", false);
        for (int i = 0; i < names.length; i++) {
            live.plug(names[i], "sw");
            live.address(names[i], "sw", "10.9.0." + (i + 1) + "/24");
        }
    }

    private Verdict verify() {
        return verifier.verify(live.lab(), Verifier.DEFAULT_PATIENCE);
    }

    private static Check.Tcp tcp(Target to, int port, Optional<Check.Server> server, Connection outcome, String peer) {
        return new Check.Tcp(
                "a",
                to + ":" + port,
                to,
                port,
                server,
                outcome,
                Optional.ofNullable(peer).map(FramesLiveTest::address));
    }

    private static Check.Broadcast broadcast(String from, List<Integer> tags, Watch... watches) {
        return new Check.Broadcast(new Check.Source(from, Optional.empty()), tags, List.of(watches));
    }

    private static Watch seen(String at, List<Integer> tags) {
        return new Watch(point(at), Optional.of(Sight.once(tags)));
    }

    private static Watch from(String at, String source) {
        return new Watch(point(at), Optional.of(new Sight(List.of(), 1, Optional.of(address(source)))));
    }

    private static Watch unseen(String at) {
        return new Watch(point(at), Optional.empty());
    }

    private static Point point(String text) {
        List<String> parts = Stream.of(text.split(":")).toList();
        return new Point(parts.get(0), new InterfaceName(parts.get(1)));
    }

    private static InetAddress address(String text) {
        return IpPrefix.parseAddress(text);
    }
}
