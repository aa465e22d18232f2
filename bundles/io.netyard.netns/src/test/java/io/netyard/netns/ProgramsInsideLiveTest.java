package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs started in a namespace. */
@LiveKernel
@Timeout(180)
class ProgramsInsideLiveTest {

    private static final int SIGTERM = 15;

    @TempDir
    Path temporary;

    private LiveNamespaces live;
    private Netns web;

    @BeforeEach
    void namespace() {
        live = new LiveNamespaces(temporary);
        web = live.create("web");
    }

    @AfterEach
    void destroy() {
        live.close();
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 7, 7", "exit 255, 255", "kill -TERM $$, 143", "kill -KILL $$, 137"})
    void theStatusIsSaidAsAShellSaysIt(String script, int status) throws Exception {
        try (NetnsProcess process = live.shell(web, script)) {
            assertThat(process.waitFor(Eventually.LIMIT)).hasValue(status);
        }
    }

    @Test
    void itIsInsideTheNetworkAndTheUtsNamespace() throws Exception {
        try (NetnsProcess process =
                live.shell(web, "readlink /proc/self/ns/net; hostname; pwd; readlink /proc/self/ns/mnt")) {
            assertThat(LiveNamespaces.text(process.output()))
                    .isEqualTo(web.ref() + "\nweb\n"
                            + Path.of("").toAbsolutePath() + "\n"
                            + Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")) + "\n");
        }
    }

    @Test
    void inputOutputAndErrorAreThree() throws Exception {
        try (NetnsProcess process = live.shell(web, "read line; echo \"out $line\"; echo err >&2; cat")) {
            process.input().write("in\nrest".getBytes(StandardCharsets.UTF_8));
            process.input().close();

            assertThat(LiveNamespaces.text(process.output())).isEqualTo("out in\nrest");
            assertThat(LiveNamespaces.text(process.error())).isEqualTo("err\n");
            assertThat(process.waitFor(Eventually.LIMIT)).hasValue(0);
        }
    }

    @Test
    void argumentsReachTheProgramAsTheyAre() throws Exception {
        String odd = "a b; $(reboot) 'x' \"y\" \\ * größe\n";
        try (NetnsProcess process =
                live.service.start(LiveNamespaces.way(web), List.of("printf", "%s", odd, "-"), null)) {
            assertThat(LiveNamespaces.text(process.output())).isEqualTo(odd + "-");
        }
    }

    @Test
    void tenMegabytesComeThroughInOrder() throws Exception {
        int lines = 1_300_000;
        try (NetnsProcess process = live.shell(web, "seq 1 " + lines)) {
            long sum = 0;
            long bytes = 0;
            int count = 0;
            try (InputStream in = new BufferedInputStream(process.output(), 1 << 16)) {
                long number = 0;
                for (int c = in.read(); c >= 0; c = in.read()) {
                    bytes++;
                    if (c == '\n') {
                        assertThat(number).isEqualTo(++count);
                        sum += number;
                        number = 0;
                    } else {
                        number = number * 10 + c - '0';
                    }
                }
            }
            assertThat(count).isEqualTo(lines);
            assertThat(sum).isEqualTo((long) lines * (lines + 1) / 2);
            assertThat(bytes).isGreaterThan(9_000_000);
            assertThat(process.waitFor(Eventually.LIMIT)).hasValue(0);
        }
    }

    @Test
    void aTerminalHasTheSizeThatWasAskedForAndCanBeResized() throws Exception {
        try (NetnsProcess process = live.terminal(web, 132, 43, "sh")) {
            Conversation conversation = new Conversation(process);
            conversation.type("stty size; tty; echo end-''1");
            assertThat(conversation.readUntil("end-1\r\n")).contains("43 132\r\n", "/dev/pts/");

            process.resize(new TerminalSize(80, 24));
            conversation.type("stty size; echo end-''2");
            assertThat(conversation.readUntil("end-2\r\n")).contains("24 80\r\n");

            conversation.type("hostname; exit 5");
            conversation.readUntil("web\r\n");
            assertThat(process.waitFor(Eventually.LIMIT)).hasValue(5);
            assertThat(process.error().read()).isEqualTo(-1);
        }
    }

    @Test
    void whatCannotBeStartedIsSaid() {
        for (String program : List.of("no-such-program", "/no/such/program", "/etc", "/etc/passwd", "a\u001bb")) {
            assertThatThrownBy(() -> live.service.start(LiveNamespaces.way(web), List.of(program), null))
                    .as(program)
                    .isInstanceOf(RequestException.class)
                    .hasMessageStartingWith(web.label() + ": ")
                    .hasMessageNotContaining("\u001b");
        }
        for (List<String> nothing : List.of(List.<String>of(), List.of(""))) {
            assertThatThrownBy(() -> live.service.start(LiveNamespaces.way(web), nothing, null))
                    .isInstanceOf(RequestException.class)
                    .hasMessageEndingWith("no program given");
        }
        assertThatThrownBy(() -> live.service.start(LiveNamespaces.way(web), List.of("echo", "a\0b"), null))
                .isInstanceOf(RequestException.class);
    }

    @Test
    void aSignalReachesIt() throws Exception {
        try (NetnsProcess process = live.shell(web, "trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done")) {
            assertThat(process.output().read()).isEqualTo('r');

            process.signal(SIGTERM);

            assertThat(process.waitFor(Eventually.LIMIT)).hasValue(9);
        }
    }

    @Test
    void waitingIsBoundedAndClosingEndsIt() throws Exception {
        NetnsProcess process = live.shell(web, "trap '' HUP TERM; echo ready; while :; do sleep 0.1; done");
        assertThat(process.output().read()).isEqualTo('r');
        assertThat(process.waitFor(Duration.ofMillis(20))).isEmpty();

        process.close();
        process.close();

        assertThat(process.waitFor(Eventually.LIMIT)).hasValue(128 + 9);
    }

    /** A daemon that was started by a script: the script's end is known at once, and reading can be ended. */
    @Test
    void aChildInTheBackgroundThatKeepsThePipeOpenHoldsNobodyUp() throws Exception {
        NetnsProcess process = live.shell(web, "sleep 300 & echo $!");
        long background = Long.parseLong(new Conversation(process).readLine());
        CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> {
            try {
                return process.output().read();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThat(process.waitFor(Eventually.LIMIT)).hasValue(0);
        process.close();

        assertThat(reading.get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(-1);
        assertThat(Processes.netInode(background))
                .isEqualTo(OptionalLong.of(web.ref().inode()));
        live.service.destroy(web);
        assertThat(Processes.isGone(background)).isTrue();
    }

    /** Started this moment, destroyed this moment: it must be known for ours. */
    @Test
    void destroyFindsAProgramThatHasOnlyJustBeenStarted() {
        for (int i = 0; i < 10; i++) {
            Netns node = live.create("n" + i);
            try (NetnsProcess process = live.service.start(LiveNamespaces.way(node), List.of("sleep", "300"), null)) {
                live.service.destroy(node);
                assertThat(Processes.netInode(process.pid())).isEmpty();
            }
        }
    }
}
