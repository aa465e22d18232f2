package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.Mtu;
import io.netyard.api.Text;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.lab.file.Lab.Endpoint;
import io.netyard.lab.file.Lab.Group;
import io.netyard.lab.file.Lab.Guards;
import io.netyard.lab.file.Lab.Link;
import io.netyard.lab.file.Lab.Node;
import io.netyard.lab.file.Lab.Port;
import io.netyard.lab.file.Lab.Switch;
import io.netyard.lab.file.Lab.SwitchVlan;
import io.netyard.lab.file.Lab.Target;
import io.netyard.lab.file.Value.Entry;
import io.netyard.lab.file.Value.Mapping;
import io.netyard.lab.file.Value.Sequence;
import io.netyard.lab.network.Device;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what a file says at one stage. Checks each value by itself; the {@link Compiler} checks what they mean together. */
final class LabReader {

    /** What a stage may say; the file as a whole may say some more. */
    static final List<String> KEYS = List.of(
            "description",
            "nodes",
            "switches",
            "links",
            "groups",
            "guards",
            "allow_loops",
            "ipv6",
            "targets",
            "expect");

    private static final String HOST = io.netyard.lab.network.Node.HOST;

    /** What a lab cannot say of a bridge that it does not make. */
    private static final List<String> OF_THE_BRIDGE = List.of(
            "vlan_filtering",
            "default_pvid",
            "up",
            "mtu",
            "addresses",
            "self",
            "stp",
            "forward_delay",
            "priority",
            "firewall");

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final Problems problems;

    LabReader(Problems problems) {
        this.problems = problems;
    }

    Lab read(Value merged) {
        Fields fields = Fields.of(merged, "a lab file", problems, KEYS.toArray(String[]::new));
        fields.text("description", text -> text);
        return new Lab(
                nodes(fields),
                switches(fields),
                links(fields),
                groups(fields),
                fields.given("guards").map(this::guards),
                fields.flag("allow_loops").orElse(false),
                fields.flag("ipv6"),
                targets(fields),
                fields.given("expect").map(new ExpectReader(problems)::expect));
    }

