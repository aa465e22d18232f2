package io.netyard.shell.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.proof.Verdict;
import io.netyard.shell.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
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
