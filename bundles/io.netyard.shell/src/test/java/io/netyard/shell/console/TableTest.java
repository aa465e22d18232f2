package io.netyard.shell.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableTest {

    private final Table table =
            new Table("NAME", "PID", "NOTE").row("netns1", 17, "").row(Optional.empty(), Optional.of(3), "a\u001b[2Jb");

    @Test
    void withoutATerminalThereAreOnlyColumns() {
        assertThat(printed(false))
                .isEqualTo(
                        """
                        NAME    PID  NOTE
                        netns1  17   -
                        -       3    a\uFFFD[2Jb
                        """);
    }

    @Test
    void onATerminalLinesAreDrawn() {
        assertThat(printed(true))
                .contains("netns1")
                .containsPattern("[|\u2502]")
                .doesNotContain("\u001b[2J");
    }

    private String printed(boolean terminal) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        table.print(new Console(new ByteArrayInputStream(new byte[0]), stream, stream, terminal, terminal, null));
        return out.toString(StandardCharsets.UTF_8);
    }
}
