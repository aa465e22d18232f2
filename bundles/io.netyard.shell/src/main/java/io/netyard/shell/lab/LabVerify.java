package io.netyard.shell.lab;

import io.netyard.api.RequestException;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.proof.Verdict;
import io.netyard.api.proof.Verifier;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import java.time.Duration;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "lab",
        name = "verify",
        description = "Measure a running lab with frames really sent; exit status 1 if a promise is broken",
        detailedDescription =
                """
                In the matrix: ok = answered (ttl= if a router was on the way), no = did not, ! = promised otherwise,
                ? = could not be measured, - or an empty cell = not asked.
                With --lines, what was observed, in the order of the lab file:
                  phase STAGE
                  vlan NODE DEVICE VID FLAGS
                  ping FROM TO OK|FAIL [ttl=N]                 ttl= if a router was on the way
                  arp FROM TO OK|FAIL|FORGED|AMBIGUOUS         who answers an ARP request
                  bcast FROM NODE:DEVICE YES tag=TAGS n=N|NO   where a broadcast appears, with which tags, how often
                  tagged TAGS FROM NODE:DEVICE …               where a frame appears that FROM has tagged itself
                  see FROM>TO request|reply NODE:DEVICE …      where an echo request and its answer pass
                  see FROM>TO NODE:DEVICE src=ADDRESS …        where a request passes, from which address
                  neigh NODE ADDRESS REAL|FORGED|NONE          whom NODE takes for the owner of ADDRESS
                  tcp FROM TO OK [peer=ADDRESS]|FAIL|REFUSED   peer= whom the server sees""")
final class LabVerify extends ConsoleCommand {

    @Argument(name = "LAB", required = true, description = "Name of a running lab")
    @Completion(RunningLabs.class)
    String lab;

    @Option(name = "--lines", description = "Print what was observed as lines, for comparing")
    boolean lines;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Option(
            name = "--timeout",
            valueToShowInHelp = "MILLIS",
            description = "Least time to wait for an answer; 300 if left out")
    Integer timeout;

    @Override
    protected int run() {
        if (timeout != null && timeout < 1) {
            throw new IllegalArgumentException("--timeout must be at least 1 ms, was " + timeout);
        }
        if (lines && json) {
            throw new IllegalArgumentException("--lines and --json exclude each other");
        }
        Duration patience = timeout == null ? Verifier.DEFAULT_PATIENCE : Duration.ofMillis(timeout);
        RunningLab running = labs().running(lab);
        if (running.standing().state() == RunningLab.State.LOST) {
            throw new RequestException(
                    "lab %s: %s".formatted(lab, running.standing().trouble().orElseThrow()));
        }
        Verdict verdict = verifier().verify(running, patience);
        if (json) {
            print(Json.text(VerdictText.fields(verdict)));
        } else if (lines) {
            VerdictText.lines(verdict).forEach(this::print);
        } else {
            show(verdict);
        }
        return verdict.holds() ? DONE : FAILED;
    }

    private void show(Verdict verdict) {
        if (!verdict.of(Verdict.Ping.class).isEmpty()) {
            VerdictText.matrix(verdict).print(console());
            print("");
        }
        if (!verdict.of(Verdict.VlanTable.class).isEmpty()) {
            VerdictText.vlanTables(verdict).print(console());
            print("");
        }
        VerdictText.trouble(verdict).forEach(this::print);
        print(VerdictText.summary(verdict));
    }
}
