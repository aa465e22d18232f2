package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.api.ProgramException;
import io.netyard.api.RequestException;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.Netns.Origin;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.Way;
import io.netyard.api.netns.Way.Member;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs and shells in the namespaces of others, of every type. */
@LiveKernel
@Timeout(180)
class WaysInLiveTest {

    private static final Set<NamespaceType> ALL = EnumSet.allOf(NamespaceType.class);

    @TempDir
    Path temporary;

    private LiveNamespaces live;

    @BeforeEach
    void service() {
        live = new LiveNamespaces(temporary.resolve("state"));
    }

    @AfterEach
    void close() {
        live.close();
    }

    @Test
    void allNamespacesOfAProcessAreEntered() throws Exception {
        try (Elsewhere there = new Elsewhere(Elsewhere.ALL)) {
            Way way = way(there, ALL);
            for (String type : List.of("user", "net", "uts", "ipc", "cgroup", "mnt", "pid")) {
                assertThat(output(way, "readlink", "/proc/self/ns/" + type)).isEqualTo(there.namespace(type) + "\n");
            }
            assertThat(output(way, "id", "-u")).isEqualTo("0\n");
            // The file system and the pids are those of in there.
            assertThat(output(way, "readlink", "/proc/1/ns/mnt")).isEqualTo(there.namespace("mnt") + "\n");
        }
    }

    @Test
    void onlyTheTypesThatAreAskedFor() throws Exception {
        try (Elsewhere there = new Elsewhere(Elsewhere.ALL)) {
            Way way = way(there, EnumSet.of(NamespaceType.IPC, NamespaceType.PID));

            assertThat(output(way, "readlink", "/proc/self/ns/ipc")).isEqualTo(there.namespace("ipc") + "\n");
            assertThat(output(way, "readlink", "/proc/self/ns/pid")).isEqualTo(there.namespace("pid") + "\n");
            for (String type : List.of("net", "uts", "mnt", "user", "cgroup")) {
                assertThat(output(way, "readlink", "/proc/self/ns/" + type))
                        .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns", type)) + "\n");
            }
        }
    }

    @Test
    void aTimeNamespaceIsEnteredWhereTheKernelHasThem() throws Exception {
        assumeTrue(
                Files.exists(Path.of("/proc/self/ns/time")),
                "this kernel has no time namespaces: runs on the host kernel");
        try (Elsewhere there =
                new Elsewhere(List.of("--net", "--time", "--boottime", "100000", "--fork", "--kill-child"))) {
            Way way = way(there, EnumSet.of(NamespaceType.TIME));

            assertThat(output(way, "readlink", "/proc/self/ns/time")).isEqualTo(there.namespace("time") + "\n");
        }
    }

    /** No process in between takes what is the program's. */
    @Test
    void statusAndSignalsAreThePrograms() throws Exception {
        try (Elsewhere there = new Elsewhere(Elsewhere.ALL)) {
            Way way = way(there, ALL);
            assertThat(status(way, "exit 7")).isEqualTo(7);
            assertThat(status(way, "exit 255")).isEqualTo(255);
            assertThat(status(way, "kill -TERM $$")).isEqualTo(143);
            try (NetnsProcess process = start(way, "trap 'exit 9' INT; echo r; while :; do sleep 0.1; done")) {
                assertThat(process.output().read()).isEqualTo('r');
                process.signal(2);
                assertThat(process.waitFor(Eventually.LIMIT)).hasValue(9);
            }
            try (NetnsProcess process = start(way, "echo r; exec sleep 300")) {
                assertThat(process.output().read()).isEqualTo('r');
                process.signal(2);
                assertThat(process.waitFor(Eventually.LIMIT)).hasValue(130);
            }
        }
    }

