package io.netyard.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.testing.Eventually;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox without the appliance: {@code libexec/sandbox-run} with a server of a few lines, {@code libexec/sandbox-connect} to it. */
@Timeout(240)
class SandboxLiveTest {

    private static final int PORT = 8101;

    /** For one process to end, on a machine that is busy with other tests. In seconds. */
    private static final long LIMIT_SECONDS = 90;

    /** The user that owns nothing: "nobody" on Debian. */
    private static final String NOBODY = "65534";

    private static final int MEGABYTE = 1 << 20;

    /** Greets with one byte, returns what it gets, says "bye" once the client says no more, and then that is all. */
    private static final String ECHO =
            """
            use strict; use warnings; use IO::Socket::INET;
            $SIG{CHLD} = 'IGNORE';
            my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => %d, Listen => 64) or die $!;
            # Not to the selected handle: accept selects its new socket for a moment.
            $SIG{TERM} = sub { print STDOUT "told to end\\n"; exit 0 };
            while (1) {
                my $client = $listener->accept or next;
                next if fork;
                $SIG{TERM} = 'DEFAULT';
                syswrite $client, '>';
                while (sysread $client, my $data, 65536) { print $client $data; $client->flush }
                print $client 'bye';
                exit 0;
            }
            """
                    .formatted(PORT);

    @TempDir
    Path scratch;

    private Path libexec;
    private Path state;

    @BeforeEach
    void onTheHostOnly() throws Exception {
        assumeTrue(System.getProperty("netyard.launcher") != null, "run through libexec/test, which says where it is");
        assumeTrue(
                Files.isDirectory(Path.of("/usr/lib/uml")) && !Files.exists(Path.of("/proc/exitcode")),
                "boots the lab kernel by itself: runs on the host kernel");
        libexec = Path.of(System.getProperty("netyard.launcher")).resolveSibling("libexec");
        state = scratch.resolve("state");
        Files.writeString(scratch.resolve("echo.pl"), ECHO);
    }

