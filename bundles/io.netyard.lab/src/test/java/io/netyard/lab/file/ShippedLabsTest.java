package io.netyard.lab.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.lab.RunningLab.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    @ParameterizedTest
    @ValueSource(strings = {"exp01", "exp02", "exp03", "exp04"})
    void promisesWhatWasMeasured(String name) throws IOException {
        LabFile lab = LabFile.read(LABS.resolve(name + ".yaml"));
        Map<String, List<String>> measured = measured(name);
        assertThat(lab.name()).isEqualTo(name);
        assertThat(lab.stages()).containsExactlyElementsOf(measured.keySet());
        measured.forEach((stage, lines) -> assertThat(promised(lab, stage))
                .as(stage)
                .containsExactlyInAnyOrderElementsOf(lines)
                .filteredOn(line -> line.startsWith("ping "))
                .containsExactlyElementsOf(
                        lines.stream().filter(line -> line.startsWith("ping ")).toList()));
    }

    private static List<String> promised(LabFile file, String stage) {
        RunningLab lab = file.at(Optional.of(stage)).description();
        List<String> lines = new ArrayList<>();
        for (RunningLab.Switch found : lab.switches()) {
            if (lab.expectations().vlanTables().contains(found.name())) {
                found.ports().forEach((port, table) -> lines.addAll(vlanLines(found.node(), port, table)));
                lines.addAll(vlanLines(found.node(), found.bridge(), found.self()));
            }
        }
        for (Pair pair : lab.expectations().pairs()) {
            lines.add("ping %s %s %s".formatted(pair.from(), pair.to(), pair.reachable() ? "OK" : "FAIL"));
        }
        return lines;
    }

    private static List<String> vlanLines(String node, InterfaceName device, List<VlanEntry> table) {
        return table.stream()
                .map(entry -> "vlan %s %s %s".formatted(node, device, entry))
                .toList();
    }

    private static Map<String, List<String>> measured(String name) throws IOException {
        Map<String, List<String>> phases = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : Files.readAllLines(MEASURED.resolve(name + ".txt"))) {
            if (line.startsWith("phase ")) {
                current = new ArrayList<>();
                phases.put(line.substring("phase ".length()), current);
            } else {
                current.add(line);
            }
        }
        return phases;
    }
}