    @Test
    void tenMegabytesOfAnythingComeBackAsTheyWere() throws Exception {
        byte[] bytes = new byte[10 << 20];
        new Random(7).nextBytes(bytes);
        try (Elsewhere there = new Elsewhere(Elsewhere.ALL);
                NetnsProcess process = live.service.start(way(there, ALL), List.of("cat"), null)) {
            Thread feeder = new Thread(() -> {
                try (OutputStream to = process.input()) {
                    to.write(bytes);
                } catch (IOException e) {
                    // The digest tells.
                }
            });
            feeder.start();
            byte[] back = process.output().readAllBytes();
            feeder.join();

            assertThat(back).hasSameSizeAs(bytes);
            assertThat(MessageDigest.getInstance("SHA-256").digest(back))
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest(bytes));
            assertThat(process.waitFor(Eventually.LIMIT)).hasValue(0);
        }
    }

    @Test
    void nobodyIsInAUserNamespaceThatKnowsNobody() throws Exception {
        try (Elsewhere there = new Elsewhere(List.of("--user", "--net"))) {
            assertThatThrownBy(() -> start(way(there, ALL), "true"))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("uid_map is empty");
        }
    }

    /** Without 0 in the map the lowest that is in it. */
    @Test
    void oneIsWhoThereIsToBe() throws Exception {
        try (Elsewhere there = new Elsewhere(List.of("--user", "--map-user=1234", "--map-group=567", "--net"))) {
            assertThat(output(way(there, ALL), "sh", "-c", "id -u; id -g")).isEqualTo("1234\n567\n");
        }
    }

    @Test
    void ofSeveralRangesOfIdsTheLowestCounts() throws Exception {
        try (Elsewhere there = new Elsewhere(List.of("--user", "--net"))) {
            Path process = Processes.directory(there.pid());
            Files.writeString(process.resolve("uid_map"), "7 0 1\n3 1 1\n");
            Files.writeString(process.resolve("gid_map"), "9 0 1\n5 1 1\n");

            assertThat(output(way(there, ALL), "sh", "-c", "id -u; id -g")).isEqualTo("3\n5\n");
        }
    }

    // Other files

    @Test
    void aRootThatHasOnlyAShell() throws Exception {
        Path root = rootWith("/bin/sh");
        Files.createSymbolicLink(root.resolve("bin/outside"), Path.of("/usr/bin/env"));
        Files.createSymbolicLink(root.resolve("bin/inside"), Path.of("/bin/sh"));
        Files.writeString(root.resolve("bin/data"), "no program");
        try (Elsewhere there = new Elsewhere(
                List.of("--net", "--uts", "--mount"),
                "chroot",
                root.toString(),
                "/bin/sh",
                "-c",
                "echo ready; read line")) {
            Way way = way(there, ALL);

            assertThat(output(way, "sh", "-c", "pwd; echo $HOME; echo /*")).isEqualTo("/\n/\n" + list(root) + "\n");
            assertThat(output(way, "/bin/inside", "-c", "echo in")).isEqualTo("in\n");
            assertThatThrownBy(() -> live.service.start(way, List.of("/bin/bash"), null))
                    .isInstanceOf(ProgramException.class)
                    .hasMessageEndingWith("there is no /bin/bash in there; there is /bin/sh")
                    .extracting(e -> ((ProgramException) e).status())
                    .isEqualTo(127);
            assertThatThrownBy(() -> live.service.start(way, List.of("ls"), null))
                    .isInstanceOf(ProgramException.class)
                    .hasMessageContaining("no program 'ls' in PATH; there is /bin/sh");
            // A link that leads out leads to nothing in there.
            assertThatThrownBy(() -> live.service.start(way, List.of("/bin/outside"), null))
                    .isInstanceOf(ProgramException.class)
                    .hasMessageContaining("there is no /bin/outside");
            assertThatThrownBy(() -> live.service.start(way, List.of("/bin/data"), null))
                    .isInstanceOf(ProgramException.class)
                    .extracting(e -> ((ProgramException) e).status())
                    .isEqualTo(126);
            try (NetnsProcess shell = live.service.enter(way, "/bin/bash", new TerminalSize(80, 24))) {
                Conversation conversation = new Conversation(shell);
                conversation.type("echo $0; exit 5");
                assertThat(conversation.readUntil("/bin/sh\r\n")).contains("pid " + there.pid() + ":/# ");
                assertThat(shell.waitFor(Eventually.LIMIT)).hasValue(5);
            }
        }
    }

    @Test
    void aRootWithoutAShell() throws Exception {
        Path root = rootWith("/bin/cat");
        try (Elsewhere there = new Elsewhere(
                List.of("--net", "--mount"), "sh", "-c", "echo ready; exec chroot " + root + " /bin/cat")) {
            Eventually.holds("cat runs", () -> Processes.arguments(there.pid()).startsWith("/bin/cat"));
            Way way = way(there, ALL);

            assertThatThrownBy(() -> live.service.enter(way, "", null))
                    .isInstanceOf(ProgramException.class)
                    .hasMessageContaining("no shell in there");
            assertThatThrownBy(() -> live.service.start(way, List.of("/bin/bash"), null))
                    .hasMessageEndingWith("there is no /bin/bash in there, nor any shell");
        }
    }

    // Prompts

    @Test
    void thePromptShowsTheNodesHostName() throws Exception {
        Netns web = live.create("web");
        Way way = live.service.way(web.label(), Way.DEFAULT);
        for (String shell : List.of("/bin/bash", "/bin/sh")) {
            try (NetnsProcess process = live.service.enter(way, shell, new TerminalSize(80, 24))) {
                Conversation conversation = new Conversation(process);
                assertThat(conversation.readUntil("web")).doesNotContain("hostname");
                conversation.type("hostname; exit");
                conversation.readUntil("web\r\n");
            }
        }
    }

    @Test
    void whatHasNoHostNameOfItsOwnIsNamedInThePrompt() throws Exception {
        try (Elsewhere there = new Elsewhere(List.of("--net"))) {
            for (String shell : List.of("/bin/bash", "/bin/sh")) {
                try (NetnsProcess process =
                        live.service.enter(way(there, Way.DEFAULT), shell, new TerminalSize(80, 24))) {
                    new Conversation(process).readUntil("pid " + there.pid());
                }
            }
        }
    }

    // Who is meant

    @Test
    void aPlaceIsFoundByEveryInodeThatItHas() throws Exception {
        try (Elsewhere there = new Elsewhere(Elsewhere.ALL)) {
            for (String type : List.of("net", "uts", "mnt", "pid", "user", "ipc", "cgroup")) {
                String link = there.namespace(type);
                String inode = link.substring(link.indexOf('[') + 1, link.length() - 1);
                for (String meant : List.of(link, inode)) {
                    assertThat(live.service.resolve(meant).ref().toString())
                            .as(meant)
                            .isEqualTo(there.namespace("net"));
                    assertThat(output(live.service.way(meant, Way.DEFAULT), "readlink", "/proc/self/ns/net"))
                            .as(meant)
                            .isEqualTo(there.namespace("net") + "\n");
                }
            }
        }
    }

    @Test
    void aPlaceIsFoundByItsHostNameAndNodesComeFirst() throws Exception {
        String name = "elsewhere-" + ProcessHandle.current().pid();
        String script = "hostname %s; echo ready; read line".formatted(name);
        try (Elsewhere there = new Elsewhere(List.of("--net", "--uts"), "sh", "-c", script)) {
            assertThat(live.service.resolve(name).ref().toString()).isEqualTo(there.namespace("net"));
            assertThat(output(live.service.way(name, Way.DEFAULT), "hostname")).isEqualTo(name + "\n");

            try (Elsewhere second = new Elsewhere(List.of("--net", "--uts"), "sh", "-c", script)) {
                assertThatThrownBy(() -> live.service.resolve(name))
                        .isInstanceOf(RequestException.class)
                        .hasMessageContaining("ambiguous")
                        .hasMessageContaining(there.namespace("uts"))
                        .hasMessageContaining(second.namespace("uts"));
            }

            Netns node = live.create(name);
            assertThat(live.service.resolve(name).ref()).isEqualTo(node.ref());
        }
    }

    @Test
    void theProcessThatIsNamedIsMeantAndNotTheFirstInItsNetworkNamespace() throws Exception {
        try (Elsewhere there =
                new Elsewhere(List.of("--uts"), "sh", "-c", "hostname only-uts; echo ready; read line")) {
            Way way = live.service.way(Long.toString(there.pid()), Way.DEFAULT);

            assertThat(live.service.resolve(Long.toString(there.pid())).origin())
                    .isEqualTo(Origin.HOST);
            assertThat(output(way, "hostname")).isEqualTo("only-uts\n");
        }
    }

    /** Between the question and the answer the process ends, and another one gets its pid. */
    @Test
    void anotherProcessOfTheSamePidIsNotEntered() throws Exception {
        Way stale;
        try (Elsewhere there = new Elsewhere(Elsewhere.ALL)) {
            Way way = way(there, ALL);
            Member before = new Member(there.pid(), way.member().orElseThrow().startTime() - 1);
            Way reused = new Way(way.label(), way.net(), Optional.of(before), way.types());

            assertThatThrownBy(() -> start(reused, "true"))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("is that of another process now");
            stale = way;
        }
        assertThatThrownBy(() -> start(stale, "true"))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("has ended");
    }

    @Test
    void aZombieIsInNoNamespace() throws Exception {
        try (Elsewhere there = new Elsewhere(List.of("--net"), "sh", "-c", "sleep 0.2 & echo ready; exec cat")) {
            Eventually.holds("a zombie", () -> zombie(there.pid()).isPresent());
            long zombie = zombie(there.pid()).orElseThrow();

            assertThatThrownBy(() -> live.service.way(Long.toString(zombie), ALL))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("it is a zombie");
        }
    }

    private static Optional<Long> zombie(long parent) {
        return Processes.pids().stream()
                .filter(pid -> Processes.isZombie(pid) && parent(pid) == parent)
                .findFirst();
    }

    private static long parent(long pid) {
        try {
            String stat = Files.readString(Processes.directory(pid).resolve("stat"), StandardCharsets.ISO_8859_1);
            return Long.parseLong(Processes.fields(stat).orElseThrow()[1]);
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void aKernelThreadIsNoWayIn() {
        Optional<Long> thread =
                Processes.pids().stream().filter(Processes::isKernelThread).findFirst();
        assumeTrue(thread.isPresent(), "no kernel thread is seen in this pid namespace: runs on the lab kernel");

        assertThatThrownBy(() -> live.service.resolve(thread.get().toString()))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("is a kernel thread")
                .hasMessageContaining("say 'host'");
    }

    /** MAX_ARG_STRLEN is 32 pages. */
    @Test
    void argumentsThatAreTooLongAreSaidInOneLine() throws Exception {
        String huge = "x".repeat(4 << 20);
        try (Elsewhere there = new Elsewhere(Elsewhere.ALL)) {
            for (Set<NamespaceType> types : List.of(Way.DEFAULT, ALL)) {
                Way way = way(there, types);
                assertThatThrownBy(() -> live.service.start(way, List.of("echo", huge), null))
                        .isInstanceOf(ProgramException.class)
                        .hasMessageContaining("too long")
                        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(200));
            }
        }
    }

    // Helpers

    private Way way(Elsewhere there, Set<NamespaceType> types) {
        return live.service.way(Long.toString(there.pid()), types);
    }

    private NetnsProcess start(Way way, String script) {
        return live.service.start(way, List.of("sh", "-c", script), null);
    }

    private String output(Way way, String... command) throws Exception {
        try (NetnsProcess process = live.service.start(way, List.of(command), null)) {
            String output = LiveNamespaces.text(process.output());
            assertThat(LiveNamespaces.text(process.error())).isEmpty();
            assertThat(process.waitFor(Eventually.LIMIT)).hasValue(0);
            return output;
        }
    }

    private int status(Way way, String script) throws Exception {
        try (NetnsProcess process = start(way, script)) {
            return process.waitFor(Eventually.LIMIT).orElseThrow();
        }
    }

    /** The program and the libraries that it needs, and nothing else. */
    private Path rootWith(String program) throws Exception {
        Path root = Files.createDirectory(temporary.resolve("root"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> files = new ArrayList<>(List.of(program));
        Arrays.stream(Foreign.run("ldd", program).split("\\s+"))
                .filter(word -> word.startsWith("/"))
                .forEach(files::add);
        for (String file : files) {
            Path copy = root.resolve(file.substring(1));
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(file).toRealPath(), copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
        return root;
    }

    private static String list(Path root) throws IOException {
        try (var entries = Files.list(root)) {
            return String.join(
                    " ",
                    entries.map(entry -> "/" + entry.getFileName()).sorted().toList());
        }
    }
}
