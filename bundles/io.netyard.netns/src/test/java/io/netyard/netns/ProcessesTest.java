package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessesTest {

    private final long self = ProcessHandle.current().pid();

    /** A program may call itself anything; only the last parenthesis ends the name. */
    @ParameterizedTest
    @ValueSource(strings = {"sleep", "a) b (", ")", "((", "1 2 3", "", "x) Z 1 1", "a\nb"})
    void whateverAProcessIsCalledItsFieldsAreFound(String name) {
        String line = "4711 (" + name
                + ") S 17 4711 4711 0 -1 4194304 99 0 0 0 1 2 0 0 20 0 1 0 987654 2777088 210 18446744073709551615\n";

        String[] fields = Processes.fields(line).orElseThrow();

        assertThat(fields[0]).isEqualTo("S");
        assertThat(fields[1]).isEqualTo("17");
        assertThat(fields[19]).isEqualTo("987654");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4711", "4711 (sleep)", "4711 (sleep) S 17"})
    void aLineThatIsCutShortIsNone(String line) {
        assertThat(Processes.fields(line)).isEmpty();
    }

    @Test
    void thisProcess() {
        assertThat(Processes.pids()).contains(self).isSorted();
        assertThat(Processes.isGone(self)).isFalse();
        assertThat(Processes.startTime(self)).isPresent();
        assertThat(Processes.netInode(self)).isPresent();
        assertThat(Processes.owner(self)).isPresent();
        assertThat(Processes.arguments(self)).contains("java").endsWith("\0");
        assertThat(Processes.command(self)).contains("java").doesNotContain("\0");
        assertThat(Processes.environment(self, "PATH")).contains(System.getenv("PATH"));
        assertThat(Processes.environment(self, "PAT")).isEmpty();
    }

    @Test
    void aProcessThatIsNotThereIsNoError() {
        long nobody = Integer.MAX_VALUE;

        assertThat(Processes.isGone(nobody)).isTrue();
        assertThat(Processes.startTime(nobody)).isEmpty();
        assertThat(Processes.netInode(nobody)).isEmpty();
        assertThat(Processes.owner(nobody)).isEmpty();
        assertThat(Processes.arguments(nobody)).isEmpty();
        assertThat(Processes.command(nobody)).isEmpty();
        assertThat(Processes.environment(nobody, "PATH")).isEqualTo(Optional.empty());
    }

    @Test
    void inodeOfALink() {
        assertThat(Processes.inode(Path.of("/proc/self/ns/net"))).isEqualTo(Processes.netInode(self));
        assertThat(Processes.inode(Path.of("/proc/self/exe"))).isEmpty();
        assertThat(Processes.inode(Path.of("/proc"))).isEqualTo(OptionalLong.empty());
    }

    @Test
    void waitingEndsWhenItIsSoOrAtTheLimit() {
        int[] asked = {0};
        assertThat(Bounded.await(Duration.ofSeconds(20), () -> ++asked[0] == 4)).isTrue();
        assertThat(Bounded.await(Duration.ofMillis(5), () -> false)).isFalse();
        assertThat(Bounded.await(Duration.ZERO, () -> true)).isTrue();
    }

    @Test
    void anInterruptIsKeptAndDoesNotCutTheWaitShort() {
        int[] asked = {0};
        Thread.currentThread().interrupt();

        assertThat(Bounded.await(Duration.ofSeconds(20), () -> ++asked[0] == 4)).isTrue();

        assertThat(Thread.interrupted()).isTrue();
    }
}
