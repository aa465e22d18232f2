package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.lab.LabRecords.Record;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabRecordsTest {

    private static final Record STAGED = new Record(
            Path.of("/labs/größe 1.yaml"), Optional.of("two"), "boot/7", true, "lab: x\n\n# ünd so weiter\n");

    @TempDir
    Path scratch;

    private LabRecords records() {
        return new LabRecords(scratch.resolve("kept"));
    }

    @Test
    void whatIsPutIsFoundByTheNextProcess() {
        Record plain = new Record(Path.of("/labs/y"), Optional.empty(), "boot", false, "lab: y");
        records().put("x", STAGED);
        records().put("y", plain);

        assertThat(records().names()).containsExactly("x", "y");
        assertThat(records().find("x")).contains(STAGED);
        assertThat(records().find("y")).contains(plain);
    }

    @Test
    void thereAreNoneBeforeThereIsADirectory() {
        assertThat(records().names()).isEmpty();
        assertThat(records().find("x")).isEmpty();
    }

    @Test
    void oneIsReplacedAndForgotten() {
        records().put("x", STAGED);
        Record moved = new Record(STAGED.file(), Optional.of("one"), "later", true, STAGED.text());
        records().put("x", moved);
        assertThat(records().find("x")).contains(moved);

        records().forget("x");
        records().forget("x");
        assertThat(records().names()).isEmpty();
        assertThat(scratch.resolve("kept")).isEmptyDirectory();
    }

    @Test
    void whatIsCutShortIsNoRecord() throws Exception {
        records().put("x", STAGED);
        Files.writeString(scratch.resolve("kept/x"), "file:///labs/x\n-\n");
        Files.writeString(scratch.resolve("kept/.unfinished"), "file:///la");

        assertThat(records().find("x")).isEmpty();
        assertThat(records().names()).containsExactly("x");
    }

    @Test
    void aNameLeadsNowhereElse() {
        assertThatThrownBy(() -> records().find("../x")).isInstanceOf(RequestException.class);
    }
}
