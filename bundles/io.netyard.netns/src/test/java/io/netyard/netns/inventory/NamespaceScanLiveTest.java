package io.netyard.netns.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.Holding.Kind;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.Inventory.Look;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a host full of namespaces, compared with what lsns, ps, ip and /proc itself say. */
@LiveKernel
@Timeout(180)
class NamespaceScanLiveTest {

    private static final Set<NamespaceType> ALL = EnumSet.allOf(NamespaceType.class);

    /** Others start and end processes on this host, too: what differs once is looked at again. */
    private static final int ATTEMPTS = 20;

    @TempDir
    static Path directory;

    private static WildHost host;

    @BeforeAll
    static void make() throws Exception {
        host = new WildHost(directory);
        for (String name : List.of("net", "joined", "three", "socket", "private mount", "descriptor")) {
            Eventually.holds(name + " sleeps", () -> NamespaceScan.process(host.pid(name))
                    .orElseThrow()
                    .command()
                    .equals("sleep 300"));
        }
    }

    @AfterAll
    static void end() throws Exception {
        if (host != null) {
            host.close();
        }
    }

    // Compared with others

    /**
     * Not compared: namespaces without a process, which lsns (2.38) leaves out unless it is the appliance's own that has them;
     * commands with characters that lsns writes in its own way, and their length. It leaves the brackets of kernel threads and zombies
     * away, and shows mounts of network namespaces only, each once, as its own mount namespace sees them.
     */
    @Test
    void agreesWithLsnsInEveryField() throws Exception {
        List<String> differences = List.of("never looked");
        for (int i = 0; i < ATTEMPTS && !differences.isEmpty(); i++) {
            Map<NamespaceId, Map<String, String>> before = Lsns.now();
            Look look = NamespaceScan.look(ALL);
            Map<NamespaceId, Map<String, String>> after = Lsns.now();
            differences = differences(look, before, after);
        }
        assertThat(differences).isEmpty();
    }

    private static List<String> differences(
            Look look, Map<NamespaceId, Map<String, String>> before, Map<NamespaceId, Map<String, String>> after) {
        List<String> differences = new ArrayList<>();
        Map<NamespaceId, HostNamespace> ours = byId(look);
        before.forEach((id, row) -> {
            if (row.equals(after.get(id))) {
                HostNamespace our = ours.get(id);
                if (our == null) {
                    differences.add("not found: " + row);
                } else {
                    differences(our, row, look.host().containsValue(id), differences);
                }
            }
        });
        ours.forEach((id, our) -> {
            if (!our.pids().isEmpty() && !before.containsKey(id) && !after.containsKey(id)) {
                differences.add("lsns does not know " + our);
            }
        });
        return differences;
    }

