package io.netyard.netns.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.inventory.HostProcess;
import io.netyard.kernel.ProcReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessReaderTest {

    /** The arguments, each ended by a NUL; or what a process has written over them, padded. */
    @ParameterizedTest
    @CsvSource({
        "'sleep|300|', 'sleep 300'",
        "'sh|-c||', 'sh -c'",
        "'nginx: master process   |||||', 'nginx: master process'",
        "'a|  |b|', 'a    b'",
        "'', '[name]'",
        "'|', '[name]'",
    })
    void asPsShowsIt(String arguments, String command) {
        assertThat(ProcessReader.command(bytes(arguments.replace('|', '\0')), bytes("name")))
                .isEqualTo(command);
    }

    @Test
    void nothingOfItReachesTheTerminal() {
        assertThat(ProcessReader.command(bytes("a\u001b[2J\nb\u009b\u2028\u202ec\0"), bytes("")))
                .isEqualTo("a\uFFFD[2J\uFFFDb\uFFFD\uFFFD\uFFFDc");
        assertThat(ProcessReader.command(new byte[] {'a', (byte) 0xff, (byte) 0xc2, 0}, bytes("")))
                .isEqualTo("a\uFFFD\uFFFD");
        assertThat(ProcessReader.command(new byte[0], new byte[] {'k', 27, ']'}))
                .isEqualTo("[k\uFFFD]]");
    }

    @Test
    void whatIsLongIsCut() {
        String exactly = "x".repeat(ProcessReader.COMMAND - 1) + "\0";

        assertThat(ProcessReader.command(bytes(exactly), bytes("")))
                .isEqualTo(exactly.strip().replace("\0", ""));
        assertThat(ProcessReader.command(bytes("x".repeat(ProcessReader.COMMAND + 1)), bytes("")))
                .isEqualTo("x".repeat(ProcessReader.COMMAND) + "…");
    }

    @Test
    void thisProcess() {
        try (ProcReader reader = new ProcReader();
                var process = reader.process(ProcessHandle.current().pid()).orElseThrow()) {
            HostProcess self = new ProcessReader().of(process).orElseThrow();

            assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(self.parent())
                    .isEqualTo(ProcessHandle.current().parent().orElseThrow().pid());
            assertThat(self.user()).isEqualTo(System.getProperty("user.name"));
            assertThat(self.command()).contains("java");
            assertThat(self.startTime()).isPositive();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
