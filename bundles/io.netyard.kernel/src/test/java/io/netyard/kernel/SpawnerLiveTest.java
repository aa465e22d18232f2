package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NeedsRoot
@Timeout(120)
class SpawnerLiveTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static final int SIGTERM = 15;

    @Test
    void exitStatusIsSaidAsAShellSaysIt() throws Exception {
        try (SpawnedProcess good = shell("exit 0");
                SpawnedProcess bad = shell("exit 3");
                SpawnedProcess terminated = shell("kill -TERM $$")) {
            assertThat(good.waitFor(SOON)).hasValue(0);
            assertThat(bad.waitFor(SOON)).hasValue(3);
            assertThat(terminated.waitFor(SOON)).hasValue(128 + SIGTERM);
        }
    }

    @Test
    void aSignalReachesTheWholeGroup() throws Exception {
        try (SpawnedProcess process = shell("sleep 300 & echo $!; wait")) {
            String background = readLine(process.output());

            process.signal(SIGTERM);

            assertThat(process.waitFor(SOON)).hasValue(128 + SIGTERM);
            Eventually.holds("background process ends", () -> !running(Long.parseLong(background)));
        }
    }

    @Test
    void waitingIsBounded() throws Exception {
        try (SpawnedProcess process = shell("sleep 300")) {
            assertThat(process.waitFor(Duration.ofMillis(10))).isEmpty();
        }
    }

    @Test
    void whatCannotBeStartedIsSaidAndLeavesNothingOpen() throws Exception {
        shell("exit 0").close();
        long before = openDescriptors();

        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> Spawner.start(piped("no-such-program")))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("no-such-program");
            assertThatThrownBy(() -> Spawner.start(piped("/etc")))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("permission denied");
        }

        assertThat(openDescriptors()).isEqualTo(before);
    }

    @Test
    void aChildGetsNothingButWhatItIsGiven() throws Exception {
        SpawnSpec spec = new SpawnSpec(
                "sleep", List.of("netyard:lab/node", "300"), List.of("ONLY=this"), new SpawnSpec.Detached());

        try (SpawnedProcess process = NamespaceThread.callInNew("child", () -> {
            SpawnedProcess started = Spawner.start(spec);
            assertThat(NamespaceThread.inode(proc(started.pid(), "ns/net")))
                    .isEqualTo(NamespaceThread.current().inode());
            return started;
        })) {
            long pid = process.pid();
            // posix_spawn(3) returns when the old memory is given back, a moment before the new one shows.
            Eventually.holds("the program shows itself", () -> !Files.readString(proc(pid, "cmdline"))
                    .isEmpty());
            assertThat(Files.readString(proc(pid, "cmdline"))).isEqualTo("netyard:lab/node\0" + "300\0");
            assertThat(Files.readString(proc(pid, "environ"))).isEqualTo("ONLY=this\0");
            // While it starts, it has the libraries open that it is made of.
            Eventually.holds("it has three descriptors and no more", () -> {
                try (Stream<Path> descriptors = Files.list(proc(pid, "fd"))) {
                    return descriptors
                            .map(fd -> fd.getFileName().toString())
                            .collect(Collectors.toSet())
                            .equals(Set.of("0", "1", "2"));
                }
            });
            assertThat(signals(pid, "SigBlk")).isZero();
            // Without 32 and 33, which glibc keeps for itself.
            assertThat(signals(pid, "SigIgn") & 0x7fffffff).isZero();
            assertThat(session(pid)).isEqualTo(pid);
        }
    }

    @Test
    void pipesCarryAllThatGoesThrough() throws Exception {
        byte[] sent = new byte[1 << 20];
        new Random(1).nextBytes(sent);
        try (SpawnedProcess process = Spawner.start(piped("cat"))) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try (var input = process.input()) {
                    input.write(sent);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThat(process.output().readAllBytes()).isEqualTo(sent);
            writing.get();
            assertThat(process.waitFor(SOON)).hasValue(0);
        }
    }

    @Test
    void errorsComeSeparately() throws Exception {
        try (SpawnedProcess process = shell("echo out; echo err >&2")) {
            assertThat(text(process.output())).isEqualTo("out\n");
            assertThat(text(process.error())).isEqualTo("err\n");
        }
    }

    @Test
    void aTerminalControlsItsProgram() throws Exception {
        SpawnSpec spec = new SpawnSpec(
                "sh", List.of("sh"), List.of("PATH=/usr/bin:/bin", "PS1=> "), new SpawnSpec.Terminal(80, 24));
        try (SpawnedProcess process = Spawner.start(spec)) {
            type(process, "stty size; exec 2>/dev/null; echo tty=$(ps -o tty= -p $$)");
            assertThat(readUntil(process, "tty=pts/")).contains("24 80");

            process.resize(132, 50);
            type(process, "stty size");
            readUntil(process, "50 132");

            type(process, "sleep 300; echo status=$?");
            // Not only forked: until then the shell's own handling of signals is in force, and Ctrl-C would be lost.
            Eventually.holds("sleep runs", () -> Files.readString(proc(foreground(process.pid()), "cmdline"))
                    .startsWith("sleep\0"));
            process.input().write(3); // Ctrl-C
            process.input().flush();
            type(process, "echo again=$?");
            assertThat(readUntil(process, "again=130")).doesNotContain("status=0");

            type(process, "exit 5");
            assertThat(process.waitFor(SOON)).hasValue(5);
        }
    }

    @Test
    void aReaderIsAtTheEndWhenTheTerminalIsClosedUnderIt() throws Exception {
        SpawnedProcess process = Spawner.start(
                new SpawnSpec("sleep", List.of("sleep", "300"), List.of(), new SpawnSpec.Terminal(80, 24)));
        CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> {
            try {
                return process.output().read();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });

        process.close();

        assertThat(reading.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(-1);
        process.close();
    }

    @Test
    void aProgramThatIgnoresHangUpIsKilled() throws Exception {
        SpawnedProcess process = shell("trap '' HUP; echo ready; while :; do sleep 1; done");
        readLine(process.output());

        process.close();

        assertThat(process.waitFor(SOON)).hasValue(128 + 9);
    }

    @Test
    void nothingStaysOpen() throws Exception {
        shell("exit 0").close();
        long before = openDescriptors();

        for (int i = 0; i < 5; i++) {
            shell("echo; exit 0").close();
            Spawner.start(new SpawnSpec("true", List.of("true"), List.of(), new SpawnSpec.Terminal(80, 24)))
                    .close();
            SpawnedProcess detached =
                    Spawner.start(new SpawnSpec("true", List.of("true"), List.of(), new SpawnSpec.Detached()));
            detached.waitFor(SOON);
        }

        Eventually.holds("descriptors are closed", () -> openDescriptors() == before);
    }

    /** A zombie would keep its pid, and whoever looks for holders by pid would be fooled. */
    @Test
    void aChildKilledBySomeoneElseLeavesNoZombie() throws Exception {
        SpawnedProcess process =
                Spawner.start(new SpawnSpec("sleep", List.of("sleep", "300"), List.of(), new SpawnSpec.Detached()));

        ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();

        Eventually.holds("no trace of the child", () -> Files.notExists(proc(process.pid(), "")));
        assertThat(process.waitFor(SOON)).hasValue(128 + 9);
    }

    @Test
    void killHitsOnlyTheOneThatIsMeant() throws Exception {
        try (SpawnedProcess process = shell("exec sleep 300")) {
            assertThat(SpawnedProcess.kill(process.pid(), () -> false, SOON)).isFalse();
            assertThat(running(process.pid())).isTrue();
            assertThat(SpawnedProcess.kill(process.pid(), () -> true, SOON)).isTrue();
            assertThat(process.waitFor(SOON)).hasValue(128 + 9);
        }
        assertThat(SpawnedProcess.kill(Integer.MAX_VALUE, () -> true, SOON)).isFalse();
    }

    @Test
    void manyChildrenAreAllCollected() throws Exception {
        List<SpawnedProcess> processes =
                Stream.generate(() -> shell("exit 7")).limit(40).toList();

        for (SpawnedProcess process : processes) {
            assertThat(process.waitFor(SOON)).hasValue(7);
            process.close();
        }
    }

    private static SpawnedProcess shell(String script) {
        return Spawner.start(
                new SpawnSpec("sh", List.of("sh", "-c", script), List.of("PATH=/usr/bin:/bin"), new SpawnSpec.Pipes()));
    }

    private static SpawnSpec piped(String program) {
        return new SpawnSpec(program, List.of(program), List.of(), new SpawnSpec.Pipes());
    }

    private static void type(SpawnedProcess process, String line) throws IOException {
        process.input().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.input().flush();
    }

    private static String readUntil(SpawnedProcess process, String wanted) throws IOException {
        StringBuilder read = new StringBuilder();
        byte[] buffer = new byte[512];
        while (read.indexOf(wanted) < 0) {
            int count = process.output().read(buffer);
            assertThat(count).as("waiting for '%s' after: %s", wanted, read).isPositive();
            read.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
        return read.toString();
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Path proc(long pid, String entry) {
        return Path.of("/proc", Long.toString(pid), entry);
    }

    private static long signals(long pid, String set) throws IOException {
        return Files.readAllLines(proc(pid, "status")).stream()
                .filter(line -> line.startsWith(set + ":"))
                .mapToLong(
                        line -> Long.parseLong(line.substring(set.length() + 1).strip(), 16))
                .findFirst()
                .orElseThrow();
    }

    private static boolean running(long pid) {
        try {
            return !stat(pid)[0].equals("Z");
        } catch (IOException e) {
            // It ended: before the file was opened, or between that and reading it (ESRCH).
            return false;
        }
    }

    private static long session(long pid) throws IOException {
        return Long.parseLong(stat(pid)[3]);
    }

    /** tpgid: the group that the terminal's signals go to. */
    private static long foreground(long pid) throws IOException {
        return Long.parseLong(stat(pid)[5]);
    }

    /** What follows the command name in /proc/PID/stat: state, ppid, pgrp, session, tty, tpgid … (proc(5)). */
    private static String[] stat(long pid) throws IOException {
        String stat = Files.readString(proc(pid, "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        }
    }
}
