package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttachmentsTest {

    @TempDir
    Path temporary;

    private Path directory;
    private Attachments attachments;
    private Attachment valid;

    @BeforeEach
    void attachments() {
        StateDirectory state = new StateDirectory(temporary.resolve("netyard"));
        directory = state.root().resolve("attached");
        attachments = new Attachments(state);
        long self = ProcessHandle.current().pid();
        valid = new Attachment(
                self,
                Processes.startTime(self).orElseThrow(),
                Processes.netInode(self).orElseThrow());
    }

    @Test
    void aNameIsKeptUntilItIsForgotten() {
        assertThat(attachments.all()).isEmpty();

        attachments.put("c1", valid);
        attachments.put("c0", valid);
        assertThat(attachments.all()).isEqualTo(Map.of("c0", valid, "c1", valid));
        assertThat(new Attachments(new StateDirectory(temporary.resolve("netyard"))).all())
                .containsOnlyKeys("c0", "c1");

        attachments.remove("c0");
        attachments.remove("never-there");
        assertThat(attachments.all()).isEqualTo(Map.of("c1", valid));

        attachments.remove("c1");
        assertThat(temporary.resolve("netyard")).doesNotExist();
    }

    /** The pid is used again by another process, or the process has gone elsewhere: the name must not follow. */
    @Test
    void anotherProcessOrNamespaceIsNotTakenForTheOneMeant() {
        attachments.put("later", new Attachment(valid.pid(), valid.startTime() + 1, valid.inode()));
        attachments.put("elsewhere", new Attachment(valid.pid(), valid.startTime(), valid.inode() + 1));
        attachments.put("nobody", new Attachment(Integer.MAX_VALUE, valid.startTime(), valid.inode()));

        assertThat(attachments.all()).isEmpty();
    }

    @Test
    void stalenessIsClearedAwayWhenSomethingIsWritten() {
        attachments.put("nobody", new Attachment(Integer.MAX_VALUE, 1, 1));
        assertThat(directory.resolve("nobody")).exists();

        attachments.put("c1", valid);
        assertThat(directory.resolve("nobody")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pid=",
                "pid=x\nstart=1\ninode=1",
                "pid=1",
                "\\u00",
                "pid=1\nstart=1\ninode=99999999999999999999"
            })
    void aFileThatIsNotOursIsNoName(String content) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("odd"), content);

        assertThat(attachments.all()).isEmpty();
    }

    /** As a JVM that was killed while it wrote leaves it. */
    @Test
    void aDraftIsNoNameAndIsNotInTheWay() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(".c1"), "pid=1");

        assertThat(attachments.all()).isEmpty();
        attachments.put("c1", valid);
        assertThat(attachments.all()).containsOnlyKeys("c1");
        attachments.remove("c1");
        assertThat(temporary.resolve("netyard")).doesNotExist();
    }

    @Test
    void aStaleDraftDoesNotKeepTheDirectory() throws IOException {
        attachments.put("c1", valid);
        Files.writeString(directory.resolve(".c2"), "pid=1");

        attachments.remove("c1");

        assertThat(temporary.resolve("netyard")).doesNotExist();
    }
}
