package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.api.netns.NetnsSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDirectoryTest {

    @TempDir
    Path directory;

    private final NetnsSpec inLab = new NetnsSpec("web", Optional.of("demo"), "pin");
    private final NetnsSpec byHand = new NetnsSpec("web", Optional.empty(), "pin");

    private StateDirectory state;

    @BeforeEach
    void state() {
        state = new StateDirectory(directory.resolve("netyard"));
    }

    @Test
    void aPathMeansTheNodeItWasMadeFor() {
        assertThat(state.of("ns", inLab)).isEqualTo(state.root().resolve("ns/demo/web"));
        assertThat(state.of("ns", byHand)).isEqualTo(state.root().resolve("ns/-/web"));
        assertThat(state.spec("ns", state.of("ns", inLab), "pin")).contains(inLab);
        assertThat(state.spec("ns", state.of("ns", byHand), "pin")).contains(byHand);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ns", "ns/demo", "ns/demo/web/net", "named/demo/web", "ns/-/-", "ns/a b/c", "ns/demo/1"})
    void otherPathsAreNoneOfOurs(String path) {
        assertThat(state.spec("ns", state.root().resolve(path), "pin")).isEmpty();
    }

    @Test
    void nothingIsThereUntilItIsNeededNorAfterwards() {
        assertThat(state.nodes("ns")).isEmpty();

        state.make(state.of("ns", inLab));
        state.make(state.of("ns", byHand));
        assertThat(state.nodes("ns")).containsExactly(state.of("ns", byHand), state.of("ns", inLab));

        state.clean(state.of("ns", inLab));
        assertThat(state.nodes("ns")).containsExactly(state.of("ns", byHand));
        state.clean(state.of("ns", byHand));
        assertThat(state.root()).doesNotExist();
        assertThat(directory).exists();
        state.clean(state.of("ns", byHand));
    }

    @Test
    void whatSomebodyElseHasPutThereStays() throws IOException {
        Path node = state.make(state.of("ns", inLab));
        Files.writeString(state.root().resolve("ns/notes"), "mine");

        state.clean(node);

        assertThat(state.root().resolve("ns/notes")).exists();
        assertThat(state.nodes("ns")).isEmpty();
    }

    @Test
    void aFileInTheWayIsSaid() throws IOException {
        Files.writeString(state.root(), "");

        assertThatThrownBy(() -> state.make(state.of("ns", inLab)))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("cannot be made");
        assertThat(state.nodes("ns")).isEmpty();
    }

    @Test
    void aFileIsReadAsItWasWrittenAndLeavesNothing() {
        Path file = state.root().resolve("names/web");
        Properties written = new Properties();
        written.setProperty("what", "lxc:web 1=ä\n# !");
        state.write(file, written);
        assertThat(StateDirectory.read(file)).contains(written);
        written.setProperty("more", "");
        state.write(file, written);

        assertThat(StateDirectory.read(file)).contains(written);
        assertThat(StateDirectory.children(file.getParent())).containsExactly(file);
        StateDirectory.delete(file);
        StateDirectory.delete(file);
        assertThat(StateDirectory.read(file)).isEmpty();
        assertThat(file.getParent()).isEmptyDirectory();
    }

    /** The JVM was killed between the draft and the move. */
    @Test
    void aDraftLeavesWhatWasThereAndGoesWithIt() throws IOException {
        Path file = state.root().resolve("names/web");
        state.write(file, new Properties());
        Path draft = Files.writeString(file.resolveSibling(".web"), "half=");

        assertThat(StateDirectory.read(file)).contains(new Properties());
        assertThat(StateDirectory.isDraft(draft)).isTrue();
        assertThat(StateDirectory.isDraft(file)).isFalse();
        StateDirectory.delete(file);
        assertThat(draft).doesNotExist();
    }

    /** Where the directory does not end with the boot, what it says does. */
    @Test
    void whatSpeaksOfAnEarlierBootIsNotThere() throws IOException {
        Path file = state.root().resolve("names/web");
        Properties properties = new Properties();
        properties.setProperty("pid", "7");
        state.write(file, properties);
        String text = Files.readString(file);
        assertThat(StateDirectory.read(file)).contains(properties);

        Files.writeString(file, text.replaceFirst("boot=.*", "boot=another/7"));
        assertThat(StateDirectory.read(file)).isEmpty();

        // As an earlier version has written it.
        Files.writeString(file, text.replaceFirst("boot=.*", ""));
        assertThat(StateDirectory.read(file)).contains(properties);
    }
}
