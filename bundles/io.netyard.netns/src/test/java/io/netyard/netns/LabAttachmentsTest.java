package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.netns.ForeignNamespace;
import io.netyard.netns.LabAttachments.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabAttachmentsTest {

    private static final Instant NOON = Instant.parse("2024-06-01T12:00:00Z");

    @TempDir
    Path temporary;

    private StateDirectory state;
    private LabAttachments attachments;

    @BeforeEach
    void attachments() {
        state = new StateDirectory(temporary.resolve("netyard"));
        attachments = new LabAttachments(state);
    }

    private static Entry entry(String lab, String node, Anchor anchor) {
        return new Entry(lab, node, new ForeignNamespace.Container("lxc:web 1=ä"), anchor, NOON, 3);
    }

    @Test
    void whatIsKeptIsReadAgainByTheNextOne() {
        Entry process = entry("lab", "a", new Attachment(1, 2, 3));
        Entry mount = entry("lab", "b", new MountedNamespace(temporary.resolve("x"), 4, NOON.plusNanos(5)));
        Entry others = entry("other", "a", new Attachment(1, 2, 3));
        attachments.put(process);
        attachments.put(mount);
        attachments.put(others);

        LabAttachments next = new LabAttachments(state);
        assertThat(next.all()).containsExactly(process, mount, others);
        assertThat(next.of("lab")).containsExactly(process, mount);
        assertThat(next.labs()).containsExactly("lab", "other");
    }

    /** Unlike a name that a user gives: a pid must not be taken up anew by whoever has it next. */
    @Test
    void whatHasEndedIsKeptUntilItIsForgotten() {
        attachments.put(entry("lab", "a", new Attachment(Integer.MAX_VALUE, 2, 3)));
        attachments.put(entry("lab", "b", new Attachment(Integer.MAX_VALUE, 2, 3)));
        assertThat(attachments.of("lab")).hasSize(2).noneMatch(entry -> entry.anchor()
                .isValid());

        attachments.remove("lab", "a");
        attachments.remove("lab", "a");
        attachments.remove("lab", "never-there");
        assertThat(attachments.labs()).containsExactly("lab");
        attachments.remove("lab", "b");
        assertThat(state.root()).doesNotExist();
    }

    @Test
    void draftsAndWhatIsNotOursAreNoEntries() throws IOException {
        Path directory = state.root().resolve("lab-attachments/lab");
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(".a"), "what=pid 1");
        String whole = "since=2024-06-01T12\\:00\\:00Z\ntimes=1\npid=1\nstart=1\ninode=1\n";
        Files.writeString(directory.resolve("odd"), whole + "what=everything");
        Files.writeString(directory.resolve("part"), "what=pid 1\npid=1\nstart=1\ninode=1");
        Files.createDirectories(state.root().resolve("lab-attachments/-"));
        Files.writeString(state.root().resolve("lab-attachments/-/none"), whole + "what=pid 1");

        assertThat(attachments.all()).isEmpty();
        assertThat(attachments.of("lab")).isEmpty();
        Files.writeString(directory.resolve("ours"), whole + "what=pid 1");
        assertThat(attachments.all()).extracting(Entry::node).containsExactly("ours");
    }

    /** The inode is another one's at once, on some kernels; the file is not. */
    @Test
    void anotherFileOfThatNameIsAnotherNamespace() throws IOException {
        Path file = Files.createFile(temporary.resolve("x"));
        MountedNamespace found = MountedNamespace.at(file);
        assertThat(found.isValid()).isTrue();
        assertThat(new MountedNamespace(file, found.inode(), found.made().minusNanos(1)).isValid())
                .isFalse();
        Files.delete(file);
        assertThat(found.isValid()).isFalse();
    }
}
