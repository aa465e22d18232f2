package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.Text;
import io.netyard.api.VlanId;
import io.netyard.api.link.MacvlanMode;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.file.Lab.Endpoint;
import io.netyard.lab.file.Lab.Interface;
import io.netyard.lab.file.Lab.Node;
import io.netyard.lab.file.Lab.Special;
import io.netyard.lab.file.Lab.Sysctl;
import io.netyard.lab.file.Value.Mapping;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what a file says about a node and its interfaces. */
final class NodeReader {

    private static final String HOST = io.netyard.lab.network.Node.HOST;

    private static final List<String> KEYS = List.of(
            "holder",
            "vlan",
            "interfaces",
            "forwarding",
            "sysctls",
            "routes",
            "neighbours",
            "firewall",
            "nat",
            "attach");

    /** A lab adds to the host; it does not change what the host is. */
    private static final List<String> HOST_KEYS = List.of("interfaces", "routes", "neighbours");

    /** What a lab cannot say of a namespace that it does not make. */
    private static final List<String> OF_ITS_OWNER = List.of("holder", "forwarding", "sysctls", "firewall", "nat");

    private static final List<String> ATTACH_KEYS = List.of("container", "pid", "netns");

    /** What an interface can be, one at most. */
    private static final List<String> SPECIAL = List.of("parent", "tap", "macvlan", "card");

    private static final Pattern CONTAINER = Pattern.compile("[a-z0-9-]+:[^\\s\\p{Cntrl}]{1,255}");

    private static final Pattern MOUNT = Pattern.compile("/[^\\p{Cntrl}]{1,4000}");

    private final Problems problems;

    NodeReader(Problems problems) {
        this.problems = problems;
    }

    Node node(At<String> name, Value value) {
        boolean host = name.value().equals(HOST);
        Fields fields = Fields.of(value, "node " + name, problems, (host ? HOST_KEYS : KEYS).toArray(String[]::new));
        Optional<At<ForeignNamespace>> attach = fields.given("attach").flatMap(what -> attach(name, what));
        if (fields.has("attach")) {
            OF_ITS_OWNER.stream()
                    .filter(fields::has)
                    .forEach(key -> problems.add(
                            fields.keyPosition(key, name.position()),
                            "node %s is attached; %s is its owner's business".formatted(name, key)));
        }
        String holder = fields.text("holder", text -> LabReader.plainName("holder", text))
                .map(At::value)
                .orElse(host ? HOST : NetnsSpec.DEFAULT_HOLDER);
        Map<InterfaceName, Interface> interfaces = new LinkedHashMap<>();
        fields.named("interfaces").forEach((key, entry) -> fields.key(key, entry, LabReader::interfaceName)
                .ifPresent(device -> interfaces.put(device.value(), interfaceOf(name, device, entry.value()))));
        RulesReader reader = new RulesReader(problems);
        return new Node(
                name,
                holder,
                attach,
                fields.number("vlan", VlanId::new),
                interfaces,
                fields.flag("forwarding"),
                sysctls(fields),
                fields.texts("routes", Route::parse).orElse(List.of()),
                neighbours(fields),
                fields.given("firewall").flatMap(rules -> reader.rules(rules, "the firewall of node " + name, true)),
                fields.given("nat").flatMap(rules -> reader.rules(rules, "nat of node " + name, false)));
    }

    private Map<SysctlName, Sysctl> sysctls(Fields node) {
        Map<SysctlName, Sysctl> sysctls = new LinkedHashMap<>();
        node.named("sysctls").forEach((key, entry) -> {
            if (entry.value().isNull()) {
                return;
            }
            node.key(key, entry, SysctlName::parse)
                    .ifPresent(name -> node.text(entry.value(), "sysctl " + key, NodeReader::sysctlValue)
                            .ifPresent(value -> {
                                if (sysctls.put(name.value(), new Sysctl(name, value.value())) != null) {
                                    problems.add(name.position(), "sysctl %s is there already".formatted(name));
                                }
                            }));
        });
        return sysctls;
    }

