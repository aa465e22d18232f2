package io.netyard.lab.importing;

import static java.util.stream.Collectors.joining;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.Mtu;
import io.netyard.api.Text;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.network.Settings;
import io.netyard.lab.network.StaticNeighbour;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Writes a network as a lab file that means it: what goes without saying is not said. A pure function. */
final class LabText {

    private static final SysctlName IPV4_FORWARDING = SysctlName.parse("net.ipv4.ip_forward");
    private static final SysctlName IPV6_FORWARDING = SysctlName.parse("net.ipv6.conf.all.forwarding");

    /** What the kernel gives to an interface that is not told otherwise (RFC 894). */
    private static final Mtu ETHERNET = new Mtu(1_500);

    private static final Predicate<String> SWITCH_NAME = java.util.regex.Pattern.compile(
                    "(?![0-9]+$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
            .asMatchPredicate();

    private final String lab;
    private final Network network;
    private final Map<Place, String> switches = new LinkedHashMap<>();
    private final List<String> remarks;
    private final List<String> lines = new ArrayList<>();

    private LabText(String lab, Network network, List<String> remarks) {
        this.lab = lab;
        this.network = network;
        this.remarks = new ArrayList<>(remarks);
        nameSwitches();
    }

    /**
     * @param network MAC addresses are written if they are there, MTUs only where they are not what an interface has anyway
     * @param remarks sentences for the top of the file
     */
    static Imported of(String lab, Network network, List<String> remarks) {
        boolean quiet = isQuiet(network);
        Network rest =
                quiet ? network.map(node -> node.withSettings(node.settings().withoutSysctl(Node.NO_IPV6))) : network;
        Imported silent = written(lab, rest, remarks, Optional.empty());
        if (isQuiet(LabFile.parse(silent.text(), Path.of(lab))
                        .at(Optional.empty())
                        .network())
                == quiet) {
            return silent;
        }
        return written(lab, rest, remarks, Optional.of(!quiet));
    }

    /** Whether no node that the lab makes speaks IPv6. */
    private static boolean isQuiet(Network network) {
        List<Node> made = network.nodes().values().stream()
                .filter(node -> node.origin() instanceof Node.Made)
                .toList();
        return !made.isEmpty()
                && made.stream()
                        .allMatch(node -> "1".equals(node.settings().sysctls().get(Node.NO_IPV6)));
    }

    /** @param ipv6 what is said of it, if it does not follow from the rest */
    private static Imported written(String lab, Network network, List<String> remarks, Optional<Boolean> ipv6) {
        LabText text = new LabText(lab, network, remarks);
        text.nodes();
        text.switches();
        text.links();
        List<String> head = new ArrayList<>();
        head.add("# What was found in the namespaces of this lab, read by Netyard.");
        if (!text.remarks.isEmpty()) {
            head.add("#");
            head.add("# Not carried:");
            text.remarks.forEach(remark -> head.add("# - " + Text.printable(remark)));
        }
        head.add("lab: " + Scalar.of(text.lab));
        ipv6.ifPresent(speaks -> head.add("ipv6: " + speaks));
        return new Imported(
                Stream.concat(head.stream(), text.lines.stream()).collect(joining("\n", "", "\n")),
                List.copyOf(text.remarks));
    }

    private void nameSwitches() {
        Set<String> taken = new HashSet<>(network.nodes().keySet());
        taken.addAll(List.of("all", "host"));
        for (Place place : places(device -> device.kind() instanceof Device.Bridge)) {
            String plain = place.device().value();
            String name = SWITCH_NAME.test(plain) && !taken.contains(plain) ? plain : "";
            for (int i = 1; name.isEmpty(); i++) {
                String other = "switch" + i;
                name = taken.contains(other) ? "" : other;
            }
            taken.add(name);
            switches.put(place, name);
        }
    }

    private List<Place> places(Predicate<Device> which) {
        return network.nodes().values().stream()
                .flatMap(node -> node.devices().values().stream()
                        .filter(which)
                        .map(device -> new Place(node.name(), device.name())))
                .toList();
    }

    // Nodes

    private void nodes() {
        lines.add("");
        lines.add("nodes:");
        for (Node node : network.nodes().values()) {
            List<String> body = new ArrayList<>();
            interfaces(node, body);
            settings(node, body);
            add(lines, 2, node.name(), body);
        }
    }

    /** A key and what is below it. */
    private static void add(List<String> to, int indent, String key, List<String> body) {
        String margin = " ".repeat(indent);
        if (body.isEmpty()) {
            to.add(margin + Scalar.of(key) + ": {}");
        } else {
            to.add(margin + Scalar.of(key) + ":");
            body.forEach(line -> to.add(margin + "  " + line));
        }
    }

    private void interfaces(Node node, List<String> body) {
        List<String> interfaces = new ArrayList<>();
        for (Device device : node.devices().values()) {
            if (!(device.kind() instanceof Device.Bridge)) {
                List<String> properties = properties(node, device);
                if (!properties.isEmpty()) {
                    interfaces.add(
                            "  %s: {%s}".formatted(Scalar.of(device.name().value()), String.join(", ", properties)));
                }
            }
        }
        if (!interfaces.isEmpty()) {
            body.add("interfaces:");
            body.addAll(interfaces);
        }
    }

    private List<String> properties(Node node, Device device) {
        List<String> properties = new ArrayList<>();
        if (device.kind() instanceof Device.Subinterface sub) {
            properties.add("parent: " + Scalar.of(sub.parent().value()));
            properties.add("vlan: " + sub.vlan());
        } else if (device.kind() instanceof Device.Tap) {
            List<InetAddress> hosts = node.settings().tapHosts().getOrDefault(device.name(), List.of());
            properties.add(
                    hosts.isEmpty()
                            ? "tap: true"
                            : "tap: {hosts: [%s]}"
                                    .formatted(hosts.stream()
                                            .map(host -> Scalar.of(IpPrefix.text(host)))
                                            .collect(joining(", "))));
        } else if (device.kind() instanceof Device.Macvlan on) {
            properties.add("macvlan: {parent: %s, mode: %s}"
                    .formatted(Scalar.of(on.parent().toString()), on.mode()));
        }
        common(device, properties);
        mtu(node, device).ifPresent(mtu -> properties.add("mtu: " + mtu));
        device.mac().ifPresent(mac -> properties.add("mac: " + Scalar.of(mac.toString())));
        if (!device.up() && isUpByItself(node, device)) {
            properties.add("up: false");
        }
        return properties;
    }

    /** A subinterface is never up while its parent is down. */
    private static boolean isUpByItself(Node node, Device device) {
        return !(device.kind() instanceof Device.Subinterface sub)
                || node.devices().get(sub.parent()).up();
    }

    private static void common(Device device, List<String> properties) {
        if (!device.addresses().isEmpty()) {
            properties.add("addresses: [%s]"
                    .formatted(device.addresses().stream()
                            .map(address -> Scalar.of(address.toString()))
                            .collect(joining(", "))));
        }
    }

    /** What has to be said of it; where both ends of a cable have the same, the link says it. */
    private Optional<Mtu> mtu(Node node, Device device) {
        Optional<Mtu> usual = Optional.of(ETHERNET);
        if (device.kind() instanceof Device.Subinterface sub) {
            usual = node.devices().get(sub.parent()).mtu();
        } else if (device.kind() instanceof Device.Macvlan on) {
            usual = network.device(on.parent()).flatMap(Device::mtu);
        } else if (device.kind() instanceof Device.VethEnd end
                && network.device(end.peer()).flatMap(Device::mtu).equals(device.mtu())) {
            usual = device.mtu();
        }
        Optional<Mtu> without = usual;
        return device.mtu().filter(mtu -> !Optional.of(mtu).equals(without));
    }

    private void settings(Node node, List<String> body) {
        Settings settings = node.settings();
        Map<SysctlName, String> sysctls = new LinkedHashMap<>(settings.sysctls());
        if ("1".equals(sysctls.get(IPV4_FORWARDING)) && "1".equals(sysctls.get(IPV6_FORWARDING))) {
            body.add("forwarding: true");
            sysctls.keySet().removeAll(List.of(IPV4_FORWARDING, IPV6_FORWARDING));
        }
        if (!sysctls.isEmpty()) {
            body.add("sysctls:");
            sysctls.forEach(
                    (name, value) -> body.add("  %s: %s".formatted(Scalar.of(name.toString()), Scalar.of(value))));
        }
        if (!settings.routes().isEmpty()) {
            body.add("routes:");
            // What a gateway is reached by comes first.
            Stream.concat(
                            settings.routes().stream()
                                    .filter(route -> route.gateway().isEmpty()),
                            settings.routes().stream()
                                    .filter(route -> route.gateway().isPresent()))
                    .forEach(route ->
                            body.add("  - " + Scalar.line(plain(node, route).toString())));
        }
        neighbours(settings.neighbours(), body);
        rules(node.name(), settings, Layer.NETWORK, "firewall", body);
        rules(node.name(), settings, Layer.NAT, "nat", body);
    }

    /** Without the interface, where its gateway says which one is meant. */
    private static Route plain(Node node, Route route) {
        List<InterfaceName> reaching = node.devices().values().stream()
                .filter(device -> route.gateway()
                        .filter(gateway -> device.addresses().stream().anyMatch(address -> address.contains(gateway)))
                        .isPresent())
                .map(Device::name)
                .toList();
        if (route.device().isEmpty() || !reaching.equals(List.of(route.device().get()))) {
            return route;
        }
        OptionalLong metric = route.metric();
        return new Route(route.kind(), route.destination(), route.gateway(), Optional.empty(), metric, route.source());
    }

    private static void neighbours(Set<StaticNeighbour> neighbours, List<String> body) {
        if (neighbours.isEmpty()) {
            return;
        }
        body.add("neighbours:");
        Map<InterfaceName, List<String>> byDevice = new LinkedHashMap<>();
        neighbours.forEach(neighbour -> byDevice.computeIfAbsent(neighbour.device(), any -> new ArrayList<>())
                .add("%s: %s"
                        .formatted(
                                Scalar.of(IpPrefix.text(neighbour.address())),
                                Scalar.of(neighbour.mac().toString()))));
        byDevice.forEach(
                (device, all) -> body.add("  %s: {%s}".formatted(Scalar.of(device.value()), String.join(", ", all))));
    }

    private void rules(String node, Settings settings, Layer layer, String key, List<String> body) {
        List<PolicyUse> policies = settings.policies().values().stream()
                .filter(use -> use.policy().layer() == layer)
                .toList();
        rules(node, policies, key, body);
    }

    /** A lab file has room for one. */
    private void rules(String where, List<PolicyUse> policies, String key, List<String> body) {
        policies.stream()
                .skip(1)
                .forEach(use -> remarks.add("%s: policy %s, beside policy %s"
                        .formatted(
                                where,
                                use.policy().name(),
                                policies.get(0).policy().name())));
        if (policies.isEmpty()) {
            return;
        }
        Policy policy = policies.get(0).policy();
        Optional<String> backend = policies.get(0).pin();
        if (policy.otherwise().isEmpty() && backend.isEmpty() && !policy.rules().isEmpty()) {
            body.add(key + ":");
            policy.rules().forEach(rule -> body.add("  - " + Scalar.line(rule.toString())));
            return;
        }
        body.add(key + ":");
        if (policy.rules().isEmpty()) {
            body.add("  rules: []");
        } else {
            body.add("  rules:");
            policy.rules().forEach(rule -> body.add("    - " + Scalar.line(rule.toString())));
        }
        if (!policy.otherwise().isEmpty()) {
            body.add("  otherwise: {%s}"
                    .formatted(policy.otherwise().entrySet().stream()
                            .map(rest -> rest.getKey() + ": " + rest.getValue())
                            .collect(joining(", "))));
        }
        backend.ifPresent(name -> body.add("  backend: " + Scalar.of(name)));
    }

    // Switches

    private void switches() {
        if (switches.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("switches:");
        switches.forEach((place, name) -> {
            Device device = network.device(place).orElseThrow();
            Device.Bridge bridge = (Device.Bridge) device.kind();
            List<String> body = new ArrayList<>();
            body.add("node: " + Scalar.of(place.node()));
            if (!name.equals(place.device().value())) {
                body.add("name: " + Scalar.of(place.device().value()));
            }
            Map<InterfaceName, List<VlanEntry>> ports = ports(place);
            if (bridge.existing()) {
                body.add("existing: true");
            } else {
                bridge(place, device, bridge, ports, body);
            }
            portLines(bridge, ports, hasTables(bridge, ports), body);
            if (!bridge.existing()) {
                rules(
                        place.toString(),
                        network.nodes().get(place.node()).settings().policies().values().stream()
                                .filter(use -> use.policy().bridge().equals(Optional.of(place.device())))
                                .toList(),
                        "firewall",
                        body);
            }
            add(lines, 2, name, body);
        });
    }

    private Map<InterfaceName, List<VlanEntry>> ports(Place bridge) {
        Map<InterfaceName, List<VlanEntry>> ports = new LinkedHashMap<>();
        network.nodes().get(bridge.node()).devices().values().forEach(device -> device.port()
                .filter(port -> port.bridge().equals(bridge.device()))
                .ifPresent(port -> ports.put(device.name(), port.vlans())));
        return ports;
    }

    private void bridge(
            Place place,
            Device device,
            Device.Bridge bridge,
            Map<InterfaceName, List<VlanEntry>> ports,
            List<String> body) {
        List<String> properties = new ArrayList<>();
        common(device, properties);
        body.addAll(properties);
        device.mtu()
                .filter(mtu -> !mtu.equals(ofPorts(place, ports.keySet())))
                .ifPresent(mtu -> body.add("mtu: " + mtu));
        if (!device.up()) {
            body.add("up: false");
        }
        if (bridge.defaultPvid() != 1) {
            body.add("default_pvid: " + bridge.defaultPvid());
        }
        if (bridge.stp().on()) {
            body.add("stp: true");
            Duration delay = forwardDelay(bridge.stp());
            if (!delay.equals(Device.Stp.DEFAULT.forwardDelay())) {
                body.add("forward_delay: " + delay.toSeconds());
            }
            if (bridge.stp().priority() != Device.Stp.DEFAULT.priority()) {
                body.add("priority: " + bridge.stp().priority());
            }
        }
        if (hasTables(bridge, ports)) {
            if (!bridge.vlanFiltering()) {
                body.add("vlan_filtering: false");
            }
            body.add("self: " + table(bridge.self()));
        }
    }

    /** All bridges of a tree obey its root, and the root alone shows what it was told. */
    private Duration forwardDelay(Device.Stp stp) {
        if (!stp.forwardDelay().equals(Device.Stp.UNKNOWN)) {
            return stp.forwardDelay();
        }
        return switches.keySet().stream()
                .map(place ->
                        ((Device.Bridge) network.device(place).orElseThrow().kind()).stp())
                .filter(other -> other.on() && !other.forwardDelay().equals(Device.Stp.UNKNOWN))
                .map(Device.Stp::forwardDelay)
                .findFirst()
                .orElse(Device.Stp.DEFAULT.forwardDelay());
    }

    /** A bridge that was told nothing takes the least of its ports' (br_mtu_auto_adjust in net/bridge/br_if.c). */
    private Mtu ofPorts(Place bridge, Set<InterfaceName> ports) {
        return ports.stream()
                .flatMap(port -> network.device(new Place(bridge.node(), port)).flatMap(Device::mtu).stream())
                .min((a, b) -> Integer.compare(a.bytes(), b.bytes()))
                .orElse(ETHERNET);
    }

    /** Whether its VLAN tables say more than the default PVID does. */
    private static boolean hasTables(Device.Bridge bridge, Map<InterfaceName, List<VlanEntry>> ports) {
        List<VlanEntry> usual = bridge.defaultPvid() == 0
                ? List.of()
                : List.of(new VlanEntry(new io.netyard.api.VlanId(bridge.defaultPvid()), true, true));
        return bridge.vlanFiltering()
                || !bridge.self().equals(usual)
                || ports.values().stream().anyMatch(table -> !table.equals(usual));
    }

    private void portLines(
            Device.Bridge bridge, Map<InterfaceName, List<VlanEntry>> ports, boolean tables, List<String> body) {
        if (tables) {
            if (!ports.isEmpty()) {
                body.add("ports:");
                ports.forEach((port, vlans) -> body.add("  %s: %s".formatted(Scalar.of(port.value()), table(vlans))));
            }
            return;
        }
        List<String> others = new ArrayList<>();
        new TreeSet<>(ports.keySet()).forEach(port -> others.add(Scalar.of(port.value())));
        if (!others.isEmpty()) {
            body.add("ports: [%s]".formatted(String.join(", ", others)));
        }
    }

    /** Runs of VLANs with the same flags as ranges. */
    private static String table(List<VlanEntry> entries) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < entries.size(); ) {
            int last = i;
            while (last + 1 < entries.size() && continues(entries.get(last), entries.get(last + 1))) {
                last++;
            }
            VlanEntry entry = entries.get(i);
            String vids = last == i
                    ? entry.vid().toString()
                    : entry.vid() + "-" + entries.get(last).vid();
            String flags = (entry.pvid() ? " pvid" : "") + (entry.untagged() ? " untagged" : "");
            items.add("\"" + vids + flags + "\"");
            i = last + 1;
        }
        return "[" + String.join(", ", items) + "]";
    }

