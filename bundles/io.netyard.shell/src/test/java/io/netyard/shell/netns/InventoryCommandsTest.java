package io.netyard.shell.netns;

import static io.netyard.api.inventory.NamespaceType.NET;
import static io.netyard.api.inventory.NamespaceType.USER;
import static io.netyard.api.inventory.NamespaceType.UTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.container.Container;
import io.netyard.api.container.Containers;
import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.Inventory;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.Way;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.FakeServices;
import io.netyard.shell.console.RegisteredCommand;
import io.netyard.shell.console.Services;
import io.netyard.shell.inventory.Samples;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.Terminal;
import org.junit.jupiter.api.Test;

class InventoryCommandsTest {

    /** Escape, bell, CSI as one character, a line of its own, right-to-left override. */
    private static final String HOSTILE = "\u001b[31m\u0007\u009b2J\nforged\u202e";

    private final HostProcess init = Samples.process(1, "root", "/sbin/init");
    private final HostProcess web = Samples.process(200, "ann", "nginx: master");
    private final HostProcess worker = Samples.process(201, "www", "nginx: worker");
    private final HostNamespace host = Samples.called(Samples.of(NET, NET.ordinal(), init, 2L), null, "host");
    private final HostNamespace lxc = Samples.called(Samples.of(NET, 60, web, 201L), "lxc:web1");
    private final HostNamespace own =
            Samples.called(Samples.of(NET, 61, Samples.process(300, "root", "netyard: netns1")), null, "exp03/netns1");
    private final HostNamespace pinned = Samples.mounted(NET, 62, "/run/netns/blue");
    private final HostNamespace hostUser = Samples.owned(Samples.of(USER, USER.ordinal(), init), null);

    private final FakeInventory inventory = new FakeInventory();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** What a test says that there is. */
    private static final class FakeInventory implements Inventory {

        private final List<HostNamespace> namespaces = new ArrayList<>();
        private final Map<Long, HostProcess> processes = new HashMap<>();
        private final Set<Long> looked = new HashSet<>();
        private int hidden;

        @Override
        public Look look(Set<NamespaceType> types) {
            return new Look(
                    namespaces.stream()
                            .filter(namespace -> types.contains(namespace.id().type()))
                            .toList(),
                    Samples.HOST,
                    hidden);
        }

        @Override
        public List<HostProcess> processes(NamespaceId id) {
            return namespaces.stream()
                    .filter(namespace -> namespace.id().equals(id))
                    .flatMap(namespace -> namespace.pids().stream())
                    .flatMap(pid -> process(pid).stream())
                    .toList();
        }

        @Override
        public Optional<HostProcess> process(long pid) {
            looked.add(pid);
            return Optional.ofNullable(processes.get(pid));
        }

        @Override
        public Map<NamespaceType, NamespaceId> namespacesOf(long pid) {
            if (!processes.containsKey(pid)) {
                throw new RequestException("no process " + pid);
            }
            Map<NamespaceType, NamespaceId> all = new EnumMap<>(Samples.HOST);
            namespaces.stream()
                    .filter(namespace -> namespace.pids().contains(pid))
                    .forEach(namespace -> all.put(namespace.id().type(), namespace.id()));
            return all;
        }

        /** Of pids, {@code host} and the one node alone. */
        @Override
        public Map<NamespaceType, NamespaceId> namespacesOf(String meant) {
            return switch (meant) {
                case "host" -> Samples.HOST;
                case "exp03/netns1" -> namespacesOf(300);
                default -> namespacesOf(Long.parseLong(meant));
            };
        }

        /** Besides these by their id alone. */
        @Override
        public NamespaceId find(String meant, Optional<NamespaceType> type) {
            if (meant.matches("\\d+|host|exp03/netns1")) {
                return namespacesOf(meant).get(type.orElse(NET));
            }
            return NamespaceId.parse(meant)
                    .orElseThrow(() -> new RequestException("no namespace '%s'".formatted(Text.printable(meant))));
        }
    }

    private record FakeContainers(List<Container> list) implements Containers {
        @Override
        public Map<String, String> runtimes() {
            return Map.of("lxc", "Linux Containers" + HOSTILE);
        }