    /** Names that only the file and its reader know: links, stages. */
    static String plainName(String what, String name) {
        if (!PLAIN_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'%s' cannot be a %s's name: use 1 to 63 letters, digits, '.', '-' and '_', starting with a letter or digit"
                            .formatted(Text.printable(name), what));
        }
        return name;
    }

    /** Names that the console and the expectations use too. */
    private static String nodeName(String what, String name) {
        NetnsSpec.requireName(what, name);
        if (name.equals(HOST) && !what.equals("node") || name.equals("all")) {
            throw new IllegalArgumentException(
                    "'%s' cannot be a %s's name: it has a meaning of its own".formatted(name, what));
        }
        return name;
    }

    private Map<String, Node> nodes(Fields lab) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        NodeReader reader = new NodeReader(problems);
        lab.named("nodes").forEach((key, entry) -> lab.key(key, entry, name -> nodeName("node", name))
                .ifPresent(name -> nodes.put(key, reader.node(name, entry.value()))));
        return nodes;
    }

    static InterfaceName interfaceName(String text) {
        InterfaceName name = new InterfaceName(text);
        if (text.equals("lo") || text.equals("all") || text.equals("default")) {
            // "all" and "default" are what /proc/sys/net/*/conf calls something else.
            throw new IllegalArgumentException(
                    "'%s' cannot be an interface of a lab: the kernel has its own".formatted(text));
        }
        return name;
    }

    static List<At<IpPrefix>> addresses(Fields fields) {
        return fields.texts("addresses", LabReader::address).orElse(List.of());
    }

    private static IpPrefix address(String text) {
        IpPrefix prefix = IpPrefix.parse(text);
        if (prefix.address().isAnyLocalAddress() || prefix.address().isMulticastAddress()) {
            throw new IllegalArgumentException("%s cannot be the address of an interface".formatted(prefix));
        }
        return prefix;
    }

    private Map<String, Switch> switches(Fields lab) {
        Map<String, Switch> switches = new LinkedHashMap<>();
        lab.named("switches").forEach((key, entry) -> lab.key(key, entry, name -> nodeName("switch", name))
                .flatMap(name -> switchOf(name, entry.value()))
                .ifPresent(found -> switches.put(key, found)));
        return switches;
    }

    private Optional<Switch> switchOf(At<String> name, Value value) {
        Fields fields = Fields.of(
                value,
                "switch " + name,
                problems,
                "node",
                "name",
                "vlan_filtering",
                "default_pvid",
                "up",
                "mtu",
                "addresses",
                "self",
                "existing",
                "stp",
                "forward_delay",
                "priority",
                "firewall",
                "ports");
        boolean existing = fields.flag("existing").orElse(false);
        if (existing) {
            OF_THE_BRIDGE.stream()
                    .filter(fields::has)
                    .forEach(key -> problems.add(
                            fields.keyPosition(key, name.position()),
                            "switch %s exists already; %s is its owner's business".formatted(name, key)));
            fields.text("node", text -> text)
                    .filter(node -> !node.value().equals(HOST))
                    .ifPresent(node -> problems.add(
                            node.position(),
                            "a bridge that exists already is in node host, not in %s".formatted(node)));
        }
        if (!fields.has("node")) {
            problems.add(name.position(), "switch %s has no node: say in which node the bridge is".formatted(name));
        }
        Optional<At<String>> node = fields.text("node", text -> text);
        Optional<At<InterfaceName>> bridge = fields.has("name")
                ? fields.text("name", LabReader::interfaceName)
                : fields.key(name.value(), new Entry(name.position(), value), LabReader::interfaceName);
        int defaultPvid = fields.number("default_pvid", LabReader::pvidOrNone)
                .map(At::value)
                .orElse(1);
        Optional<List<VlanEntry>> self =
                fields.given("self").map(table -> VlanList.read(fields, table, "self", problems));
        Switch found = node.isEmpty() || bridge.isEmpty()
                ? null
                : new Switch(
                        name,
                        node.get(),
                        bridge.get(),
                        fields.flag("vlan_filtering"),
                        defaultPvid,
                        fields.flag("up").orElse(true),
                        fields.number("mtu", Mtu::new).map(At::value),
                        addresses(fields),
                        self,
                        existing,
                        stp(fields),
                        fields.given("firewall").flatMap(rules -> new RulesReader(problems)
                                .rules(rules, "the firewall of switch " + name, true)),
                        ports(fields));
        return Optional.ofNullable(found);
    }

    private static Device.Stp stp(Fields fields) {
        Device.Stp otherwise = Device.Stp.DEFAULT;
        return new Device.Stp(
                fields.flag("stp").orElse(otherwise.on()),
                fields.number("forward_delay", LabReader::forwardDelay)
                        .map(At::value)
                        .orElse(otherwise.forwardDelay()),
                fields.number("priority", LabReader::priority).map(At::value).orElse(otherwise.priority()));
    }

    /** As IEEE 802.1D-1998, 8.10.2, has it, and the kernel while STP is on. */
    private static Duration forwardDelay(int seconds) {
        if (seconds < 2 || seconds > 30) {
            throw new IllegalArgumentException("forward_delay must be 2..30 seconds, was " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }

    private static int priority(int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException("priority must be 0..65535, was " + value);
        }
        return value;
    }

    private static int pvidOrNone(int value) {
        return value == 0 ? 0 : new VlanId(value).value();
    }

    /** As a list they are names of ports; as a mapping each port may come with its VLAN table. */
    private Map<InterfaceName, Port> ports(Fields fields) {
        Map<InterfaceName, Port> ports = new LinkedHashMap<>();
        if (fields.given("ports").orElse(null) instanceof Sequence) {
            for (At<InterfaceName> name :
                    fields.texts("ports", LabReader::interfaceName).orElse(List.of())) {
                if (ports.put(name.value(), Port.plain(name)) != null) {
                    problems.add(name.position(), "port %s is in this list already".formatted(name));
                }
            }
            return ports;
        }
        fields.named("ports").forEach((key, entry) -> fields.key(key, entry, LabReader::interfaceName)
                .ifPresent(name -> ports.put(name.value(), port(fields, name, entry.value()))));
        return ports;
    }

    private Port port(Fields fields, At<InterfaceName> name, Value value) {
        if (value.isNull()) {
            return Port.plain(name);
        }
        if (value instanceof Value.Scalar scalar) {
            At<String> carries = new At<>(scalar.text(), scalar.position());
            return scalar.text().equals("default")
                    ? Port.plain(name)
                    : new Port(name, Optional.empty(), Optional.of(carries));
        }
        List<VlanEntry> table = VlanList.read(fields, value, "the VLAN table of port " + name, problems);
        return new Port(name, Optional.of(table), Optional.empty());
    }

    private Map<String, Link> links(Fields lab) {
        Map<String, Link> links = new LinkedHashMap<>();
        lab.named("links").forEach((key, entry) -> lab.key(key, entry, name -> plainName("link", name))
                .flatMap(name -> link(name, entry.value()))
                .ifPresent(link -> links.put(key, link)));
        return links;
    }

    private Optional<Link> link(At<String> name, Value value) {
        String what = "link " + name;
        if (value instanceof Sequence) {
            return link(name, value, Fields.of(new Mapping(Map.of(), value.position()), what, problems));
        }
        Fields fields = Fields.of(value, what, problems, "endpoints", "mtu");
        Optional<Value> endpoints = fields.given("endpoints");
        if (endpoints.isEmpty() && (value.isNull() || value instanceof Mapping)) {
            problems.add(name.position(), what + " has no endpoints: give two, such as [netns1:eth0, netns2:eth0]");
        }
        return endpoints.flatMap(both -> link(name, both, fields));
    }

    private Optional<Link> link(At<String> name, Value endpoints, Fields fields) {
        List<Endpoint> ends = fields.texts(endpoints, "link " + name, LabReader::endpoint).stream()
                .map(at -> new Endpoint(at.value().owner(), at.value().device(), at.position()))
                .toList();
        if (endpoints instanceof Sequence list && list.items().size() != 2) {
            problems.add(
                    endpoints.position(),
                    "link %s must have two endpoints, not %d"
                            .formatted(name, list.items().size()));
        }
        Optional<Mtu> mtu = fields.number("mtu", Mtu::new).map(At::value);
        return ends.size() == 2 ? Optional.of(new Link(name, ends, mtu)) : Optional.empty();
    }

    private static Endpoint endpoint(String text) {
        int colon = text.indexOf(':');
        String owner = colon < 0 ? text : text.substring(0, colon);
        Optional<InterfaceName> device =
                colon < 0 ? Optional.empty() : Optional.of(interfaceName(text.substring(colon + 1)));
        return new Endpoint(owner, device, Position.WHOLE_FILE);
    }

    private Map<String, Group> groups(Fields lab) {
        Map<String, Group> groups = new LinkedHashMap<>();
        lab.named("groups").forEach((key, entry) -> lab.key(key, entry, name -> nodeName("group", name))
                .ifPresent(name -> groups.put(key, group(name, entry.value()))));
        return groups;
    }

    private Group group(At<String> name, Value value) {
        Fields fields = Fields.of(value, "group " + name, problems, "vlan", "vlans", "members");
        Map<String, SwitchVlan> vlans = new LinkedHashMap<>();
        fields.named("vlans").forEach((key, entry) -> Optional.of(entry.value())
                .filter(vlan -> !vlan.isNull())
                .flatMap(vlan -> fields.number(vlan, "a VLAN id", VlanId::new))
                .ifPresent(vlan -> vlans.put(key, new SwitchVlan(new At<>(key, entry.keyPosition()), vlan))));
        if (!vlans.isEmpty() && !fields.has("vlan")) {
            problems.add(
                    fields.keyPosition("vlans", name.position()),
                    "group %s has VLAN ids on single switches, but no vlan that holds on all others".formatted(name));
        }
        return new Group(
                name,
                fields.number("vlan", VlanId::new),
                vlans,
                fields.texts("members", text -> text).orElse(List.of()));
    }

    private Guards guards(Value value) {
        if (value instanceof Value.Scalar scalar) {
            switch (scalar.text()) {
                case "on", "true":
                    return Guards.ALL;
                case "off", "false":
                    return Guards.NONE;
                default:
                    problems.add(
                            value.position(), "guards must be on, off, or a mapping of relay, spoofing and tagged");
                    return Guards.ALL;
            }
        }
        Fields fields = Fields.of(value, "guards", problems, "relay", "spoofing", "tagged", "backend");
        return new Guards(
                fields.flag("relay").orElse(true),
                fields.flag("spoofing").orElse(true),
                fields.flag("tagged").orElse(true),
                fields.text("backend", text -> plainName("backend", text)).map(At::value));
    }

    private Map<String, Target> targets(Fields lab) {
        Map<String, Target> targets = new LinkedHashMap<>();
        ExpectReader reader = new ExpectReader(problems);
        lab.named("targets").forEach((key, entry) -> lab.key(key, entry, name -> nodeName("target", name))
                .flatMap(name -> reader.target(name, entry.value()))
                .ifPresent(target -> targets.put(key, target)));
        return targets;
    }
}
