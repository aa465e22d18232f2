package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.netyard.api.NetnsRef;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.lab.LabEvents;
import io.netyard.api.lab.Labs;
import io.netyard.api.lab.Plan;
import io.netyard.api.link.Link;
import io.netyard.api.link.Links;
import io.netyard.api.netns.Namespaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerSuite;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/**
 * A running lab is applied again with one thing in its file different, for everything that a file can say; and everything is changed from
 * outside. What is done is the smallest change, and two nodes that nobody has edited do not lose a packet, nor hear of it by netlink.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class EditedLabIT {

    /** Packets a second. */
    private static final int RATE = 200;

    private static final String FILE =
            """
            lab: edited
            nodes:
              # The kernel forgets neighbours when it has too many, all namespaces together: these two are not to be forgotten.
              anna:
                holder: pin
                interfaces: {eth0: {addresses: [10.80.0.1/24], mac: "02:80:00:00:00:01"}}
                neighbours: {eth0: {10.80.0.2: "02:80:00:00:00:02"}}
              ben:
                holder: pin
                interfaces: {eth0: {addresses: [10.80.0.2/24], mac: "02:80:00:00:00:02"}}
                neighbours: {eth0: {10.80.0.1: "02:80:00:00:00:01"}}
              carl:
                holder: pin
                interfaces:
                  eth0: {addresses: [10.80.0.3/24, "fd80::3/64"], mtu: 1500, mac: "02:80:00:00:00:03"}
                  eth1: {addresses: [10.81.0.1/24], up: true}
                  m0: {macvlan: {parent: "carl:eth1", mode: bridge}}
                  t0: {tap: {hosts: [10.82.0.9]}, addresses: [10.82.0.1/24]}
                forwarding: false
                sysctls: {net.ipv4.ip_default_ttl: "63"}
                routes: [10.83.0.0/16 via 10.80.0.1 metric 7]
                neighbours: {eth0: {10.80.0.77: "02:80:00:00:00:77"}}
                firewall: [input udp dport 9 drop]
              hub: {holder: pin}
              attic: {holder: pin}
              # node
            switches:
              br0: {node: hub}
              br1: {node: attic, stp: false, priority: 4096, addresses: [10.84.0.1/24], up: true}
            links:
              a: ["anna:eth0", "br0:pa"]
              b: ["ben:eth0", "br0:pb"]
              c: ["carl:eth0", "br0:pc"]
              d: {endpoints: ["carl:eth1", "br1:pd"], mtu: 1500}
              # link
            """;

    /** VLAN 10 is the untouched nodes' own; everything else that a file says of VLANs is edited. */
    private static final String VLANS =
            """
            lab: edited
            nodes:
              anna:
                holder: pin
                interfaces: {eth0: {addresses: [10.80.0.1/24], mac: "02:80:00:00:00:01"}}
                neighbours: {eth0: {10.80.0.2: "02:80:00:00:00:02"}}
              ben:
                holder: pin
                interfaces: {eth0: {addresses: [10.80.0.2/24], mac: "02:80:00:00:00:02"}}
                neighbours: {eth0: {10.80.0.1: "02:80:00:00:00:01"}}
              carl:
                holder: pin
                interfaces:
                  eth0: {addresses: [10.80.0.3/24]}
                  eth1.50: {parent: eth1, vlan: 50, addresses: [10.85.0.1/24]}
              dora: {holder: pin, interfaces: {eth0: {addresses: [10.80.0.4/24]}}}
              hub: {holder: pin}
              attic: {holder: pin}
            switches:
              br0: {node: hub}
              br1: {node: attic, default_pvid: 0, self: ["20"], ports: {pq: ["50", "100-103"]}}
            links:
              a: ["anna:eth0", "br0:pa"]
              b: ["ben:eth0", "br0:pb"]
              c: ["carl:eth0", "br0:pc"]
              d: ["dora:eth0", "br1:pd"]
              q: ["carl:eth1", "br1:pq"]
              trunk: ["br0:t0", "br1:t1"]
            groups:
              green: {vlan: 10, members: [anna, ben]}
              rosa: {vlan: 20, members: [carl, dora]}
            """;

    @Inject
    private BundleContext context;

    @Inject
    private SessionFactory sessions;

    @Inject
    private Bridges bridges;

    @Inject
    private Links links;

    @Inject
    private Labs labs;

    @Inject
    private Namespaces namespaces;

    private Console console;
    private List<String> before;
    private Path file;
    private String base;
    private final List<String> mistakes = new ArrayList<>();

    @Configuration
    public Option[] shippedDistribution() {
        return ShippedDistribution.options();
    }

    @Before
    public void look() throws Exception {
        console = new Console(sessions);
        console.awaitCommands("lab:list", "netns:list", "fw:backends");
        before = Console.traces();
        file = Files.createTempFile("lab", ".yaml");
    }

    private void build() throws IOException {
        assumeTrue(
                "runs on the host kernel: it takes minutes in the lab kernel",
                !Files.readString(Path.of("/proc/cpuinfo")).contains("User Mode Linux"));
        build(FILE);
    }

    private void build(String text) throws IOException {
        base = text;
        write(base);
        console.must("lab:apply " + file);
    }

    @After
    public void nothingIsLeft() throws InterruptedException, IOException {
        if (labs.names().contains("edited")) {
            console.must("lab:destroy edited");
        }
        Files.deleteIfExists(file);
        Console.await(() -> Console.traces().equals(before));
    }

    /**
     * @param from what stands in the file
     * @param to what stands there then
     * @param steps what is done, as {@code OPERATION NODE[:DEVICE]}, in any order
     */
    private record Edit(String from, String to, String... steps) {}

    private static Edit edit(String from, String to, String... steps) {
        return new Edit(from, to, steps);
    }

    private static List<Edit> edits() {
        return List.of(
                edit("10.80.0.3/24, ", "10.80.0.3/24, 10.80.0.33/24, ", "add-address carl:eth0"),
                edit("[10.81.0.1/24]", "[10.81.0.2/24]", "remove-address carl:eth1", "add-address carl:eth1"),
                edit("fd80::3/64", "fd80::4/64", "remove-address carl:eth0", "add-address carl:eth0"),
                edit("mtu: 1500, mac", "mtu: 1400, mac", "set-mtu carl:eth0"),
                edit("24], up: true}\n      m0", "24], up: false}\n      m0", "set-up carl:eth1"),
                edit("mode: bridge", "mode: vepa", "delete-device carl:m0", "create-macvlan carl:m0", "set-up carl:m0"),
                edit("[10.82.0.9]", "[10.82.0.8]", "attach-tap-host carl:t0"),
                edit("tap: {hosts: [10.82.0.9]}", "tap: true", "detach-tap-host carl:t0"),
                edit("forwarding: false", "forwarding: true", "set-sysctl carl", "set-sysctl carl"),
                edit("ttl: \"63\"", "ttl: \"62\"", "set-sysctl carl"),
                edit("sysctls: {net.ipv4.ip_default_ttl: \"63\"}", "sysctls: {}", "set-sysctl carl"),
                edit("metric 7", "metric 8", "remove-route carl", "add-route carl"),
                edit("[10.83.0.0/16 via 10.80.0.1 metric 7]", "[]", "remove-route carl"),
                edit("00:77\"", "00:78\"", "set-neighbour carl"),
                edit(
                        "neighbours: {eth0: {10.80.0.77: \"02:80:00:00:00:77\"}}",
                        "neighbours: {}",
                        "remove-neighbour carl"),
                edit("dport 9 drop", "dport 10 drop", "set-policy carl"),
                edit("firewall: [input udp dport 9 drop]", "firewall: []", "set-policy carl"),
                edit("    firewall:", "    nat: [postrouting out eth1 masquerade]\n    firewall:", "set-policy carl"),
                edit("  # node", "  dora: {holder: pin}", "create-node dora"),
                edit(
                        "  d: {endpoints: [\"carl:eth1\", \"br1:pd\"], mtu: 1500}",
                        "  d: {endpoints: [\"carl:eth1\", \"br1:pd\"], mtu: 1400}",
                        "set-mtu carl:eth1",
                        "set-mtu carl:m0",
                        "set-mtu attic:pd"),
                edit("priority: 4096", "priority: 8192", "set-bridge-priority attic:br1"),
                edit("[10.84.0.1/24]", "[]", "remove-address attic:br1"),
                edit("up: true}\nlinks", "mtu: 1400, up: true}\nlinks", "set-mtu attic:br1"),
                edit("up: true}\nlinks", "up: false}\nlinks", "set-up attic:br1"));
    }

    @Test
    public void oneThingDifferentInTheFileIsOneChange() throws Exception {
        build();
        untouched("editing the file", () -> {
            for (Edit edit : edits()) {
                tryOut(edit);
            }
        });
    }

    private static List<Edit> vlanEdits() {
        return List.of(
                edit(
                        "ben]}\n  rosa: {vlan: 20, members: [carl, dora]}",
                        "ben, carl]}\n  rosa: {vlan: 20, members: [dora]}",
                        "add-vlans hub:pc",
                        "remove-vlans hub:pc"),
                edit(
                        "rosa: {vlan: 20",
                        "rosa: {vlan: 30",
                        "add-vlans attic:pd",
                        "add-vlans attic:t1",
                        "add-vlans hub:pc",
                        "add-vlans hub:t0",
                        "remove-vlans attic:pd",
                        "remove-vlans attic:t1",
                        "remove-vlans hub:pc",
                        "remove-vlans hub:t0"),
                edit("\"100-103\"", "\"100-105\"", "add-vlans attic:pq"),
                edit("\"100-103\"", "\"100-101\"", "remove-vlans attic:pq"),
                edit("[\"50\", ", "[\"50 untagged\", ", "add-vlans attic:pq"),
                edit("[\"50\", ", "[\"50 pvid untagged\", ", "add-vlans attic:pq"),
                edit("self: [\"20\"]", "self: [\"20\", \"30 pvid untagged\"]", "add-vlans attic:br1"),
                edit("self: [\"20\"]", "self: []", "remove-vlans attic:br1"),
                // The kernel gives VLAN 5 to all ports, and the role of the PVID with it.
                edit(
                        "default_pvid: 0",
                        "default_pvid: 5",
                        "add-vlans attic:pd",
                        "remove-vlans attic:br1",
                        "remove-vlans attic:pd",
                        "remove-vlans attic:pq",
                        "remove-vlans attic:t1",
                        "set-default-pvid attic:br1",
                        "set-up attic:br1",
                        "set-up attic:br1"),
                edit(
                        "vlan: 50, addresses",
                        "vlan: 60, addresses",
                        "add-address carl:eth1.50",
                        "create-subinterface carl:eth1.50",
                        "delete-device carl:eth1.50",
                        "set-up carl:eth1.50"),
                edit("  trunk: [\"br0:t0\", \"br1:t1\"]\n", "", "delete-device attic:t1"));
    }

    private static List<Tampering> vlanTamperings() {
        return List.of(
                tampering("hub", "bridge vlan add dev pc vid 33", "remove-vlans hub:pc"),
                tampering("hub", "bridge vlan delete dev pc vid 20", "add-vlans hub:pc"),
                tampering("hub", "bridge vlan add dev pc vid 20", "add-vlans hub:pc"),
                tampering("attic", "bridge vlan add dev pq vid 101 pvid untagged", "add-vlans attic:pq"),
                tampering("attic", "bridge vlan delete dev br1 vid 20 self", "add-vlans attic:br1"),
                tampering("attic", "ip link set br1 type bridge vlan_filtering 0", "set-filtering attic:br1"),
                tampering(
                        "attic",
                        "ip link set br1 type bridge vlan_default_pvid 7",
                        "add-vlans attic:pd",
                        "remove-vlans attic:br1",
                        "remove-vlans attic:pd",
                        "remove-vlans attic:pq",
                        "remove-vlans attic:t1",
                        "set-default-pvid attic:br1"),
                tampering(
                        "carl",
                        "ip link delete eth1.50",
                        "add-address carl:eth1.50",
                        "create-subinterface carl:eth1.50",
                        "set-up carl:eth1.50"));
    }

    @Test
    public void aVlanIsMovedWhileAnotherIsInUse() throws Exception {
        assumeTrue("runs in the lab kernel: needs bridge VLAN filtering", bridges.supportsVlanFiltering());
        build(VLANS);
        untouched("editing VLANs", () -> {
            for (Edit edit : vlanEdits()) {
                tryOut(edit);
            }
            for (Tampering tampering : vlanTamperings()) {
                tryOut(tampering);
            }
        });
    }

    private void tryOut(Edit edit) throws IOException {
        String what = "'" + edit.from() + "' -> '" + edit.to() + "'";
        if (base.split(Pattern.quote(edit.from()), -1).length != 2) {
            mistakes.add(what + ": is not in the file just once");
            return;
        }
        String expected = Stream.of(edit.steps()).sorted().collect(Collectors.joining(", "));
        expect(what, expected, steps(() -> {
            write(base.replace(edit.from(), edit.to()));
            return labs.apply(file, Optional.empty(), progress -> {});
        }));
        expect(what + ", again", "", steps(() -> labs.plan(file, Optional.empty())));
        steps(() -> {
            write(base);
            return labs.apply(file, Optional.empty(), progress -> {});
        });
        expect(what + ", back", "", steps(() -> labs.plan(file, Optional.empty())));
    }

    /**
     * @param node where somebody types it
     * @param steps what {@code lab:plan} wants to do about it
     */
    private record Tampering(String node, String command, String... steps) {}

    private static Tampering tampering(String node, String command, String... steps) {
        return new Tampering(node, command, steps);
    }

    private static List<Tampering> tamperings() {
        return List.of(
                tampering("carl", "ip address delete fd80::3/64 dev eth0", "add-address carl:eth0"),
                tampering("carl", "ip address add 10.80.0.99/24 dev eth0", "remove-address carl:eth0"),
                tampering("carl", "ip link set eth0 mtu 1400", "set-mtu carl:eth0"),
                tampering("carl", "ip link set t0 down", "set-up carl:t0"),
                tampering("carl", "ip link delete m0", "create-macvlan carl:m0", "set-up carl:m0"),
                tampering(
                        "carl",
                        "ip link set m0 type macvlan mode private",
                        "delete-device carl:m0",
                        "create-macvlan carl:m0",
                        "set-up carl:m0"),
                tampering("carl", "sysctl -w net.ipv4.ip_default_ttl=65", "set-sysctl carl"),
                tampering("carl", "sysctl -w net.ipv4.ip_forward=1", "set-sysctl carl"),
                tampering("carl", "ip route delete 10.83.0.0/16", "add-route carl"),
                tampering("carl", "ip neighbour delete 10.80.0.77 dev eth0", "set-neighbour carl"),
                tampering(
                        "carl",
                        "ip neighbour replace 10.80.0.77 lladdr 02:80:00:00:00:66 dev eth0 nud permanent",
                        "set-neighbour carl"),
                tampering(
                        "carl",
                        "ip neighbour add 10.80.0.78 lladdr 02:80:00:00:00:66 dev eth0 nud permanent",
                        "remove-neighbour carl"),
                tampering("carl", "nft flush ruleset; iptables -F; iptables -X", "set-policy carl"),
                tampering("attic", "ip link set pd nomaster", "add-port attic:pd"),
                tampering("hub", "ip link set pc down", "set-up hub:pc"),
                tampering("attic", "ip link set br1 down", "set-up attic:br1"),
                tampering("attic", "ip link set br1 type bridge priority 12288", "set-bridge-priority attic:br1"),
                tampering("attic", "ip address add 10.84.0.7/24 dev br1", "remove-address attic:br1"));
    }

    @Test
    public void whateverIsChangedFromOutsideIsSeenAndPutBack() throws Exception {
        build();
        untouched("tampering", () -> {
            for (Tampering tampering : tamperings()) {
                tryOut(tampering);
            }
        });
    }

    private void tryOut(Tampering tampering) throws IOException {
        String what = tampering.node() + ": " + tampering.command();
        run(tampering.node(), "sh", "-c", tampering.command());
        String expected = Stream.of(tampering.steps()).sorted().collect(Collectors.joining(", "));
        expect(what, expected, steps(() -> labs.apply(file, Optional.empty(), progress -> {})));
        expect(what + ", again", "", steps(() -> labs.plan(file, Optional.empty())));
    }

    /** What people do to a lab that is in use, one edit after the other, each on top of those before. */
    @Test
    public void aLabInUseIsRebuiltAroundThoseWhoUseIt() throws Exception {
        build();
        String backend = console.run("fw:list --json").out().replaceAll("(?s).*\"backend\": \"([^\"]*)\".*", "$1");
        untouched("rebuilding", () -> {
            String text = base;
            for (String[] each : new String[][] {
                {
                    "  # node",
                    "  dora: {holder: pin, interfaces: {eth0: {addresses: [10.80.0.4/24]}}}",
                    "  # link",
                    "  e: [\"dora:eth0\", \"br0:pe\"]"
                },
                {"10.80.0.4/24", "10.80.0.5/24"},
                {
                    "firewall: [input udp dport 9 drop]",
                    "firewall: {rules: [input udp dport 9 drop], backend: " + backend + "}"
                },
                {"  c: [\"carl:eth0\", \"br0:pc\"]\n", "  c: [\"carl:eth0\", \"br1:pc\"]\n"},
                {"  d: {endpoints: [\"carl:eth1\", \"br1:pd\"], mtu: 1500}\n", "  d: [\"carl:eth1\", \"br1:pd\"]\n"},
                {"  e: [\"dora:eth0\", \"br0:pe\"]\n", "  e: [\"dora:eth0\", \"br1:pe\"]\n"},
            }) {
                for (int i = 0; i < each.length; i += 2) {
                    text = text.replace(each[i], each[i + 1]);
                }
                write(text);
                labs.apply(file, Optional.empty(), progress -> {});
                expect(each[1], "", steps(() -> labs.plan(file, Optional.empty())));
            }
        });
    }

    @Test
    public void aChangeIsTimedLoggedAndToldOf() throws Exception {
        build();
        List<Event> events = new CopyOnWriteArrayList<>();
        ServiceRegistration<EventHandler> listening = context.registerService(
                EventHandler.class,
                events::add,
                new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, new String[] {LabEvents.ALL_TOPICS})));
        try {
            console.must("log:set DEBUG io.netyard.lab");
            write(base.replace("10.80.0.3/24, ", "10.80.0.3/24, 10.80.0.33/24, "));
            String timing = console.must("lab:apply --timing " + file);
            assertTrue(timing, timing.contains("add-address") && timing.contains("read-back"));
            assertTrue(timing, timing.contains("edited is up: 1 step"));
            write(base);
            String json = console.must("lab:apply --json " + file);
            assertTrue(json, json.contains("\"operation\": \"remove-address\"") && json.contains("\"node\": \"carl\""));
            Console.await(() -> topics(events).size() >= 4);
            assertEquals(
                    List.of(LabEvents.APPLYING, LabEvents.APPLIED, LabEvents.APPLYING, LabEvents.APPLIED),
                    topics(events));
            assertTrue(events.stream().allMatch(event -> "edited".equals(event.getProperty(LabEvents.LAB))));
            String display = console.must("log:display -n 200");
            String kept =
                    Files.readString(Path.of(System.getProperty("karaf.log"), "karaf.log"), StandardCharsets.UTF_8);
            for (String log : List.of(display, kept)) {
                assertTrue(log, log.contains("edited/carl: add address 10.80.0.33/24 to carl:eth0 ("));
                assertTrue(log, log.contains("edited: apply: 1 steps in "));
            }
        } finally {
            console.must("log:set DEFAULT io.netyard.lab");
            listening.unregister();
        }
    }

    private static List<String> topics(List<Event> events) {
        return events.stream()
                .map(Event::getTopic)
                .filter(topic -> !topic.equals(LabEvents.PROGRESS))
                .toList();
    }

    private interface Work<T> {
        T done() throws Exception;
    }

    private interface Deed {
        void done() throws Exception;
    }

    /** What a plan has in it, or why there is none. */
    private static String steps(Work<Plan> work) {
        try {
            return work.done().steps().stream()
                    .map(step -> step.operation() + " " + step.node()
                            + step.device().map(device -> ":" + device).orElse(""))
                    .sorted()
                    .collect(Collectors.joining(", "));
        } catch (Exception e) {
            return "refused: " + e.getMessage();
        }
    }

    private void expect(String what, String expected, String seen) {
        if (!expected.equals(seen)) {
            mistakes.add("%s%n    expected %s%n    but was  %s".formatted(what, expected, seen));
        }
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private NetnsRef node(String name) {
        return namespaces.resolve("edited/" + name).ref();
    }

    private ProcessBuilder inside(String node, String... command) {
        List<String> words =
                new ArrayList<>(List.of("nsenter", "--net=" + node(node).net()));
        words.addAll(List.of(command));
        return new ProcessBuilder(words).redirectErrorStream(true);
    }

    private String run(String node, String... command) throws IOException {
        Process process = inside(node, command).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** What the kernel tells of a namespace by netlink, as ip-monitor(8) has it. */
    private final class Monitor implements AutoCloseable {

        private final Path told = Files.createTempFile("monitor", "");
        private final Process process;

        Monitor(String node, String... objects) throws IOException {
            String[] command = Stream.concat(Stream.of("ip", "-o", "monitor"), Stream.of(objects))
                    .toArray(String[]::new);
            process = inside(node, command).redirectOutput(told.toFile()).start();
        }

        List<String> end() throws IOException, InterruptedException {
            process.destroy();
            process.waitFor();
            return Files.readAllLines(told);
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            Files.deleteIfExists(told);
        }
    }

    /** The kernel is done with it: carriers are seen, and IPv6 has found its addresses to be its own. */
    private boolean isSettled(String node, String... devices) {
        try {
            for (String device : devices) {
                if (!run(node, "ip", "-o", "link", "show", "dev", device).contains("state UP")
                        || run(node, "ip", "-o", "-6", "address", "show", "dev", device)
                                .contains("tentative")) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isForwarding(String port) {
        try {
            return run("hub", "bridge", "link", "show", "dev", port).contains("state forwarding");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Does something while anna sends to ben: nothing gets lost, and the kernel has not a word to say about the two. */
    private void untouched(String what, Deed deed) throws Exception {
        Console.await(() -> isSettled("anna", "eth0")
                && isSettled("ben", "eth0")
                && isSettled("hub", "pa", "pb")
                && isForwarding("pa")
                && isForwarding("pb"));
        List<Link> anna = links.list(node("anna"));
        List<Link> ben = links.list(node("ben"));
        try (Monitor annas = new Monitor("anna", "link", "address", "route");
                Monitor bens = new Monitor("ben", "link", "address", "route");
                Traffic traffic = new Traffic(node("anna"), node("ben"), "10.80.0.2", RATE)) {
            deed.done();
            assertEquals("", String.join("\n", mistakes));
            Traffic.Figures figures = traffic.finish();
            System.out.println(what + ": " + figures);
            assertEquals(figures.toString(), 0, figures.lost());
            assertEquals(List.of(), annas.end());
            assertEquals(List.of(), bens.end());
        }
        assertEquals(anna, links.list(node("anna")));
        assertEquals(ben, links.list(node("ben")));
    }
}
