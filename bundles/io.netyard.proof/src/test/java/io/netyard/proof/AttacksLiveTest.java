package io.netyard.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.lab.Check.Identity;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.attack.Intruder;
import io.netyard.testing.attack.Lookout;
import io.netyard.testing.attack.Mark;
import io.netyard.testing.attack.Victim;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where nothing guards against them, the attacks that guards are tested with succeed. */
@LiveKernel
@Timeout(300)
class AttacksLiveTest {

    private static final InterfaceName SW = new InterfaceName("sw");
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final Inet4Address A4 = ipv4("10.9.0.1");
    private static final Inet4Address B4 = ipv4("10.9.0.2");
    private static final Inet4Address C4 = ipv4("10.9.0.3");
    private static final Inet6Address A6 = ipv6("fd00::1");
    private static final Inet6Address B6 = ipv6("fd00::2");
    private static final Inet6Address C6 = ipv6("fd00::3");

    private final LiveLab live = new LiveLab();
    private Intruder intruder;
    private Lookout lookout;

    /** a and b are honest, c is not. */
    @BeforeEach
    void connect() {
        live.bridge("sw", false);
        int last = 1;
        for (String name : List.of("a", "b", "c")) {
            live.plug(name, "sw");
            live.address(name, "sw", "10.9.0." + last + "/24");
            live.address(name, "sw", "fd00::" + last + "/64");
            last++;
        }
        intruder = new Intruder(live.ref("c"), SW);
        lookout = new Lookout()
                .add("a", live.ref("a"), SW)
                .add("b", live.ref("b"), SW)
                .add("c", live.ref("c"), SW);
    }

    @AfterEach
    void end() throws InterruptedException {
        lookout.close();
        intruder.close();
        live.close();
    }

    @Test
    void aForgedArpReplyTurnsTheTrafficOfOthers() throws Exception {
        Eventually.holds("a reaches b", () -> arrives(A4, B4, "b", 64));
        assertThat(Victim.neighbour(live.ref("a"), B4, mac("b"))).isEqualTo(Identity.REAL);
        assertThat(Victim.neighbour(live.ref("a"), ipv4("10.9.0.77"), mac("b"))).isEqualTo(Identity.NONE);

        try (AutoCloseable attack =
                Intruder.repeatedly(Duration.ofMillis(100), () -> intruder.claim(B4, mac("a"), A4))) {
            Eventually.holds(
                    "the neighbour entry", () -> Victim.neighbour(live.ref("a"), B4, mac("b")) == Identity.FORGED);
            Mark mark = new Mark();
            Victim.ping(live.ref("a"), B4, mark);
            assertThat(lookout.await(mark, "c", SOON)).isPresent();
        }
        Victim.forget(live.ref("a"));
        assertThat(Victim.neighbour(live.ref("a"), B4, mac("b"))).isEqualTo(Identity.NONE);
    }

    @Test
    void aForgedNeighbourAdvertisementIsBelieved() throws Exception {
        live.node("a").run("ping", "-c", "1", "-w", "10", "fd00::2");
        assertThat(Victim.neighbour(live.ref("a"), B6, mac("b"))).isEqualTo(Identity.REAL);

        try (AutoCloseable attack =
                Intruder.repeatedly(Duration.ofMillis(100), () -> intruder.claim(B6, mac("a"), A6))) {
            Eventually.holds(
                    "the neighbour entry", () -> Victim.neighbour(live.ref("a"), B6, mac("b")) == Identity.FORGED);
        }
    }

    @Test
    void aSolicitationMakesItsVictimLearnTheSender() throws Exception {
        intruder.neighbourSolicitation(List.of(), intruder.mac(), B6, A6);
        Eventually.holds("the neighbour entry", () -> Victim.neighbour(live.ref("a"), B6, mac("b")) == Identity.FORGED);
        intruder.neighbourSolicitation(List.of(), intruder.mac(), C6, A6);
        Eventually.holds("the neighbour entry", () -> Victim.neighbour(live.ref("a"), C6, mac("c")) == Identity.REAL);
    }

    @Test
    void framesInTheNameOfOthersArrive() {
        Mark echo = new Mark();
        intruder.echoRequest(List.of(), mac("b"), B4, mac("a"), A4, echo);
        Lookout.Seen seen = lookout.await(echo, "a", SOON).orElseThrow();
        assertThat(seen.source()).isEqualTo(Optional.of(B4));
        assertThat(seen.from()).isEqualTo(mac("b"));

        Mark echo6 = new Mark();
        intruder.echoRequest(List.of(), intruder.mac(), B6, mac("a"), A6, echo6);
        assertThat(lookout.await(echo6, "a", SOON).orElseThrow().source()).isEqualTo(Optional.of(B6));

        Mark tagged = new Mark();
        intruder.arpRequest(List.of(7), intruder.mac(), C4, A4, tagged);
        assertThat(lookout.await(tagged, "b", SOON).orElseThrow().tags()).containsExactly(7);
    }

    @Test
    void aRouterAdvertisementGivesAddressesToItsHearers() throws Exception {
        intruder.routerAdvertisement(List.of(), ipv6("fe80::bad"), ipv6("fd00:bad::"));
        Eventually.holds("an address of the prefix", () -> addresses("a").contains("fd00:bad::"));
    }

    @Test
    void oneBroadcastIsCounted() {
        Mark mark = new Mark();
        intruder.arpRequest(List.of(), intruder.mac(), C4, A4, mark);
        assertThat(lookout.count(mark, "a", Duration.ofMillis(500))).isEqualTo(Lookout.Copies.SINGLE);
        assertThat(lookout.count(mark, "b", Duration.ofMillis(100))).isEqualTo(Lookout.Copies.NONE);

        Mark many = new Mark();
        for (int i = 0; i < 20; i++) {
            intruder.arpRequest(List.of(), intruder.mac(), C4, A4, many);
        }
        assertThat(lookout.count(many, "a", SOON)).isEqualTo(Lookout.Copies.STORM);
    }

    private boolean arrives(Inet4Address from, Inet4Address to, String at, int ttl) {
        Mark mark = new Mark();
        Victim.ping(live.ref(from.equals(A4) ? "a" : "b"), to, mark);
        return lookout.await(mark, at, Duration.ofSeconds(1))
                .filter(seen -> seen.ttl().orElse(0) == ttl)
                .isPresent();
    }

    private String addresses(String node) throws IOException, InterruptedException {
        return live.node(node).run("ip", "-6", "address", "show", "dev", "sw");
    }

    private MacAddress mac(String node) {
        return Victim.mac(live.ref(node), SW);
    }

    private static Inet4Address ipv4(String text) {
        return (Inet4Address) IpPrefix.parseAddress(text);
    }

    private static Inet6Address ipv6(String text) {
        return (Inet6Address) IpPrefix.parseAddress(text);
    }
}