    /** As the kernel prints it: one blank between numbers. */
    private static String sysctlValue(String text) {
        String value = text.strip().replaceAll("\\s+", " ");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a sysctl needs a value");
        }
        return value;
    }

    private List<Lab.Neighbour> neighbours(Fields node) {
        List<Lab.Neighbour> neighbours = new ArrayList<>();
        node.named("neighbours").forEach((key, entry) -> node.key(key, entry, LabReader::interfaceName)
                .ifPresent(device -> node.named(entry.value(), "neighbours on " + device)
                        .forEach((address, mac) -> node.key(address, mac, IpPrefix::parseAddress)
                                .ifPresent(
                                        at -> node.text(mac.value(), "the MAC address of " + address, NodeReader::mac)
                                                .ifPresent(bits -> neighbours.add(
                                                        new Lab.Neighbour(device, at.value(), bits.value())))))));
        return neighbours;
    }

    /** Exactly one of the three. */
    private Optional<At<ForeignNamespace>> attach(At<String> node, Value value) {
        Fields fields = Fields.of(value, "attach of node " + node, problems, ATTACH_KEYS.toArray(String[]::new));
        List<String> given = ATTACH_KEYS.stream().filter(fields::has).toList();
        if (given.size() != 1) {
            if (value instanceof Mapping mapping
                    && (!given.isEmpty() || mapping.entries().isEmpty())) {
                // Of a key that means nothing has been told already.
                problems.add(
                        value.position(),
                        "attach of node %s must say one of container, pid and netns, not %s"
                                .formatted(node, given.isEmpty() ? "none" : String.join(" and ", given)));
            }
            return Optional.empty();
        }
        return switch (given.get(0)) {
            case "container" -> fields.text("container", NodeReader::container);
            case "pid" -> fields.number("pid", NodeReader::process);
            default -> fields.text("netns", NodeReader::mount);
        };
    }

    private static ForeignNamespace container(String text) {
        if (!CONTAINER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no container: write RUNTIME:NAME, such as lxc:web1".formatted(Text.printable(text)));
        }
        return new ForeignNamespace.Container(text);
    }

    private static ForeignNamespace process(int pid) {
        if (pid < 1) {
            throw new IllegalArgumentException("a pid is 1 or more, not " + pid);
        }
        return new ForeignNamespace.Process(pid);
    }

    private static ForeignNamespace mount(String text) {
        if (!MOUNT.matcher(text).matches()) {
            throw new IllegalArgumentException("'%s' is no absolute path of a namespace file, such as /run/netns/x"
                    .formatted(Text.printable(text)));
        }
        Path path = Path.of(text).normalize();
        if (path.startsWith("/proc")) {
            throw new IllegalArgumentException(
                    "%s lasts as long as its process: say which with pid, or name the container".formatted(path));
        }
        return new ForeignNamespace.Mount(path);
    }

    private Interface interfaceOf(At<String> node, At<InterfaceName> name, Value value) {
        String what = "interface %s of node %s".formatted(name, node);
        Fields fields = Fields.of(
                value, what, problems, "addresses", "mtu", "mac", "up", "parent", "vlan", "tap", "macvlan", "card");
        Optional<At<InterfaceName>> parent = fields.text("parent", InterfaceName::new);
        Optional<At<VlanId>> vlan = fields.number("vlan", VlanId::new);
        if (fields.has("parent") && !fields.has("vlan")) {
            problems.add(
                    fields.keyPosition("parent", name.position()),
                    what + " has a parent but no vlan: give its VLAN id");
        }
        if (fields.has("vlan") && !fields.has("parent")) {
            problems.add(
                    fields.keyPosition("vlan", name.position()),
                    what + " has a vlan but no parent: give the interface it sits on");
        }
        return new Interface(
                name,
                LabReader.addresses(fields),
                fields.number("mtu", Mtu::new),
                fields.text("mac", NodeReader::mac).map(At::value),
                fields.flag("up").orElse(true),
                parent,
                vlan,
                special(fields, what));
    }

    private Optional<Special> special(Fields fields, String what) {
        List<String> given = SPECIAL.stream().filter(fields::has).toList();
        if (given.size() > 1) {
            Position position = fields.keyPosition(given.get(1), Position.WHOLE_FILE);
            problems.add(position, "%s cannot be %s at once".formatted(what, String.join(" and ", given)));
            return Optional.empty();
        }
        if (given.isEmpty() || given.get(0).equals("parent")) {
            return Optional.empty();
        }
        Position position = fields.keyPosition(given.get(0), Position.WHOLE_FILE);
        return switch (given.get(0)) {
            case "tap" -> fields.given("tap").flatMap(value -> tap(value, position));
            case "macvlan" -> fields.given("macvlan").flatMap(value -> macvlan(value, what, position));
            default -> fields.text("card", InterfaceName::new).map(card -> new Lab.Card(card.value(), position));
        };
    }

    private Optional<Special> tap(Value value, Position position) {
        if (value instanceof Mapping) {
            Fields fields = Fields.of(value, "a tap", problems, "hosts");
            return Optional.of(new Lab.Tap(
                    fields.texts("hosts", IpPrefix::parseAddress).orElse(List.of()).stream()
                            .map(At::value)
                            .toList(),
                    position));
        }
        if (value instanceof Value.Scalar scalar && scalar.text().equals("true")) {
            return Optional.of(new Lab.Tap(List.of(), position));
        }
        problems.add(
                value.position(), "a tap is written 'tap: true', or 'tap: {hosts: [ADDRESS]}' with a host behind it");
        return Optional.empty();
    }

    private Optional<Special> macvlan(Value value, String what, Position position) {
        Fields fields = Fields.of(value, "macvlan", problems, "parent", "mode");
        Optional<At<Endpoint>> parent = fields.text("parent", NodeReader::parentOfMacvlan);
        if (!fields.has("parent")) {
            problems.add(position, what + " is a macvlan without a parent: give an interface, such as host:eth0");
        }
        MacvlanMode mode =
                fields.text("mode", NodeReader::macvlanMode).map(At::value).orElse(MacvlanMode.BRIDGE);
        return parent.map(at -> new Lab.Macvlan(
                Optional.of(at.value().owner()).filter(owner -> !owner.isEmpty()),
                at.value().device().orElseThrow(),
                mode,
                at.position()));
    }

    /** {@code INTERFACE} of the same node, or {@code NODE:INTERFACE}. */
    private static Endpoint parentOfMacvlan(String text) {
        int colon = text.indexOf(':');
        return new Endpoint(
                colon < 0 ? "" : text.substring(0, colon),
                Optional.of(new InterfaceName(text.substring(colon + 1))),
                Position.WHOLE_FILE);
    }

    private static MacvlanMode macvlanMode(String text) {
        return List.of(MacvlanMode.values()).stream()
                .filter(mode -> mode.toString().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("'%s' is no mode of a macvlan: bridge, private, vepa, passthru"
                                .formatted(Text.printable(text))));
    }

    private static MacAddress mac(String text) {
        MacAddress mac = MacAddress.parse(text);
        if (!mac.isUnicast()) {
            throw new IllegalArgumentException(
                    "%s cannot be the MAC address of an interface: it is a group address or zero".formatted(mac));
        }
        return mac;
    }
}
