package io.netyard.lab.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.lab.Sight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped labs promise, stage by stage, what was measured: the lines that a real kernel is held against. */
class ShippedLabsTest {

    private static final Path LABS = Path.of("../../etc/labs");
    private static final Path MEASURED = Path.of("../../itests/src/test/resources/expected");

    /**
     * Phases that need more than a state of the network are tests of their own. One that goes through several states is a stage for each of
     * them: {@code PHASE} and {@code PHASE.STATE}.
     */
    @ParameterizedTest
    @ValueSource(strings = {"exp01", "exp02", "exp03", "exp04", "exp05", "exp06", "exp07", "exp08", "exp09", "exp10"})
    void promisesWhatWasMeasured(String name) throws IOException {
        LabFile lab = LabFile.read(LABS.resolve(name + ".yaml"));
        Map<String, List<String>> measured = measured(name);
        Map<String, List<String>> promised = new LinkedHashMap<>();
        Map<String, Integer> states = new HashMap<>();
        // What Netyard itself adds was not there to be measured.
        List<String> stages = lab.stages().stream()
                .filter(stage -> !stage.startsWith("guard"))
                .toList();
        for (String stage : stages) {
            String phase = stage.replaceFirst("\\..*", "");
            promised.computeIfAbsent(phase, any -> new ArrayList<>()).addAll(promised(lab, stage));
            states.merge(phase, 1, Integer::sum);
        }
        assertThat(lab.name()).isEqualTo(name);
        assertThat(measured.keySet()).containsSubsequence(promised.keySet());
        promised.forEach((phase, lines) -> {
            if (states.get(phase) == 1) {
                assertThat(lines).as(phase).containsExactlyElementsOf(measured.get(phase));
            } else {
                assertThat(lines).as(phase).containsExactlyInAnyOrderElementsOf(measured.get(phase));
            }
        });
    }

    private static List<String> promised(LabFile file, String stage) {
        RunningLab lab = file.at(Optional.of(stage)).description();
        List<String> lines = new ArrayList<>();
        for (Check check : lab.expectations().checks()) {
            if (check instanceof Check.VlanTable table) {
                lab.switches().stream()
                        .filter(found -> found.name().equals(table.switchName()))
                        .forEach(found -> lines.addAll(vlanLines(found, table.device())));
            } else {
                lines.addAll(lines(check));
            }
        }
        return lines;
    }

    private static List<String> lines(Check check) {
        List<String> lines = new ArrayList<>();
        if (check instanceof Check.Ping ping) {
            lines.add("ping %s %s %s".formatted(ping.from(), ping.to(), ping.reachable() ? "OK" : "FAIL"));
        } else if (check instanceof Check.Arp arp) {
            lines.add("arp %s %s %s".formatted(arp.from(), arp.to(), arp.reachable() ? "OK" : "FAIL"));
        } else if (check instanceof Check.Broadcast frame) {
            String what = frame.tags().isEmpty()
                    ? "bcast"
                    : "tagged " + new Sight(frame.tags(), 1, Optional.empty()).tagText();
            frame.watches().forEach(watch -> lines.add("%s %s %s".formatted(what, frame.from(), sight(watch))));
        } else if (check instanceof Check.See see) {
            for (int i = 0; i < see.requests().size(); i++) {
                String what = "see %s>%s".formatted(see.from(), see.to());
                lines.add(what + " request " + sight(see.requests().get(i)));
                lines.add(what + " reply " + sight(see.replies().get(i)));
            }
        } else if (check instanceof Check.Trace trace) {
            lines.add("ping %s %s %s".formatted(trace.from(), trace.to(), trace.answered() ? "OK" : "FAIL"));
            trace.watches()
                    .forEach(watch -> lines.add("see %s>%s %s"
                            .formatted(
                                    trace.from(),
                                    trace.to(),
                                    watch.sight()
                                            .map(sight -> "%s src=%s YES tag=%s"
                                                    .formatted(
                                                            watch.at(),
                                                            IpPrefix.text(sight.source()
                                                                    .orElseThrow()),
                                                            sight.tagText()))
                                            .orElse(watch.at() + " NO"))));
        } else if (check instanceof Check.Neighbour neighbour) {
            lines.add("neigh %s %s %s"
                    .formatted(neighbour.node(), IpPrefix.text(neighbour.address()), neighbour.identity()));
        } else if (check instanceof Check.Tcp tcp) {
            lines.add("tcp %s %s %s%s"
                    .formatted(
                            tcp.from(),
                            tcp.label(),
                            tcp.connection(),
                            tcp.peer()
                                    .map(peer -> " peer=" + IpPrefix.text(peer))
                                    .orElse("")));
        }
        return lines;
    }

    private static String sight(Check.Watch watch) {
        return watch.at()
                + watch.sight()
                        .map(sight -> " YES tag=%s n=%d".formatted(sight.tagText(), sight.copies()))
                        .orElse(" NO");
    }

    private static List<String> vlanLines(RunningLab.Switch found, Optional<InterfaceName> only) {
        List<String> lines = new ArrayList<>();
        found.ports().forEach((port, table) -> {
            if (only.isEmpty() || only.get().equals(port)) {
                lines.addAll(vlanLines(found.node(), port, table));
            }
        });
        if (only.isEmpty() || only.get().equals(found.bridge())) {
            lines.addAll(vlanLines(found.node(), found.bridge(), found.self()));
        }
        return lines;
    }

    private static List<String> vlanLines(String node, InterfaceName device, List<VlanEntry> table) {
        return table.stream()
                .map(entry -> "vlan %s %s %s".formatted(node, device, entry))
                .toList();
    }

    /** What lab:verify measures, without the TTL of pings, which no file promises. */
    private static Map<String, List<String>> measured(String name) throws IOException {
        Map<String, List<String>> phases = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : Files.readAllLines(MEASURED.resolve(name + ".txt"))) {
            if (line.startsWith("phase ")) {
                current = new ArrayList<>();
                phases.put(line.substring("phase ".length()), current);
            } else if (line.matches("(ping|arp|vlan|bcast|see|tagged|neigh|tcp) .*")) {
                current.add(line.startsWith("ping ") ? line.replaceAll(" ttl=\\d+$", "") : line);
            }
        }
        return phases;
    }
}
