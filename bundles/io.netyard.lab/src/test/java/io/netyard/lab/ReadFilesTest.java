package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.LabFileException;
import io.netyard.lab.LabStore.Entry;
import io.netyard.lab.file.LabFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadFilesTest {

    private static final String LOOP =
            """
            lab: round
            nodes:
              a: {}
            switches:
              s1: {node: a}
              s2: {node: a}
            links:
              l1: [s1, s2]
              l2: [s1, s2]
            """;

    private final ReadFiles files = new ReadFiles();

    @Test
    void anUnchangedFileIsWorkedOutOnce(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("a.yaml"), "lab: a\nnodes: {n: {}}\n");

        LabFile first = files.read(file);

        assertThat(files.read(file)).isSameAs(first);
        assertThat(files.parse(first.text(), file)).isSameAs(first);
    }

    @Test
    void anEditedFileIsWorkedOutAnew(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("a.yaml"), "lab: a\nnodes: {n: {}}\n");
        files.read(file);

        Files.writeString(file, "lab: a\nnodes: {m: {}}\n");

        assertThat(files.read(file).at(Optional.empty()).network().nodes()).containsOnlyKeys("m");
    }

    @Test
    void aFileThatHasBecomeWrongIsRefused(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("a.yaml"), "lab: a\nnodes: {n: {}}\n");
        files.read(file);

        Files.writeString(file, "lab: a\nnodes: 1\n");

        assertThatThrownBy(() -> files.read(file)).isInstanceOf(LabFileException.class);
    }

    @Test
    void sameTextInAnotherPlaceIsAnotherFile() {
        LabFile here = files.parse("lab: a\nnodes: {n: {}}\n", Path.of("/here.yaml"));
        LabFile there = files.parse("lab: a\nnodes: {n: {}}\n", Path.of("/there.yaml"));

        assertThat(there.file()).isEqualTo(Path.of("/there.yaml"));
        assertThat(here.file()).isEqualTo(Path.of("/here.yaml"));
    }

    @Test
    void warningsAreThoseOfTheTextThatIsAskedAbout() {
        Path path = Path.of("/round.yaml");
        Entry looped = new Entry(files.parse(LOOP, path), Optional.empty());
        assertThat(files.warnings(looped).storms()).hasSize(1);

        Entry mended = new Entry(files.parse(LOOP.replace("  l2: [s1, s2]\n", ""), path), Optional.empty());

        assertThat(files.warnings(mended).storms()).isEmpty();
        assertThat(files.warnings(looped).storms()).hasSize(1);
        assertThat(files.warnings(mended)).isSameAs(files.warnings(mended));
    }
}
