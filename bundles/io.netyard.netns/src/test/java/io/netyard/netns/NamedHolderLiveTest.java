package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NamespaceHolder.Held;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class NamedHolderLiveTest extends NamespaceHolderContract {

    @Override
    NamespaceHolder holder() {
        return new NamedHolder(state(), names());
    }

    @Test
    void theNameIsTheOneThatIpNetnsKnows() throws Exception {
        NamedHolder real = new NamedHolder(state(), Path.of("/run/netns"));
        boolean before = Files.exists(Path.of("/run/netns"));
        NetnsRef ref = hold(real, spec("web"));
        try {
            assertThat(ref.net()).isEqualTo(Path.of("/run/netns/" + LAB + "-web"));
            assertThat(Foreign.run("ip", "netns", "list")).contains(LAB + "-web");
            assertThat(Foreign.run("ip", "netns", "exec", LAB + "-web", "readlink", "/proc/self/ns/net"))
                    .isEqualTo(ref + "\n");
        } finally {
            real.held().forEach(real::release);
        }
        assertThat(Foreign.run("ip", "netns", "list")).doesNotContain(LAB);
        assertThat(Files.exists(Path.of("/run/netns"))).isEqualTo(before);
    }

    @Test
    void aNameOfSomethingElseIsRefusedAndLeftAlone() throws Exception {
        Path point = Files.createDirectory(names()).resolve(LAB + "-web");
        Files.writeString(point, "mine");

        assertThatThrownBy(() -> hold(holder(), spec("web")))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("exists already")
                .hasMessageContaining("ip netns delete " + LAB + "-web");

        assertThat(point).hasContent("mine");
        assertThat(state().root()).doesNotExist();
        Files.delete(point);
        Files.delete(names());
    }

    @Test
    void othersNamesKeepTheDirectory() throws Exception {
        hold(holder(), spec("web"));
        Path others = Files.createFile(names().resolve("others"));
        Held held = only(held());

        holder().release(held);

        assertThat(others).exists();
        assertThat(state().root()).doesNotExist();
        Foreign.run("umount", names().toString());
        Files.delete(others);
        Files.delete(names());
    }

    @Test
    void aSweepOfALabTakesAMarkAndTheFileForANameThatWasNeverMounted() throws Exception {
        Path marker = state().make(state().of("named", spec("half")));
        Files.writeString(marker.resolve("inode"), "4026531840");
        Path point = Files.createFile(Files.createDirectory(names()).resolve(LAB + "-half"));
        Path others = Files.createFile(names().resolve("others-half"));

        holder().sweep(LAB);

        assertThat(point).doesNotExist();
        assertThat(others).exists();
        assertThat(state().root()).doesNotExist();
        Files.delete(others);
        Files.delete(names());
    }

    /** Some kernels give a namespace at once the inode of one that has just ended. */
    @Test
    void aNameWithALaterNamespaceOfTheSameInodeIsForeign() throws Exception {
        NetnsRef ref = hold(holder(), spec("web"));
        Held held = only(held());
        Path note = state().of("named", spec("web")).resolve("made");
        String made = Files.readString(note);
        assertThat(made).isNotEmpty();
        Files.writeString(note, "1970-01-01T00:00:00Z");

        assertThat(held()).isEmpty();

        Files.writeString(note, made);
        assertThat(only(held()).ref()).isEqualTo(ref);
        holder().release(held);
        assertNoTrace(held);
    }

    /** As {@code ip netns delete} does it. */
    @Test
    void aNameThatOthersDeletedIsNotListedAndItsMarkGoes() throws Exception {
        NetnsRef ref = hold(holder(), spec("web"));
        Held held = only(held());

        Pin.remove(ref.net());

        assertThat(held()).isEmpty();
        holder().release(held);
        assertNoTrace(held);
    }

    /** Deleted, and made anew by somebody else: not ours any more. */
    @Test
    void aNameThatOthersHaveTakenSinceIsForeign() throws Exception {
        NetnsRef ref = hold(holder(), spec("web"));
        Held held = only(held());
        try (Foreign other = new Foreign()) {
            Pin.remove(ref.net());
            Pin.make(Processes.net(other.pid()), ref.net());

            assertThat(held()).isEmpty();
            holder().release(held);

            assertThat(NamespaceMount.at(ref.net())).hasValue(other.inode());
            assertThat(state().of("named", spec("web"))).doesNotExist();
            Pin.remove(ref.net());
        }
        Foreign.run("umount", names().toString());
        Files.delete(names());
    }

    @Test
    void marksThatAKilledJvmLeftAreNotInTheWayAndGo() throws Exception {
        Path same = state().make(state().of("named", spec("web")));
        Files.writeString(same.resolve("inode"), "1");
        Path abandoned = state().make(state().of("named", spec("abandoned")));
        Files.writeString(abandoned.resolve("inode"), "2");
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(3600)));
        assertThat(held()).isEmpty();

        hold(holder(), spec("web"));

        Held held = only(held());
        assertThat(abandoned).doesNotExist();
        holder().release(held);
        assertNoTrace(held);
    }
}