    private static boolean continues(VlanEntry a, VlanEntry b) {
        return b.vid().value() == a.vid().value() + 1 && !a.pvid() && !b.pvid() && a.untagged() == b.untagged();
    }

    // Links

    private void links() {
        Set<Place> done = new HashSet<>();
        List<String> links = new ArrayList<>();
        for (Place place : places(device -> device.kind() instanceof Device.VethEnd)) {
            Device device = network.device(place).orElseThrow();
            Place peer = ((Device.VethEnd) device.kind()).peer();
            if (!done.add(place) || !done.add(peer)) {
                continue;
            }
            String ends = "[%s, %s]".formatted(end(place), end(peer));
            Optional<Mtu> mtu = device.mtu()
                    .filter(size -> !size.equals(ETHERNET)
                            && network.device(peer).flatMap(Device::mtu).equals(Optional.of(size)));
            links.add("  cable%d: %s"
                    .formatted(
                            links.size() + 1,
                            mtu.map(size -> "{endpoints: %s, mtu: %s}".formatted(ends, size))
                                    .orElse(ends)));
        }
        if (!links.isEmpty()) {
            lines.add("");
            lines.add("links:");
            lines.addAll(links);
        }
    }

    private String end(Place place) {
        String owner = network.device(place)
                .flatMap(Device::port)
                .map(port -> switches.get(new Place(place.node(), port.bridge())))
                .orElse(place.node());
        return Scalar.of(owner + ":" + place.device());
    }
}
