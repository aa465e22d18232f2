package io.netyard.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.itests.Launcher.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What scripts rely on: {@code ./netyard start, run, status, stop}, on this kernel and in the sandbox, as root and as anybody. */
class LauncherLiveTest {

    private static final long LIMIT_SECONDS = Launcher.LIMIT_SECONDS;

    /** The user that owns nothing: "nobody" on Debian. */
    private static final String NOBODY = "65534";

    @TempDir
    Path scratch;

    private List<String> before;

    @BeforeEach
    void onTheHostOnly() {
        assumeFalse(System.getProperty("netyard.launcher") == null, "run through libexec/test, which says where it is");
        assumeTrue(
                Files.isDirectory(Path.of("/usr/lib/uml"))
                        && !System.getProperty("os.version").contains("uml")
                        && !Files.exists(Path.of("/proc/exitcode")),
                "boots the lab kernel by itself: runs on the host kernel");
        before = Console.traces();
    }

    @AfterEach
    void nothingOfOursIsLeft() throws Exception {
        if (before != null) {
            Console.await(() -> Console.traces().equals(before));
            assertThat(Launcher.processesUsing(scratch)).isEmpty();
        }
    }

    @Test
    @Timeout(value = 2 * LIMIT_SECONDS)
    void onThisKernel() throws Exception {
        Path state = Files.createDirectory(scratch.resolve("state"));
        try {
            assertThat(launch(List.of(), state, "--host", "start").status()).isZero();
            assertThat(launch(List.of(), state, "status").out()).contains("running");
            assertThat(launch(List.of(), state, "--host", "start").err()).contains("running");
            contract(List.of(), state);

            Result applied =
                    launch(List.of(), state, "run", "lab:apply --stage cable " + Launcher.labs() + "/exp01.yaml");
            assertThat(applied.status()).as(applied.err()).isZero();
            assertThat(launch(List.of(), state, "run", "lab:verify --lines exp01")
                            .out())
                    .startsWith("phase cable\nping netns1 netns2 OK\nping netns2 netns1 OK\n");
        } finally {
            assertThat(launch(List.of(), state, "--host", "stop").status()).isZero();
        }
        assertThat(launch(List.of(), state, "run", "lab:list").status()).isNotZero();
    }

    @Test
    @Timeout(value = 2 * LIMIT_SECONDS)
    void whatAKilledApplianceHadBegunIsUndoneByTheNext() throws Exception {
        Path state = Files.createDirectory(scratch.resolve("state"));
        Path file = Files.writeString(scratch.resolve("long.yaml"), star("n", 40, "input tcp dport 9 drop"));
        Path grown = Files.writeString(scratch.resolve("grown.yaml"), star("m", 40, "input drop"));
        try {
            assertThat(launch(List.of(), state, "--host", "start").status()).isZero();
            killWhile(state, "lab:apply " + file, "netyard:long/n9");

            assertThat(launch(List.of(), state, "--host", "start").status()).isZero();
            assertThat(launch(List.of(), state, "run", "lab:list --json").out().strip())
                    .isEqualTo("[]");
            assertThat(Console.traces()).isEqualTo(before);
            Result again = launch(List.of(), state, "run", "lab:apply " + file);
            assertThat(again.status()).as(again.err()).isZero();

            // Another one in the place of a lab that is up: it becomes again what it was, its firewall too.
            killWhile(state, "lab:apply " + grown, "netyard:long/m9");
            assertThat(launch(List.of(), state, "--host", "start").status()).isZero();
            assertThat(launch(List.of(), state, "run", "lab:plan " + file).out())
                    .contains("nothing to do");
            assertThat(launch(List.of(), state, "run", "fw:show long/core").out())
                    .contains("in-force")
                    .contains("rule input tcp dport 9 drop")
                    .doesNotContain("rule input drop");
        } finally {
            assertThat(launch(List.of(), state, "--host", "stop").status()).isZero();
        }
    }

    /** So many nodes around a switch, in a node that has a firewall. */
    private static String star(String name, int nodes, String rule) {
        StringBuilder lab = new StringBuilder("lab: long\nnodes:\n  core: {firewall: ['%s']}\n".formatted(rule));
        StringBuilder cables = new StringBuilder("switches: {hub: {node: core}}\nlinks:\n");
        for (int i = 0; i < nodes; i++) {
            lab.append("  %s%d: {}\n".formatted(name, i));
            cables.append("  c%1$d: ['%2$s%1$d:e', hub]\n".formatted(i, name));
        }
        return lab.append(cables).toString();
    }