    private static void differences(
            HostNamespace our, Map<String, String> row, boolean ofLsns, List<String> differences) {
        HostProcess first = our.first().orElseThrow(() -> new AssertionError("no process: " + our));
        Map<String, String> told = new TreeMap<>();
        told.put("nprocs", Integer.toString(our.pids().size() + (ofLsns ? 1 : 0)));
        told.put("pid", Long.toString(first.pid()));
        told.put("ppid", Long.toString(first.parent()));
        told.put("uid", Long.toString(first.uid()));
        told.put("user", first.user());
        told.put("ons", our.owner().map(owner -> Long.toString(owner.inode())).orElse("0"));
        told.put(
                "pns",
                (our.id().type() == NamespaceType.USER ? our.owner() : our.parent())
                        .map(parent -> Long.toString(parent.inode()))
                        .orElse("0"));
        told.put("command", first.command().replaceFirst("^\\[(.*)]$", "$1"));
        told.forEach((column, value) -> {
            boolean comparable = !column.equals("command") || isPlain(row.get(column)) && value.length() < 2000;
            if (comparable && !row.get(column).strip().equals(value)) {
                differences.add("%s: %s is '%s', lsns says '%s'".formatted(our.id(), column, value, row.get(column)));
            }
        });
        if (!row.get("nsfs").isEmpty()) {
            Optional<Holding> mount = holding(our, Kind.MOUNT);
            if (!List.of(row.get("nsfs").split("\\\\n"))
                    .contains(mount.map(Holding::path).orElse(""))) {
                differences.add("%s: mounted at %s, lsns says %s".formatted(our.id(), mount, row.get("nsfs")));
            }
        }
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '\\');
    }

    /** The plain way: a readlink for each link of each process. */
    @Test
    void agreesWithProcAboutWhoIsWhere() throws Exception {
        List<String> differences = List.of("never looked");
        for (int i = 0; i < ATTEMPTS && !differences.isEmpty(); i++) {
            Map<NamespaceId, Set<Long>> before = links();
            Look look = NamespaceScan.look(ALL);
            Map<NamespaceId, Set<Long>> after = links();
            List<String> found = new ArrayList<>();
            Map<NamespaceId, HostNamespace> ours = byId(look);
            before.forEach((id, pids) -> {
                if (pids.equals(after.get(id))
                        && !(ours.containsKey(id)
                                && ours.get(id).pids().equals(pids.stream().toList()))) {
                    found.add(id + " has " + pids + ", not " + ours.get(id));
                }
            });
            differences = found;
        }
        assertThat(differences).isEmpty();
    }

    private static Map<NamespaceId, Set<Long>> links() throws IOException {
        Map<NamespaceId, Set<Long>> found = new TreeMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                for (NamespaceType type : NamespaceType.values()) {
                    try {
                        NamespaceId.parse(Files.readSymbolicLink(
                                                process.resolve("ns").resolve(type.word()))
                                        .toString())
                                .ifPresent(id -> found.computeIfAbsent(id, none -> new TreeSet<>())
                                        .add(Long.parseLong(
                                                process.getFileName().toString())));
                    } catch (IOException e) {
                        // A zombie, or gone.
                    }
                }
            }
        }
        return found;
    }

    @Test
    void agreesWithPsAboutTheNamespacesOfAProcess() throws Exception {
        String columns = "netns,ipcns,mntns,pidns,userns,utsns,timens,cgroupns";
        List<NamespaceType> types = List.of(
                NamespaceType.NET,
                NamespaceType.IPC,
                NamespaceType.MNT,
                NamespaceType.PID,
                NamespaceType.USER,
                NamespaceType.UTS,
                NamespaceType.TIME,
                NamespaceType.CGROUP);
        String pids =
                host.pids().values().stream().map(pid -> Long.toString(pid)).collect(Collectors.joining(","));
        List<String> lines = Run.command("ps", "-o", "pid=," + columns.replace(",", "=,") + "=", "-p", pids)
                .lines()
                .toList();
        assertThat(lines).hasSize(host.pids().size());
        for (String line : lines) {
            String[] told = line.strip().split("\\s+");
            Map<NamespaceType, NamespaceId> ours = NamespaceScan.namespacesOf(Long.parseLong(told[0]));
            for (int i = 0; i < types.size(); i++) {
                NamespaceId our = ours.get(types.get(i));
                assertThat(our == null ? "-" : Long.toString(our.inode())).isEqualTo(told[i + 1]);
            }
        }
    }

    @Test
    void whatIpNamesIsThereByThatName() throws Exception {
        boolean made = !Files.exists(Path.of("/run/netns"));
        String name = "wild-" + ProcessHandle.current().pid();
        Run.command("ip", "netns", "add", name);
        try {
            Look look = NamespaceScan.look(Set.of(NamespaceType.NET));
            for (String line : Run.command("ip", "netns", "list").lines().toList()) {
                Path file = Path.of("/run/netns", line.split(" ")[0]);
                long inode = ((Number) Files.getAttribute(file, "unix:ino")).longValue();
                assertThat(holding(byId(look).get(net(inode)), Kind.MOUNT)
                                .orElseThrow()
                                .path())
                        .isIn(file.toString(), "/var" + file);
            }
        } finally {
            Run.command("ip", "netns", "delete", name);
            if (made) {
                Run.command("umount", "/run/netns");
                Files.delete(Path.of("/run/netns"));
            }
        }
    }

    // What others do not see

    @Test
    void findsWhatNothingButAMountHolds() throws Exception {
        HostNamespace mounted = one(namespace ->
                path(namespace, Kind.MOUNT).equals(host.file("mounted").toString()));

        assertThat(mounted.pids()).isEmpty();
        assertThat(mounted.first()).isEmpty();
        assertThat(mounted.hostname()).isEmpty();
        assertThat(mounted.owner()).contains(NamespaceScan.namespacesOf(self()).get(NamespaceType.USER));
        assertThat(mounted.userNamespace()).isEqualTo(mounted.owner());
        assertThat(mounted.id().inode())
                .isEqualTo(((Number) Files.getAttribute(host.file("mounted"), "unix:ino")).longValue());
        assertThat(mounted.holdings()).singleElement().satisfies(holding -> assertThat(holding.kind())
                .isEqualTo(Kind.MOUNT));
    }

    /** The upper of two mounts on one file is opened by the path; the lower one is there, but there is no way to it. */
    @Test
    void aMountThatAnotherOneCoversIsFoundWithoutAPath() {
        List<HostNamespace> before = look(NamespaceType.NET);

        assertThat(before.stream().filter(namespace -> path(namespace, Kind.MOUNT)
                        .equals(host.file("covered").toString())))
                .hasSize(1);
        assertThat(before.stream().filter(namespace -> holding(namespace, Kind.MOUNT)
                        .filter(mount -> mount.path().isEmpty())
                        .isPresent()))
                .isNotEmpty()
                .allSatisfy(namespace -> assertThat(namespace.pids()).isEmpty());
    }

    @Test
    void findsMountsInMountNamespacesOfOthers() {
        long viewer = host.pid("private mount");

        HostNamespace found = one(
                namespace -> path(namespace, Kind.MOUNT).equals("/proc/" + viewer + "/root" + host.file("private")));

        assertThat(holding(found, Kind.MOUNT).orElseThrow().pid()).hasValue(viewer);
        assertThat(found.pids()).isEmpty();
        assertThat(found.owner()).isPresent();
    }

    @Test
    void findsMountsWhereNoProcessIs() {
        HostNamespace found = one(namespace -> holding(namespace, Kind.MOUNT)
                .filter(mount -> mount.pid().isEmpty())
                .isPresent());

        assertThat(found.holdings()).containsExactly(new Holding(Kind.MOUNT, OptionalLong.empty(), ""));
        assertThat(found.pids()).isEmpty();
        assertThat(look(NamespaceType.MNT)).anyMatch(namespace -> path(namespace, Kind.MOUNT)
                .equals(host.file("kept").resolve("mnt").toString()));
    }

    @Test
    void findsWhatNothingButAnOpenDescriptorHolds() {
        HostNamespace found =
                one(namespace -> path(namespace, Kind.DESCRIPTOR).equals("/proc/" + host.pid("descriptor") + "/fd/9"));

        assertThat(found.holdings())
                .containsExactly(new Holding(
                        Kind.DESCRIPTOR,
                        OptionalLong.of(host.pid("descriptor")),
                        "/proc/" + host.pid("descriptor") + "/fd/9"));
        assertThat(found.owner()).isPresent();
    }

    @Test
    void findsWhatNothingButASocketHolds() {
        HostNamespace found =
                one(namespace -> path(namespace, Kind.SOCKET).startsWith("/proc/" + host.pid("socket") + "/fd/"));

        assertThat(found.holdings()).singleElement().satisfies(holding -> assertThat(holding.kind())
                .isEqualTo(Kind.SOCKET));
        assertThat(found.owner()).isPresent();
    }

    @Test
    void findsAThreadWhoseProcessIsElsewhere() {
        HostNamespace found = one(namespace -> namespace.id().equals(host.ofThread()));

        assertThat(found.pids()).isEmpty();
        assertThat(found.holdings()).singleElement().satisfies(holding -> {
            assertThat(holding.kind()).isEqualTo(Kind.THREAD);
            assertThat(holding.pid()).hasValue(self());
            assertThat(holding.path()).startsWith("/proc/" + self() + "/task/").endsWith("/ns/net");
        });
    }

    @Test
    void findsTheUserNamespaceBetweenTwo() {
        NamespaceId inner = NamespaceScan.namespacesOf(host.pid("user in user")).get(NamespaceType.USER);
        Map<NamespaceId, HostNamespace> all = byId(NamespaceScan.look(Set.of(NamespaceType.USER)));

        HostNamespace between = all.get(all.get(inner).owner().orElseThrow());

        assertThat(between.pids()).isEmpty();
        assertThat(between.holdings()).containsExactly(new Holding(Kind.RELATIVE, OptionalLong.empty(), ""));
        assertThat(between.owner()).contains(NamespaceScan.namespacesOf(self()).get(NamespaceType.USER));
        assertThat(byId(NamespaceScan.look(Set.of(NamespaceType.NET)))
                        .get(NamespaceScan.namespacesOf(host.pid("user in user"))
                                .get(NamespaceType.NET))
                        .owner())
                .contains(inner);
    }

    @Test
    void pidNamespacesTellTheirParents() {
        Map<NamespaceId, HostNamespace> all = byId(NamespaceScan.look(Set.of(NamespaceType.PID)));
        long outer = host.pid("pid in pid");

        HostNamespace child = all.values().stream()
                .filter(namespace -> namespace
                        .first()
                        .filter(first -> first.parent() == outer)
                        .isPresent())
                .findFirst()
                .orElseThrow();
        HostNamespace grandchild = all.values().stream()
                .filter(namespace -> namespace.parent().equals(Optional.of(child.id())))
                .findFirst()
                .orElseThrow();

        assertThat(child.parent()).contains(NamespaceScan.namespacesOf(self()).get(NamespaceType.PID));
        assertThat(grandchild.first().orElseThrow().parent())
                .isEqualTo(child.first().orElseThrow().pid());
    }

    // Processes

    @Test
    void allProcessesOfANamespace() {
        NamespaceId three = NamespaceScan.namespacesOf(host.pid("three")).get(NamespaceType.NET);

        assertThat(NamespaceScan.processes(three)).hasSize(3).allSatisfy(process -> {
            assertThat(process.command()).isEqualTo("sleep 300");
            assertThat(process.user()).isEqualTo("root");
        });
        assertThat(NamespaceScan.processes(three))
                .extracting(HostProcess::pid)
                .contains(host.pid("three"))
                .isSorted();
        assertThat(NamespaceScan.processes(net(1))).isEmpty();
        assertThat(NamespaceScan.processes(
                        NamespaceScan.namespacesOf(host.pid("joined")).get(NamespaceType.NET)))
                .extracting(HostProcess::pid)
                .containsExactly(host.pid("net"), host.pid("joined"));
    }

    @Test
    void foreignTextSendsNothingToTheTerminal() {
        HostProcess process = NamespaceScan.process(host.pid("arguments")).orElseThrow();
        HostNamespace uts = byId(NamespaceScan.look(Set.of(NamespaceType.UTS)))
                .get(NamespaceScan.namespacesOf(host.pid("name")).get(NamespaceType.UTS));

        assertThat(process.command()).isEqualTo("sl\uFFFD\uFFFD[31m\uFFFDeep\uFFFDx\uFFFD\uFFFD 300");
        assertThat(uts.hostname()).isEqualTo("e\uFFFD[31mvil\uFFFD\uFFFD");
    }

    @Test
    void aCommandLineOfMegabytesIsCut() {
        String command = NamespaceScan.process(host.pid("long")).orElseThrow().command();

        assertThat(command).startsWith("perl -e ").endsWith("xx…").hasSize(ProcessReader.COMMAND + 1);
    }

    @Test
    void aZombieHasLeftAllButItsUserAndPidNamespace() {
        NamespaceId user = NamespaceScan.namespacesOf(host.pid("zombie")).get(NamespaceType.USER);

        HostProcess zombie = NamespaceScan.processes(user).stream()
                .filter(process -> process.parent() == host.pid("zombie"))
                .findFirst()
                .orElseThrow();

        assertThat(zombie.command()).isEqualTo("[perl]");
        assertThat(NamespaceScan.namespacesOf(zombie.pid())).containsOnlyKeys(NamespaceType.USER, NamespaceType.PID);
    }

    @Test
    void aKernelThreadIsAProcessOfTheHost() {
        HostProcess kthreadd = NamespaceScan.process(2).orElseThrow();

        assertThat(kthreadd.command()).isEqualTo("[kthreadd]");
        assertThat(kthreadd.parent()).isZero();
        assertThat(NamespaceScan.namespacesOf(2))
                .containsEntry(
                        NamespaceType.NET, NamespaceScan.namespacesOf(self()).get(NamespaceType.NET));
    }

    @Test
    void aProcessThatIsNotThere() {
        assertThat(NamespaceScan.process(Integer.MAX_VALUE)).isEmpty();
        assertThatThrownBy(() -> NamespaceScan.namespacesOf(Integer.MAX_VALUE))
                .isInstanceOf(RequestException.class)
                .hasMessage("no process " + Integer.MAX_VALUE);
    }

    @Test
    void leavesNothingOpen() throws Exception {
        NamespaceScan.look(ALL);
        long before = open();
        for (int i = 0; i < 5; i++) {
            NamespaceScan.look(ALL);
        }
        assertThat(open()).isEqualTo(before);
    }

    private static long open() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static List<HostNamespace> look(NamespaceType type) {
        return NamespaceScan.look(Set.of(type)).namespaces();
    }

    private static HostNamespace one(Predicate<HostNamespace> predicate) {
        List<HostNamespace> found =
                look(NamespaceType.NET).stream().filter(predicate).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static Map<NamespaceId, HostNamespace> byId(Look look) {
        return look.namespaces().stream().collect(Collectors.toMap(HostNamespace::id, namespace -> namespace));
    }

    private static Optional<Holding> holding(HostNamespace namespace, Kind kind) {
        return namespace.holdings().stream()
                .filter(holding -> holding.kind() == kind)
                .findFirst();
    }

    private static String path(HostNamespace namespace, Kind kind) {
        return holding(namespace, kind).map(Holding::path).orElse("");
    }

    private static NamespaceId net(long inode) {
        return new NamespaceId(NamespaceType.NET, inode);
    }

    private static long self() {
        return ProcessHandle.current().pid();
    }
}
