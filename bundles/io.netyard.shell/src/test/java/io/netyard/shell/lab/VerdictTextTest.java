package io.netyard.shell.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.Check.Watch;
import io.netyard.api.lab.Point;
import io.netyard.api.lab.Sight;
import io.netyard.api.proof.Verdict;
import io.netyard.api.proof.Verdict.Sighting;
import io.netyard.shell.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTextTest {

    private static final VlanEntry GREEN = new VlanEntry(new VlanId(10), true, true);
    private static final VlanEntry ROSA = new VlanEntry(new VlanId(20), false, false);

    private final Verdict kept = new Verdict(
            "exp",
            Optional.of("final"),
            List.of(
                    table(List.of(GREEN, ROSA), Optional.of(List.of(GREEN, ROSA))),
                    ping("n1", "n2", true, 64),
                    ping("n2", "n1", true, 63),
                    ping("n1", "n3", false, 0)),
            Duration.ofMillis(1234));

    private final Verdict broken = new Verdict(
            "exp",
            Optional.empty(),
            List.of(
                    new Verdict.Ping("n1", "n2", true, false, Optional.empty(), Optional.empty(), ""),
                    new Verdict.Ping("n1", "n3", false, true, Optional.of(64), Optional.of(Duration.ofNanos(1500)), ""),
                    new Verdict.Ping("n3", "n1", true, false, Optional.empty(), Optional.empty(), "n3 is gone"),
                    table(List.of(GREEN), Optional.of(List.of())),
                    table(List.of(GREEN), Optional.empty())),
            Duration.ofMillis(10));

    @Test
    void linesShowWhatWasObserved() {
        assertThat(VerdictText.lines(kept))
                .containsExactly(
                        "phase final",
                        "vlan sw veth13 10 pvid,untagged",
                        "vlan sw veth13 20 tagged",
                        "ping n1 n2 OK",
                        "ping n2 n1 OK ttl=63",
                        "ping n1 n3 FAIL");
        assertThat(VerdictText.lines(broken))
                .containsExactly("phase exp", "ping n1 n2 FAIL", "ping n1 n3 OK", "ping n3 n1 FAIL");
    }

    @Test
    void theMatrixHasSourcesInRowsAndMarksBrokenPromises() {
        assertThat(matrix(kept))
                .isEqualTo(
                        """
                        FROM \\ TO  n1         n2  n3
                        n1         -          ok  no
                        n2         ok ttl=63  -   -
                        """);
        assertThat(matrix(broken))
                .isEqualTo(
                        """
                        FROM \\ TO  n1  n2   n3
                        n1         -   no!  ok!
                        n3         ?   -    -
                        """);
    }

    @Test
    void aFullMatrixHasNodesMeetThemselvesOnTheDiagonal() {
        Verdict full = new Verdict(
                "exp",
                Optional.empty(),
                List.of(
                        ping("a", "b", true, 64),
                        ping("a", "c", true, 64),
                        ping("b", "a", true, 64),
                        ping("b", "c", true, 64),
                        ping("c", "a", true, 64),
                        ping("c", "b", true, 64)),
                Duration.ZERO);
        assertThat(matrix(full))
                .isEqualTo(
                        """
                        FROM \\ TO  a   b   c
                        a          -   ok  ok
                        b          ok  -   ok
                        c          ok  ok  -
                        """);
    }

    @Test
    void theSummaryCounts() {
        assertThat(VerdictText.summary(kept))
                .isEqualTo(
                        "exp, stage final: 3 pairs, expected 2 ok and 1 no, observed 2 ok and 1 no; 1 VLAN tables; all as promised (1.2 s)");
        assertThat(VerdictText.summary(broken)).contains("4 promises broken").contains("(this kernel has none)");
    }

    @Test
    void troubleIsSaidInWords() {
        assertThat(VerdictText.trouble(kept)).isEmpty();
        assertThat(VerdictText.trouble(broken))
                .containsExactly(
                        "n1 -> n2: no answer, promised to be reachable",
                        "n1 -> n3: answered, promised to be isolated",
                        "n3 -> n1: could not be measured: n3 is gone");
    }

    @Test
    void framesAreToldPlaceByPlaceAndInTheOrderOfTheFile() {
        Watch tagged = watch("n2", Optional.of(Sight.once(List.of(50, 10))));
        Watch nothing = watch("n3", Optional.empty());
        Sight seen = Sight.once(List.of(50, 10));
        Sight twice = new Sight(List.of(), 2, Optional.of(address("203.0.113.2")));
        Verdict verdict = new Verdict(
                "exp",
                Optional.empty(),
                List.of(
                        new Verdict.Arp("n1", "n2", true, Verdict.Answer.FORGED, ""),
                        new Verdict.Broadcast(
                                "n1",
                                List.of(),
                                List.of(new Sighting(tagged, List.of(seen)), new Sighting(nothing, List.of())),
                                ""),
                        new Verdict.Broadcast(
                                "n1:x",
                                List.of(10, 20),
                                List.of(new Sighting(nothing, List.of(seen, Sight.once(List.of())))),
                                ""),
                        new Verdict.See(
                                "n1",
                                "n2",
                                List.of(new Sighting(tagged, List.of(seen))),
                                List.of(new Sighting(nothing, List.of())),
                                ""),
                        new Verdict.Trace(ping("n1", "far", true, 64), List.of(new Sighting(tagged, List.of(twice)))),
                        new Verdict.Neighbour("n1", address("10.0.0.2"), Check.Identity.REAL, Check.Identity.NONE, ""),
                        tcp(Check.Connection.OK, Optional.of(address("203.0.113.2")), ""),
                        tcp(Check.Connection.FAIL, Optional.empty(), "n2 is gone")),
                Duration.ZERO);

        assertThat(VerdictText.lines(verdict))
                .containsExactly(
                        "phase exp",
                        "arp n1 n2 FORGED",
                        "bcast n1 n2:e YES tag=50.10 n=1",
                        "bcast n1 n3:e NO",
                        "tagged 10.20 n1:x n3:e YES tag=50.10 n=1",
                        "tagged 10.20 n1:x n3:e YES tag=none n=1",
                        "see n1>n2 request n2:e YES tag=50.10 n=1",
                        "see n1>n2 reply n3:e NO",
                        "ping n1 far OK ttl=64",
                        "see n1>far n2:e src=203.0.113.2 YES tag=none",
                        "neigh n1 10.0.0.2 NONE",
                        "tcp n1 n2:80 OK peer=203.0.113.2",
                        "tcp n1 n2:80 FAIL");
        assertThat(VerdictText.trouble(verdict))
                .containsExactly(
                        "arp n1 n2 FORGED, promised OK",
                        "frame of n1:x with tag 10.20 at n3:e: seen tag 50.10 and untagged, promised nothing",
                        "request of n1 -> far at n2:e: seen 203.0.113.2 untagged 2 times, promised tag 50.10",
                        "neigh n1 10.0.0.2 NONE, promised REAL",
                        "tcp n1 n2:80: could not be measured: n2 is gone");
        assertThat(VerdictText.summary(verdict))
                .contains("1 ARP pairs; frames watched at 6 points; 1 neighbours; 2 TCP connections");
    }

    private static Verdict.Tcp tcp(Check.Connection observed, Optional<InetAddress> peer, String detail) {
        return new Verdict.Tcp("n1", "n2:80", Check.Connection.OK, Optional.empty(), observed, peer, detail);
    }

    private static Watch watch(String node, Optional<Sight> sight) {
        return new Watch(new Point(node, new InterfaceName("e")), sight);
    }

    private static InetAddress address(String text) {
        return IpPrefix.parseAddress(text);
    }

    private static Verdict.Ping ping(String from, String to, boolean reached, int ttl) {
        return new Verdict.Ping(
                from, to, reached, reached, reached ? Optional.of(ttl) : Optional.empty(), Optional.empty(), "");
    }

    private static Verdict.VlanTable table(List<VlanEntry> expected, Optional<List<VlanEntry>> observed) {
        return new Verdict.VlanTable("sw", new InterfaceName("veth13"), true, expected, observed);
    }

    private static String matrix(Verdict verdict) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        VerdictText.matrix(verdict)
                .print(new Console(new ByteArrayInputStream(new byte[0]), stream, stream, false, false, null));
        return out.toString(StandardCharsets.UTF_8);
    }
}