    /** Kills the appliance when the process of a node shows that the command is half-way. */
    private void killWhile(Path state, String command, String node) throws Exception {
        Path output = scratch.resolve("command.out");
        ProcessBuilder run = new ProcessBuilder(launcher().toString(), "run", command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        run.environment().put("NETYARD_STATE", state.toString());
        Process process = run.start();
        Console.await(() -> Console.traces().stream().anyMatch(trace -> trace.contains(node)));
        ProcessHandle.of(pid(state)).orElseThrow().destroyForcibly();
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(Console.traces()).as("killed half-way").anyMatch(trace -> trace.contains("netyard:long/"));
        assertThat(Files.readString(output)).doesNotContain("is up");
    }

    @Test
    @Timeout(value = 3 * LIMIT_SECONDS)
    void inTheSandboxAsAnOrdinaryUser() throws Exception {
        // The sources may lie where an ordinary user cannot read; what is needed to run is copied, with its times.
        Path copy = scratch.resolve("netyard");
        Launcher.copyTo(copy);
        Path state = Files.createDirectory(scratch.resolve("state"));
        Files.setPosixFilePermissions(scratch, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        Launcher.execute(List.of("chown", "-R", NOBODY + ":" + NOBODY, copy.toString(), state.toString()));
        List<String> asNobody =
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--inh-caps=-all");
        Path launcher = copy.resolve("netyard");
        Result refused = launch(asNobody, state, launcher, "--host", "start");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.err()).contains("root").hasLineCount(1);
        try {
            Result started = launch(asNobody, state, launcher, "--sandbox", "start");
            assertThat(started.status()).as(started.err()).isZero();
            contract(asNobody, state, launcher);

            Result applied = launch(asNobody, state, launcher, "run", "lab:apply --stage vlans etc/labs/exp03.yaml");
            assertThat(applied.status()).as(applied.err()).isZero();
            Result verified = launch(asNobody, state, launcher, "run", "lab:verify --lines exp03");
            assertThat(verified.out()).isEqualTo(Launcher.expectedPhase("exp03", "vlans"));
            assertThat(verified.status()).isZero();

            afterARestartOfTheMachine(new Launcher(asNobody, launcher, state));
        } finally {
            assertThat(launch(asNobody, state, launcher, "--sandbox", "stop").status())
                    .isZero();
        }
        assertThat(state.resolve("sandbox/data/labs")).doesNotExist();
    }

    /** A start of the sandbox is one. */
    private static void afterARestartOfTheMachine(Launcher launcher) throws Exception {
        must(launcher, "run", "lab:autostart exp03 on");
        must(launcher, "run", "lab:apply --stage cable etc/labs/exp01.yaml");
        must(launcher, "--sandbox", "stop", "--keep");
        must(launcher, "--sandbox", "start");

        Result lost = must(launcher, "run", "lab:list");
        assertThat(lost.out()).containsPattern("exp01 .* lost .*");
        assertThat(lost.out())
                .contains("exp01: it ended when the machine was restarted; lab:recover exp01 brings it back,"
                        + " lab:destroy exp01 forgets it");
        Console.await(() -> isUp(launcher, "exp03"));
        assertThat(must(launcher, "run", "lab:verify --lines exp03").out())
                .isEqualTo(Launcher.expectedPhase("exp03", "vlans"));
        must(launcher, "run", "lab:recover exp01");
        assertThat(must(launcher, "run", "lab:verify --lines exp01").out())
                .startsWith("phase cable\nping netns1 netns2 OK\n");
    }

    private static boolean isUp(Launcher launcher, String lab) {
        try {
            return Pattern.compile(lab + " .* up .*")
                    .matcher(must(launcher, "run", "lab:list").out())
                    .find();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Result must(Launcher launcher, String... arguments) throws Exception {
        Result result = launcher.run(arguments);
        assertThat(result.status())
                .as(String.join(" ", arguments) + ": " + result.err())
                .isZero();
        return result;
    }

    /** However the appliance ends, and whichever version comes after it. */
    @Test
    @Timeout(value = 3 * LIMIT_SECONDS)
    void noPacketIsLostWhenTheApplianceIsKilledStoppedAndUpgraded() throws Exception {
        Path state = Files.createDirectory(scratch.resolve("state"));
        Path file = Files.writeString(
                scratch.resolve("kept.yaml"),
                """
                lab: kept
                nodes:
                  a: {interfaces: {e: {addresses: [10.75.0.1/24]}}}
                  b: {interfaces: {e: {addresses: [10.75.0.2/24]}}}
                  hub: {firewall: [input drop]}
                switches: {br: {node: hub}}
                links: {one: ["a:e", br], two: ["b:e", br]}
                """);
        Path copy = scratch.resolve("another");
        Launcher.copyTo(copy);
        Launcher appliance = new Launcher(List.of(), launcher(), state);
        Launcher upgraded = new Launcher(List.of(), copy.resolve("netyard"), state);
        try {
            must(appliance, "--host", "start");
            must(appliance, "run", "lab:apply " + file);
            try (PacketStream stream = new PacketStream(holder("kept/a"), holder("kept/b"), "10.75.0.2")) {
                ProcessHandle.of(pid(state)).orElseThrow().destroyForcibly();
                must(appliance, "--host", "start");
                requireManaged(appliance, file);
                must(appliance, "--host", "stop", "--keep");
                must(upgraded, "--host", "start");
                requireManaged(upgraded, file);

                PacketStream.Figures figures = stream.finish();
                System.out.println("appliance killed, stopped, upgraded: " + figures);
                assertThat(figures.lost()).isZero();
                assertThat(figures.sent()).isGreaterThan(1_000);
            }
        } finally {
            must(upgraded, "--host", "stop");
        }
    }

    private static void requireManaged(Launcher launcher, Path file) throws Exception {
        assertThat(must(launcher, "run", "lab:plan " + file).out()).contains("nothing to do");
        assertThat(must(launcher, "run", "lab:show kept").out()).doesNotContain("gone");
        assertThat(isUp(launcher, "kept")).isTrue();
    }

    private static long pid(Path state) throws Exception {
        return Long.parseLong(Files.readString(state.resolve("host/process")).split(" ", 2)[0]);
    }

    private static long holder(String node) throws Exception {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).startsWith("netyard:" + node + "\0"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (java.io.IOException e) {
            // It ended while we looked.
            return "";
        }
    }

    /** Output on stdout and nothing else, errors on stderr, the command's own status. */
    private void contract(List<String> as, Path state) throws Exception {
        contract(as, state, launcher());
    }

    private void contract(List<String> as, Path state, Path launcher) throws Exception {
        Result listed = launch(as, state, launcher, "run", "lab:list --json");
        assertThat(listed.status()).isZero();
        assertThat(listed.out().strip()).startsWith("[").endsWith("]");
        assertThat(listed.err()).isEmpty();

        Result refused = launch(as, state, launcher, "run", "netns:show ghost");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("ghost").hasLineCount(1);

        assertThat(launch(as, state, launcher, "run", "netns:create probe").status())
                .isZero();
        Result status = launch(as, state, launcher, "run", "netns:exec probe sh -c 'hostname; exit 7'");
        assertThat(status.out()).isEqualTo("probe\n");
        assertThat(status.status()).isEqualTo(7);
        Result missing = launch(as, state, launcher, "run", "netns:exec probe no-such-program");
        assertThat(missing.status()).as(missing.err()).isEqualTo(127);
        assertThat(missing.err()).contains("probe: ").hasLineCount(1);
        signals(new Launcher(as, launcher, state));
        aReaderThatGoesEndsTheCommand(new Launcher(as, launcher, state));
        assertThat(launch(as, state, launcher, "run", "netns:destroy probe").status())
                .isZero();
    }

    /** The command decides what a signal does, and has the last word. */
    private static void signals(Launcher launcher) throws Exception {
        String handles = "trap \"echo last words; exit 5\" INT; echo ready; while :; do sleep 0.1; done";
        Result handled = launcher.signalled("INT", "netns:exec probe sh -c '" + handles + "'");
        assertThat(handled.out()).isEqualTo("ready\nlast words\n");
        assertThat(handled.status()).isEqualTo(5);
        for (Map.Entry<String, Integer> signal : Map.of("INT", 130, "TERM", 143).entrySet()) {
            Result ended = launcher.signalled(signal.getKey(), "netns:exec probe sh -c 'echo ready; exec sleep 300'");
            assertThat(ended.status()).as(signal.getKey()).isEqualTo(signal.getValue());
        }
    }

    private static void aReaderThatGoesEndsTheCommand(Launcher launcher) throws Exception {
        Result head = launcher.piped("netns:exec probe yes", "head -n 2");
        assertThat(head.out()).isEqualTo("y\ny\n");
        assertThat(head.err()).isEmpty();
        assertThat(head.status()).isEqualTo(141);
    }

    private Result launch(List<String> as, Path state, String... arguments) throws Exception {
        return launch(as, state, launcher(), arguments);
    }

    private Result launch(List<String> as, Path state, Path launcher, String... arguments) throws Exception {
        return new Launcher(as, launcher, state).run(arguments);
    }

    private static Path launcher() {
        return Launcher.program();
    }
}
