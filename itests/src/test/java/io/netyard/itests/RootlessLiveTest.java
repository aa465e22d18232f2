package io.netyard.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.itests.Launcher.Result;
import io.netyard.testing.Eventually;
import io.netyard.testing.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code ./netyard --rootless}: an ordinary user's labs on this kernel, and what is said where the kernel does not let them. */
@Timeout(2 * Launcher.LIMIT_SECONDS)
class RootlessLiveTest {

    /** The user that owns nothing: "nobody" on Debian. */
    private static final String NOBODY = "65534";

    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--inh-caps=-all");

    /** {@code TCP_LISTEN} in /proc/net/tcp, include/net/tcp_states.h. */
    private static final String LISTENING = "0A";

    /** Not below /run, which the rootless appliance has one of its own of, and on a file system of this kernel, where files get owners. */
    private static Path scratch;

    private List<String> before;
    private Path state;

    @BeforeAll
    static void aCopyThatAnybodyCanRead() throws Exception {
        assumeTrue(System.getProperty("netyard.launcher") != null, "run through libexec/test, which says where it is");
        assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "becomes an ordinary user: runs as root, or in the lab kernel (User-mode Linux) as anybody");
        scratch = Files.createTempDirectory(Path.of("/dev/shm"), "rootless");
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
        Launcher.copyTo(scratch.resolve("netyard"));
        own(scratch.resolve("netyard"));
    }

    @AfterAll
    static void removeTheCopy() throws Exception {
        if (scratch != null) {
            Launcher.execute(List.of("rm", "-rf", scratch.toString()));
        }
    }

    @BeforeEach
    void lookAround() throws Exception {
        before = onTheMachine();
        state = Files.createTempDirectory(scratch, "state");
        own(state);
    }

    /** Namespaces that a process made which may not leave a name of them anywhere outside end with the last process in them. */
    @AfterEach
    void nothingOfOursIsLeft() throws Exception {
        Eventually.holds(
                "all processes end",
                () -> Launcher.processesUsing(state).isEmpty()
                        && processesOfNobody().isEmpty());
        assertThat(onTheMachine()).isEqualTo(before);
    }

    @Test
    void buildsALabAndProvesIt() throws Exception {
        boolean vlans = Feature.VLAN_FILTERING.isHere() && Feature.VLAN_8021Q.isHere();
        Launcher user = launcher(AS_NOBODY);
        try {
            Result started = user.run("--rootless", "start");
            assertThat(started.status()).as(started.err()).isZero();
            assertThat(started.err().contains("lacks")).isEqualTo(!vlans);
            assertThat(user.run("status").out()).startsWith("rootless: running");
            assertThat(user.run("run", "netns:create probe --holder pin").status())
                    .isZero();
            assertThat(user.run("run", "netns:create named --holder named").status())
                    .isZero();
            assertThat(Path.of("/run/netns/named")).doesNotExist();

            String stage = vlans ? "vlans" : "plain-bridge";
            Result applied = user.run("run", "lab:apply --stage " + stage + " etc/labs/exp03.yaml");
            assertThat(applied.status()).as(applied.err()).isZero();
            Result verified = user.run("run", "lab:verify --lines exp03");
            assertThat(verified.out()).isEqualTo(Launcher.expectedPhase("exp03", stage));
            assertThat(verified.status()).isZero();
            if (!vlans) {
                Result refused = user.run("run", "lab:stage exp03 vlans");
                assertThat(refused.status()).isEqualTo(1);
                assertThat(refused.err()).contains("bridge VLAN filtering").hasLineCount(1);
            }

            Result inside = user.run("run", "netns:exec exp03/netns1 sh -c 'hostname; id -u; exit 7'");
            assertThat(inside.out()).isEqualTo("netns1\n0\n");
            assertThat(inside.status()).isEqualTo(7);

            // The nodes are there, and not on the machine: nothing but their processes is to be seen.
            assertThat(Console.traces()).contains("process netyard:exp03/netns1 infinity ");
            assertThat(onTheMachine()).isEqualTo(before);
            assertThat(listening()).isEmpty();
        } finally {
            assertThat(user.run("stop").status()).isZero();
        }
        assertThat(processesOfNobody()).isEmpty();
        assertThat(user.run("status").status()).isEqualTo(1);
        assertThat(state.resolve("rootless")).isDirectoryNotContaining("glob:**/{process,inside,port}");
    }

    @Test
    void nothingOutlivesAnApplianceThatIsKilled() throws Exception {
        onTheHostOnly();
        Launcher user = launcher(AS_NOBODY);
        try {
            Result started = user.run("--rootless", "start");
            assertThat(started.status()).as(started.err()).isZero();
            assertThat(user.run("run", "netns:create probe").status()).isZero();
            assertThat(Console.traces()).contains("process netyard:-/probe infinity ");

            String process = Files.readString(state.resolve("rootless/process")).split(" ", 2)[0];
            ProcessHandle.of(Long.parseLong(process)).orElseThrow().destroyForcibly();
            Eventually.holds(
                    "all that it had started ends", () -> processesOfNobody().isEmpty());
            assertThat(user.run("status").status()).isEqualTo(1);
        } finally {
            assertThat(user.run("stop").status()).isZero();
        }
    }

    @Test
    void whereUserNamespacesAreOffTheSandboxIsOffered() throws Exception {
        onTheHostOnly();
        // A limit of one, in a user namespace of its own, which the one that the launcher is in takes up.
        List<String> off = new ArrayList<>(AS_NOBODY);
        off.addAll(List.of("unshare", "--user", "--map-root-user", "sh", "-c"));
        off.addAll(List.of(
                "echo 1 >/proc/sys/user/max_user_namespaces && exec unshare --user --map-user=1000 -- \"$@\"", "sh"));

        Result refused = launcher(off).run("--rootless", "start");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .contains("user namespaces are refused here", "max_user_namespaces", "--sandbox")
                .hasLineCount(1);
        Result chosen = chosen(off, Map.of());
        assertThat(chosen.out()).isEqualTo("sandbox\n");
        assertThat(chosen.err())
                .contains("taking the sandbox", "user namespaces are refused here", "max_user_namespaces")
                .hasLineCount(1);
    }

    @Test
    void whereNamespacesCanBeMadeAndNotUsedTheSandboxIsOffered() throws Exception {
        onTheHostOnly();
        // As security modules do it: the namespaces are made, but without some of the rights that should come with
        // them.
        Result links = chosen(AS_NOBODY, Map.of("PATH", without("net_admin")));
        assertThat(links.out()).isEqualTo("sandbox\n");
        assertThat(links.err())
                .contains("taking the sandbox", "loopback interface", "Operation not permitted")
                .hasLineCount(1);

        Result echo = chosen(AS_NOBODY, Map.of("PATH", without("net_raw")));
        assertThat(echo.out()).isEqualTo("sandbox\n");
        assertThat(echo.err())
                .contains("taking the sandbox", "this is refused: sending ICMP echo requests")
                .hasLineCount(1);
    }

    @Test
    void withoutAFlagWhatThisKernelCanDoDecides() throws Exception {
        boolean vlans = Feature.VLAN_FILTERING.isHere() && Feature.VLAN_8021Q.isHere();
        Result chosen = chosen(AS_NOBODY, Map.of());
        assertThat(chosen.out()).isEqualTo(vlans ? "rootless\n" : "sandbox\n");
        assertThat(chosen.err())
                .contains(vlans ? "without root" : "this kernel lacks bridge VLAN filtering")
                .hasLineCount(1);
    }

    @Test
    void whatCannotBeIsRefused() throws Exception {
        onTheHostOnly();
        Result root = launcher(List.of()).run("--rootless", "start");
        assertThat(root.status()).isEqualTo(1);
        assertThat(root.err()).contains("--host").hasLineCount(1);

        Result hidden = new Launcher(AS_NOBODY, scratch.resolve("netyard/netyard"), Path.of("/run/nowhere"))
                .run("--rootless", "start");
        assertThat(hidden.status()).isEqualTo(1);
        assertThat(hidden.err()).contains("/run/nowhere");
    }

    /** What is the launcher's alone needs no second kernel: a JVM starts slowly there. */
    private static void onTheHostOnly() {
        assumeTrue(!Files.exists(Path.of("/proc/exitcode")), "is the same on every kernel: runs on the host kernel");
    }

    private Launcher launcher(List<String> as) {
        return new Launcher(as, scratch.resolve("netyard/netyard"), state);
    }

    /** The kind of appliance that the launcher takes without a flag, without starting it. */
    private Result chosen(List<String> as, Map<String, String> environment) throws Exception {
        Map<String, String> all = new HashMap<>(environment);
        all.put("NETYARD_STATE", state.toString());
        List<String> command = new ArrayList<>(as);
        command.addAll(
                List.of(
                        "bash",
                        "-c",
                        """
                root=$PWD libexec=$PWD/libexec
                for part in common build appliance instance console; do . "$libexec/lib/$part.sh"; done
                find_java; choose_kind ''; echo "$kind"
                """));
        return Launcher.execute(all, command, scratch.resolve("netyard"));
    }

    /** A PATH where unshare(1) makes namespaces in which a capability is missing. */
    private static String without(String capability) throws IOException {
        Path directory = Files.createTempDirectory(scratch, "path");
        Path unshare = Files.writeString(
                directory.resolve("unshare"),
                """
                #!/bin/bash
                options=()
                while [ "$1" != -- ]; do options+=("$1"); shift; done
                shift
                exec /usr/bin/unshare "${options[@]}" -- setpriv --bounding-set=-%s -- "$@"
                """
                        .formatted(capability));
        for (Path each : List.of(directory, unshare)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return directory + ":" + System.getenv("PATH");
    }

    /** Mounts and interfaces of the machine's own namespaces. */
    private static List<String> onTheMachine() {
        return Console.traces().stream()
                .filter(trace -> trace.startsWith("mount ") || trace.startsWith("interface "))
                .toList();
    }

    /** Addresses on which that user listens in the machine's network namespace: proc_net_tcp.rst. */
    private static List<String> listening() throws IOException {
        List<String> found = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/net/" + table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[3].equals(LISTENING) && fields[7].equals(NOBODY)) {
                    found.add(fields[1]);
                }
            }
        }
        return found;
    }

    private static List<String> processesOfNobody() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(p -> p.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    List<String> status = Files.readAllLines(process.resolve("status"));
                    if (status.stream().anyMatch(line -> line.startsWith("Uid:\t" + NOBODY))
                            && status.stream().noneMatch(line -> line.startsWith("State:\tZ"))) {
                        found.add(status.get(0));
                    }
                } catch (IOException e) {
                    // It ended while we looked.
                    continue;
                }
            }
        }
        return found;
    }

    private static void own(Path path) throws Exception {
        Result owned = Launcher.execute(List.of("chown", "-R", NOBODY + ":" + NOBODY, path.toString()));
        assertThat(owned.status()).as(owned.err()).isZero();
    }
}