    @AfterEach
    void nothingIsLeftRunning() throws Exception {
        try {
            Eventually.holds(
                    "all processes of the sandbox end", () -> processes().isEmpty());
        } finally {
            processes().forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void carriesManyChannelsAtTheSameTimeBothWays() throws Exception {
        Process sandbox = start(List.of());

        List<byte[]> sent = new ArrayList<>();
        List<Process> clients = new ArrayList<>();
        for (int channel = 0; channel < 6; channel++) {
            byte[] data = new byte[channel == 0 ? 1 : MEGABYTE / 2 + channel];
            new Random(channel).nextBytes(data);
            sent.add(data);
            clients.add(connect(List.of(), channel, data));
        }
        for (int channel = 0; channel < clients.size(); channel++) {
            assertThat(exitStatus(clients.get(channel))).isZero();
            assertThat(received(channel)).isEqualTo(answerTo(sent.get(channel)));
        }

        stop(sandbox);
    }

    @Test
    void aReaderThatStopsHoldsUpNobodyElse() throws Exception {
        Process sandbox = start(List.of());
        try (SocketChannel stuck = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            stuck.connect(UnixDomainSocketAddress.of(console()));
            stuck.configureBlocking(false);
            // It comes back and is not read: several times what one channel may have on its way.
            ByteBuffer much = ByteBuffer.allocate(MEGABYTE);
            Eventually.holds("all is taken from a client that reads nothing, or no more of it", () -> {
                boolean taken = stuck.write(much) > 0;
                TimeUnit.MILLISECONDS.sleep(500);
                return !taken;
            });

            byte[] data = new byte[MEGABYTE / 4];
            assertThat(exitStatus(connect(List.of(), 1, data))).isZero();
            assertThat(received(1)).isEqualTo(answerTo(data));
        }
        stop(sandbox);
    }

    @Test
    void worksForAnOrdinaryUser() throws Exception {
        assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "every other test here shows it if not run by root");
        // The sources may lie where an ordinary user cannot read.
        Path copy = scratch.resolve("libexec");
        run("cp", "-r", libexec.toString(), copy.toString());
        libexec = copy;
        Files.createDirectory(state);
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
        run("chown", "-R", NOBODY + ":" + NOBODY, copy.toString(), state.toString());
        List<String> asNobody =
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--inh-caps=-all");

        Process sandbox = start(asNobody);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(console())))
                .isEqualTo("rwx------");
        byte[] data = "hello".getBytes(StandardCharsets.UTF_8);
        assertThat(exitStatus(connect(asNobody, 1, data))).isZero();
        assertThat(received(1)).isEqualTo(answerTo(data));
        stop(sandbox);
    }

    @Test
    void nothingOutlivesASupervisorThatIsKilledAndTheNextOneStarts() throws Exception {
        Process killed = start(List.of());
        assertThat(processes()).hasSizeGreaterThan(1);
        killed.destroyForcibly();
        assertThat(exitStatus(killed)).isEqualTo(128 + 9);
        Eventually.holds("the guest ends with its supervisor", () -> processes().isEmpty());

        stop(start(List.of()));
    }

    @Test
    void aKernelThatDiesIsReportedAndNothingIsLeft() throws Exception {
        Process sandbox = start(List.of());
        ProcessHandle kernel = sandbox.children()
                .filter(child -> commandLine(child).contains("linux.uml"))
                .findFirst()
                .orElseThrow();
        kernel.destroyForcibly();
        assertThat(exitStatus(sandbox)).isEqualTo(1);
        assertThat(Files.readString(scratch.resolve("log"))).contains("the lab kernel stopped");
        assertThat(remaining()).containsExactlyInAnyOrder("kernel.log", "output");
    }

    @Test
    void aCommandThatEndsByItselfIsReportedWithItsLastWords() throws Exception {
        Process sandbox = sandboxRun(List.of(), "sh", "-c", "echo first; echo no more of this; exit 3");
        assertThat(exitStatus(sandbox)).isEqualTo(1);
        assertThat(Files.readString(scratch.resolve("log"))).contains("status 3", "no more of this");
        assertThat(remaining()).containsExactlyInAnyOrder("kernel.log", "output");
    }

    private Path console() {
        return state.resolve("console.sock");
    }

    /** Starts the echo server in the sandbox and waits until it can be reached. */
    private Process start(List<String> as) throws Exception {
        Files.deleteIfExists(scratch.resolve("log"));
        Process sandbox = sandboxRun(as, "perl", "-e", Files.readString(scratch.resolve("echo.pl")));
        Eventually.holds(
                "the sandbox serves",
                Duration.ofSeconds(LIMIT_SECONDS),
                Duration.ofMillis(50),
                () -> isServed(sandbox));
        return sandbox;
    }

    private boolean isServed(Process sandbox) throws IOException {
        if (!sandbox.isAlive()) {
            throw new AssertionError("the sandbox has ended: " + Files.readString(scratch.resolve("log")));
        }
        Path pid = state.resolve("pid");
        // A file that a killed one has left names another process.
        if (!Files.exists(pid) || !Files.readString(pid).strip().equals(Long.toString(sandbox.pid()))) {
            return false;
        }
        try (SocketChannel trial = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            trial.connect(UnixDomainSocketAddress.of(console()));
            return trial.read(ByteBuffer.allocate(1)) == 1;
        }
    }

    private Process sandboxRun(List<String> as, String... command) throws IOException {
        List<String> words = new ArrayList<>(as);
        words.addAll(List.of(libexec.resolve("sandbox-run").toString(), "--state", state.toString()));
        words.addAll(List.of("--mem", "256M", "--port", Integer.toString(PORT), "--"));
        words.addAll(List.of(command));
        return new ProcessBuilder(words)
                .directory(Path.of("/").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("log").toFile())
                .start();
    }

    private void stop(Process sandbox) throws Exception {
        sandbox.destroy();
        assertThat(exitStatus(sandbox)).isZero();
        assertThat(Files.readString(scratch.resolve("log"))).isEmpty();
        assertThat(Files.readString(state.resolve("output"))).isEqualTo("told to end\n");
        assertThat(remaining()).containsExactlyInAnyOrder("kernel.log", "output");
    }

    private Process connect(List<String> as, int channel, byte[] data) throws IOException {
        Path in = scratch.resolve("sent." + channel);
        Files.write(in, data);
        List<String> words = new ArrayList<>(as);
        words.addAll(
                List.of(libexec.resolve("sandbox-connect").toString(), console().toString()));
        // `perl` as ssh would run it: the file need not be executable.
        words.add(as.size(), "perl");
        return new ProcessBuilder(words)
                .redirectInput(in.toFile())
                .redirectOutput(scratch.resolve("received." + channel).toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private byte[] received(int channel) throws IOException {
        return Files.readAllBytes(scratch.resolve("received." + channel));
    }

    private static byte[] answerTo(byte[] data) {
        ByteBuffer answer = ByteBuffer.allocate(data.length + 4);
        return answer.put((byte) '>')
                .put(data)
                .put("bye".getBytes(StandardCharsets.UTF_8))
                .array();
    }

    private static int exitStatus(Process process) throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("did not end within %d s: %s".formatted(LIMIT_SECONDS, process.info()));
        }
        return process.exitValue();
    }

    private static void run(String... command) throws Exception {
        assertThat(exitStatus(new ProcessBuilder(command).inheritIO().start())).isZero();
    }

    private List<String> remaining() throws IOException {
        try (Stream<Path> files = Files.list(state)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** All processes that have the directory of this test in their command line: the guest's have it, all of them. */
    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).contains(scratch.toString()))
                .toList();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It ended while we looked.
            return "";
        }
    }
}