        @Override
        public Container find(String meant) {
            return list.stream()
                    .filter(container ->
                            container.label().equals(meant) || container.name().equals(meant))
                    .findFirst()
                    .orElseThrow(() -> new RequestException("no container '" + meant + "'"));
        }

        @Override
        public Wait await(String label) {
            throw new UnsupportedOperationException(label);
        }
    }

    private Services services(Container... containers) {
        Netns known = new Netns(
                new NetnsRef(own.id().inode(), Path.of("/proc/300/ns/net"), Optional.empty()),
                Netns.Origin.OWN,
                Optional.of("netns1"),
                Optional.of("exp03"),
                Optional.of("process"),
                OptionalLong.of(300),
                1,
                "netns1",
                "");
        Namespaces namespaces = (Namespaces) Proxy.newProxyInstance(
                Namespaces.class.getClassLoader(), new Class<?>[] {Namespaces.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "known" -> List.of(known);
                        case "resolve" -> {
                            if (!known.label().equals(arguments[0])) {
                                throw new RequestException(
                                        "no namespace '%s'".formatted(Text.printable((String) arguments[0])));
                            }
                            yield known;
                        }
                        case "way" ->
                            new Way(
                                    known.label(),
                                    known.ref(),
                                    Optional.of(new Way.Member(300, 1)),
                                    Set.of(NamespaceType.NET));
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
        return new FakeServices(namespaces, inventory, new FakeContainers(List.of(containers)));
    }

    private int run(Supplier<? extends ConsoleCommand> command, String... words) {
        return run(null, command, words);
    }

    private int run(Session session, Supplier<? extends ConsoleCommand> command, String... words) {
        out.reset();
        err.reset();
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                session != null,
                session);
        return new RegisteredCommand(command, services(new Container(Optional.empty(), "lxc", "web1", 200, 1)))
                .execute(console, List.of(words));
    }

    private InventoryCommandsTest() {
        inventory.namespaces.addAll(List.of(pinned, own, lxc, host, hostUser));
        Stream.of(init, web, worker, own.first().orElseThrow())
                .forEach(process -> inventory.processes.put(process.pid(), process));
    }

    private List<String> firstCells() {
        return lines().stream().skip(1).map(line -> line.split(" ")[0]).toList();
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String complaint() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theListShowsNetworkNamespacesTheHostsFirst() {
        assertThat(run(NetnsList::new)).isZero();
        assertThat(lines())
                .containsExactly(
                        "NAME             INODE       NPROCS  PID  USER  HELD-BY  HOSTNAME  CONTAINER              COMMAND",
                        "host             4026531837  2       1    root  process  lab       -                      /sbin/init",
                        "exp03/netns1     4026531895  1       300  root  process  lab       -                      netyard: netns1",
                        "-                4026531894  2       200  ann   process  lab       lxc:web1 (privileged)  nginx: master",
                        "/run/netns/blue  4026531896  0       -    -     mount    -         -                      -");
        assertThat(complaint()).isEmpty();
        assertThat(inventory.looked).as("processes that nobody has asked for").isEmpty();
    }

    @Test
    void filtersLeaveWhatIsAskedFor() {
        assertThat(run(NetnsList::new, "-o", "pid", "--user", "www")).isZero();
        assertThat(firstCells()).containsExactly("200");
        run(NetnsList::new, "-o", "pid", "--command", "^netyard|worker$");
        assertThat(firstCells()).containsExactly("300", "200");
        run(NetnsList::new, "-o", "pid", "--pid", "201");
        assertThat(firstCells()).containsExactly("200");
        run(NetnsList::new, "-o", "pid", "--container", "web1");
        assertThat(firstCells()).containsExactly("200");
        run(NetnsList::new, "-o", "pid", "--differs-from-host", "--sort", "-pid");
        assertThat(firstCells()).containsExactly("300", "200", "-");
        run(
                NetnsList::new,
                "-o",
                "inode,type",
                "--ns",
                Long.toString(hostUser.id().inode()));
        assertThat(firstCells()).containsExactly(Long.toString(hostUser.id().inode()));
        run(NetnsList::new, "-o", "held-by", "--empty");
        assertThat(firstCells()).containsExactly("mount");
    }

    @Test
    void badWordsAreToldInOneLine() {
        for (String[] words : List.of(
                new String[] {"-t", "netz"},
                new String[] {"-o", "colour"},
                new String[] {"--sort", "colour"},
                new String[] {"--command", "("},
                new String[] {"--container", "ghost"},
                new String[] {"--pid", "999"},
                new String[] {"--ns", "x"})) {
            assertThat(run(NetnsList::new, words)).isEqualTo(1);
            assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
            assertThat(complaint().lines()).hasSize(1);
        }
    }

    @Test
    void hiddenProcessesAreToldBesideTheOutput() {
        inventory.hidden = 3;
        run(NetnsList::new, "--json");
        assertThat(lines().get(0)).isEqualTo("[");
        assertThat(lines().get(lines().size() - 1)).isEqualTo("]");
        assertThat(complaint())
                .startsWith("at least 3 processes could not be looked at")
                .hasLineCount(1);
    }

    @Test
    void theTreeStandsInTheColumnOfInodes() {
        run(NetnsList::new, "--tree", "-o", "inode,type");
        assertThat(lines())
                .containsExactly(
                        "INODE         TYPE",
                        "4026531840    user",
                        "├─4026531837  net",
                        "├─4026531895  net",
                        "├─4026531894  net",
                        "└─4026531896  net");
    }

    @Test
    void jsonKeepsItsFieldNames() {
        run(NetnsList::new, "--json", "--ns", own.id().toString());
        assertThat(lines().stream()
                        .filter(line -> line.startsWith("    \""))
                        .map(line -> line.substring(5, line.indexOf('"', 5))))
                .containsExactly(
                        "label",
                        "name",
                        "lab",
                        "origin",
                        "holder",
                        "type",
                        "inode",
                        "path",
                        "pid",
                        "ppid",
                        "user",
                        "uid",
                        "processes",
                        "pids",
                        "hostname",
                        "command",
                        "heldBy",
                        "owner",
                        "parent",
                        "userNamespace",
                        "sharesUser",
                        "container",
                        "privileged",
                        "labels");
        assertThat(lines())
                .contains("    \"label\": \"exp03/netns1\",", "    \"origin\": \"own\",", "    \"pid\": 300,");
    }

    @Test
    void oneIsShownByNodePidAndLink() {
        for (String meant : List.of("200", lxc.id().toString())) {
            assertThat(run(NetnsShow::new, meant)).as(complaint()).isZero();
            assertThat(lines())
                    .anyMatch(line -> line.matches("inode +" + lxc.id().inode()))
                    .anyMatch(line -> line.matches("privileged +yes: root in the container is root of this host.*"))
                    .anyMatch(line -> line.matches("held by process +pid 200, /proc/200/ns/net"))
                    .anyMatch(line -> line.matches("user of pid +user:\\[\\d+], the host's"));
        }
        assertThat(run(NetnsShow::new, "exp03/netns1")).isZero();
        assertThat(lines()).anyMatch(line -> line.matches("lab +exp03"));
        assertThat(run(NetnsShow::new, "exp03/netns1", "-t", "user")).isZero();
        assertThat(lines())
                .anyMatch(line -> line.matches("inode +" + hostUser.id().inode()));
        assertThat(run(NetnsShow::new, "host", "-t", "user")).isZero();
        assertThat(lines()).anyMatch(line -> line.matches("type +user"));
    }

    @Test
    void whatCannotBeShownIsToldInOneLine() {
        for (String[] words :
                List.of(new String[] {"999"}, new String[] {"ghost"}, new String[] {"net:[4026599999]"}, new String[] {
                    "200", "-t", "netz"
                })) {
            assertThat(run(NetnsShow::new, words)).as(words[0]).isEqualTo(1);
            assertThat(complaint().lines()).hasSize(1);
        }
    }

    @Test
    void processesAreAllThatAreInIt() {
        run(NetnsProcesses::new, "200");
        assertThat(firstCells()).containsExactly("200", "201");
    }

    @Test
    void comparisonsSayWhatTheyMean() {
        run(NetnsCompare::new, "1", "200");
        assertThat(lines())
                .hasSize(9)
                .anyMatch(line -> line.matches("net +no +4026531837 +4026531894 +each has its own interfaces.*"))
                .anyMatch(line -> line.matches("user +yes .*root of one is root of the other"));
        assertThat(run(NetnsCompare::new, "host", "exp03/netns1")).isZero();
        assertThat(lines()).anyMatch(line -> line.matches("net +no +4026531837 +4026531895 .*"));
        assertThat(run(NetnsCompare::new, "1", "999")).isEqualTo(1);
        assertThat(complaint()).isEqualTo("no process 999\n");
    }

    @Test
    void containersAreShownWithWhetherTheyArePrivileged() {
        run(NetnsContainers::new);
        assertThat(lines().get(1)).matches("lxc:web1 +200 +4026531894 +yes");
        run(NetnsContainers::new, "--runtimes");
        assertThat(firstCells()).containsExactly("lxc");
    }

    @Test
    void nothingForeignReachesTheTerminalAsItIs() {
        HostProcess hostile = new HostProcess(400, 1, 1, 1, "u" + HOSTILE, "c" + HOSTILE);
        HostNamespace namespace = new HostNamespace(
                Samples.id(UTS, 70),
                List.of(new Holding(Holding.Kind.MOUNT, OptionalLong.of(400), "/p" + HOSTILE)),
                List.of(400L),
                Optional.of(hostile),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "h" + HOSTILE,
                Optional.of("lxc:" + HOSTILE),
                Set.of("l" + HOSTILE));
        inventory.namespaces.add(namespace);
        inventory.processes.put(400L, hostile);
        String all = "name,inode,type,user,held-by,hostname,container,path,command";
        String id = namespace.id().toString();
        for (Session session : new Session[] {null, wide()}) {
            List<Runnable> runs = List.of(
                    () -> run(session, NetnsList::new, "-t", "all", "-o", all),
                    () -> run(session, NetnsList::new, "-t", "all", "--tree"),
                    () -> run(session, NetnsList::new, "-t", "all", "--json"),
                    () -> run(session, NetnsShow::new, id),
                    () -> run(session, NetnsShow::new, id, "--json"),
                    () -> run(session, NetnsProcesses::new, id),
                    () -> run(session, NetnsProcesses::new, id, "--json"),
                    () -> run(session, NetnsContainers::new, "--runtimes"),
                    () -> run(session, NetnsShow::new, "ghost" + HOSTILE),
                    () -> run(session, NetnsList::new, "--command", "(" + HOSTILE));
            for (Runnable each : runs) {
                each.run();
                String printed = out.toString(StandardCharsets.UTF_8) + complaint();
                assertThat(printed).isNotEmpty().doesNotContain("\u0007", "\u009b", "\u202e", "\nforged", "[31m\u0007");
                assertThat(printed.replace("\u001b[m", "").replace("\u001b[1m", ""))
                        .as("escapes other than those that a drawn table has for its headings")
                        .doesNotContain("\u001b");
            }
        }
    }

    /** A session at a terminal of 100 columns. */
    private static Session wide() {
        Terminal terminal = (Terminal) Proxy.newProxyInstance(
                Terminal.class.getClassLoader(),
                new Class<?>[] {Terminal.class},
                (proxy, method, arguments) -> method.getName().equals("getWidth") ? 100 : null);
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) -> method.getName().equals("getTerminal") ? terminal : null);
    }

    @Test
    void aTerminalShowsNoEmptyColumnAndCutsLongCommands() {
        inventory.namespaces.removeIf(namespace -> namespace.container().isPresent());
        inventory.namespaces.add(Samples.of(NET, 80, Samples.process(500, "root", "x".repeat(500))));
        run(wide(), NetnsList::new);
        assertThat(lines()).noneMatch(line -> line.contains("CONTAINER"));
        assertThat(lines())
                .allMatch(line -> line.replaceAll("\u001b\\[\\d*m", "").length() <= 100);
        assertThat(lines()).anyMatch(line -> line.contains("xx…"));
    }
}
