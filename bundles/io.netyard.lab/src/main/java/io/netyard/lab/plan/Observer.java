package io.netyard.lab.plan;

import static java.util.stream.Collectors.toMap;

import io.netyard.api.InterfaceName;
import io.netyard.api.Mtu;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.link.Link;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.ForeignNamespaces.Attachment;
import io.netyard.api.netns.Netns;
import io.netyard.api.routing.Neighbour;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.RouteEntry;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.network.Settings;
import io.netyard.lab.network.StaticNeighbour;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads from the kernel what a lab owns. Changes nothing. */
final class Observer {

    /**
     * @param network what the lab owns
     * @param foreign what else is in its namespaces, which only its owner may touch
     */
    record Observed(Network network, Set<Place> foreign) {}

    /**
     * What to look for.
     *
     * @param host whether the lab may have something in the host's namespace
     * @param sysctls those that matter, by node
     * @param existing bridges of the host in which the lab has ports
     * @param attached nodes that the lab wants to be attached, whether they are or not
     * @param unmarked devices that count as the lab's although they bear no mark: a change that was killed may have made them
     *     and not come to marking them
     */
    record Scope(
            String lab,
            boolean host,
            Map<String, Set<SysctlName>> sysctls,
            Set<Place> existing,
            Map<String, ForeignNamespace> attached,
            Set<Place> unmarked) {

        /** All that one of these networks has; where they want different things to be attached, the last one is asked. */
        static Scope of(String lab, Set<Place> unmarked, Network... networks) {
            Map<String, Set<SysctlName>> sysctls = new HashMap<>();
            Set<Place> existing = new HashSet<>();
            Map<String, ForeignNamespace> attached = new LinkedHashMap<>();
            boolean host = false;
            for (Network network : networks) {
                existing.addAll(existingBridges(network));
                host |= network.nodes().containsKey(Node.HOST);
                network.nodes().forEach((name, node) -> sysctls.computeIfAbsent(name, any -> new LinkedHashSet<>())
                        .addAll(node.settings().sysctls().keySet()));
                network.nodes().forEach((name, node) -> node.attached().ifPresent(what -> attached.put(name, what)));
            }
            return new Scope(lab, host, sysctls, existing, attached, unmarked);
        }

        /** All but sysctls: for a lab of which nobody knows what it was. */
        static Scope everything(String lab, Set<Place> unmarked) {
            return new Scope(lab, true, Map.of(), Set.of(), Map.of(), unmarked);
        }
    }

    private final Services services;

    Observer(Services services) {
        this.services = services;
    }

    Observed observe(Scope scope) {
        String lab = scope.lab();
        List<Netns> own = Kernel.own(services.namespaces(), lab);
        NetnsRef host = services.namespaces().host();
        Map<Long, String> names = new HashMap<>();
        own.forEach(netns -> names.put(netns.ref().inode(), netns.name().orElseThrow()));
        names.put(host.inode(), Node.HOST);
        List<Attachment> attachments = services.foreign().attachments(lab);
        attachments.forEach(attached -> attached.netns().ifPresent(netns -> names.put(netns.inode(), attached.node())));
        Map<String, Node> nodes = new LinkedHashMap<>();
        Set<Place> foreign = new HashSet<>();
        if (scope.host()) {
            Node node = node(scope, Node.HOST, new Node.Host(), host, names, foreign);
            if (!node.devices().isEmpty() || !node.settings().equals(Settings.NONE)) {
                nodes.put(Node.HOST, node);
            }
        }
        for (Netns netns : own) {
            try {
                Node.Origin made = new Node.Made(netns.holder().orElseThrow());
                Node node = node(scope, netns.name().orElseThrow(), made, netns.ref(), names, foreign);
                nodes.put(node.name(), node);
            } catch (RequestException e) {
                // It has gone since it was listed; if it has not, there is more to say about it.
                if (Kernel.own(services.namespaces(), lab).contains(netns)) {
                    throw e;
                }
            }
        }
        for (Attachment attached : attachments) {
            if (attached.netns().isPresent()) {
                observe(scope, attached, names, foreign).ifPresent(node -> nodes.put(node.name(), node));
            }
        }
        scope.attached().forEach((name, what) -> {
            if (attachments.stream().noneMatch(had -> isMeant(had, name, what))) {
                foreign.addAll(inTheWay(lab, name, what));
            }
        });
        return new Observed(new Network(nodes), foreign);
    }

    private static boolean isMeant(Attachment attached, String node, ForeignNamespace what) {
        return attached.netns().isPresent()
                && attached.node().equals(node)
                && attached.what().equals(what);
    }

    /** Empty if it has ended. */
    private Optional<Node> observe(Scope scope, Attachment attached, Map<Long, String> names, Set<Place> foreign) {
        String name = attached.node();
        Set<Place> others = new HashSet<>();
        try {
            Node node = node(
                    scope,
                    name,
                    new Node.Attached(attached.what()),
                    attached.netns().orElseThrow(),
                    names,
                    others);
            if (scope.attached().getOrDefault(name, attached.what()).equals(attached.what())) {
                foreign.addAll(others);
            }
            return Optional.of(node);
        } catch (RequestException e) {
            if (services.foreign().attachments(scope.lab()).contains(attached)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** What is in a namespace that has yet to be attached. */
    private Set<Place> inTheWay(String lab, String node, ForeignNamespace what) {
        try {
            return services.links().list(services.foreign().find(what)).stream()
                    .filter(link -> !link.owner().equals(Optional.of(lab)))
                    .map(link -> new Place(node, link.name()))
                    .collect(Collectors.toSet());
        } catch (RequestException e) {
            // It is not there; whoever needs it says so.
            return Set.of();
        }
    }

    private Node node(
            Scope scope, String name, Node.Origin origin, NetnsRef netns, Map<Long, String> names, Set<Place> foreign) {
        List<Link> found = services.links().list(netns);
        Map<InterfaceName, InterfaceName> cards = cards(scope.lab(), netns);
        Map<InterfaceName, Device.Bridge> switches = new HashMap<>();
        Map<InterfaceName, List<VlanEntry>> tables = new HashMap<>();
        if (found.stream().anyMatch(link -> link.kind().equals("bridge"))) {
            services.bridges().list(netns).forEach(bridge -> {
                switches.put(
                        bridge.name(),
                        new Device.Bridge(
                                bridge.vlanFiltering(),
                                bridge.defaultPvid(),
                                bridge.self(),
                                stp(bridge.stp()),
                                scope.existing().contains(new Place(name, bridge.name()))));
                bridge.ports().forEach(port -> tables.put(port.name(), port.vlans()));
            });
        }
        Map<InterfaceName, Device> devices = new LinkedHashMap<>();
        for (Link link : found) {
            if (link.kind().equals("loopback") || link.name().value().equals("lo")) {
                continue;
            }
            Place place = new Place(name, link.name());
            Optional<Device.Kind> kind = Optional.ofNullable(cards.get(link.name()))
                    .<Device.Kind>map(Device.Card::new)
                    .or(() -> kind(link, names, switches));
            boolean ours = cards.containsKey(link.name())
                    || scope.existing().contains(place)
                    || (link.owner().isEmpty()
                            ? scope.unmarked().contains(place)
                            : link.owner().orElseThrow().equals(scope.lab()));
            if (ours && kind.isPresent()) {
                devices.put(link.name(), device(link, kind.orElseThrow(), tables));
            } else {
                foreign.add(place);
            }
        }
        Node bare = new Node(name, origin, devices, Settings.NONE);
        return bare.withSettings(settings(scope, bare, netns));
    }

    /** What the lab has borrowed from the host and put here: the host's name for it by its name here. */
    private Map<InterfaceName, InterfaceName> cards(String lab, NetnsRef netns) {
        Map<InterfaceName, InterfaceName> cards = new HashMap<>();
        services.cards().lent().stream()
                .filter(lent -> lent.owner().equals(lab) && lent.netns().inode() == netns.inode())
                .forEach(lent -> cards.put(lent.as(), lent.name()));
        return cards;
    }

    private Settings settings(Scope scope, Node node, NetnsRef netns) {
        Map<InterfaceName, Device> devices = node.devices();
        Map<SysctlName, String> sysctls = new LinkedHashMap<>();
        for (SysctlName parameter : scope.sysctls().getOrDefault(node.name(), Set.of())) {
            services.routing()
                    .sysctl(netns, parameter)
                    .ifPresent(value -> sysctls.put(parameter, value.replace('\t', ' ')));
        }
        boolean others = !(node.origin() instanceof Node.Made);
        Set<Route> routes = new LinkedHashSet<>();
        for (RouteEntry entry : services.routing().routes(netns)) {
            boolean ours = !others
                    || entry.route().device().filter(devices::containsKey).isPresent();
            if (entry.isNetyards() && ours) {
                routes.add(entry.route());
            }
        }
        Set<StaticNeighbour> neighbours = new LinkedHashSet<>();
        for (Neighbour neighbour : services.routing().neighbours(netns)) {
            if (!neighbour.learned() && devices.containsKey(neighbour.device())) {
                neighbour
                        .mac()
                        .ifPresent(mac ->
                                neighbours.add(new StaticNeighbour(neighbour.device(), neighbour.address(), mac)));
            }
        }
        Map<String, PolicyUse> policies = new LinkedHashMap<>();
        for (Firewall.Enforcement enforcement : services.firewall().enforcements(netns)) {
            // One that is wanted and not in force is one that has yet to be put in force.
            if (enforcement.owner().equals(scope.lab()) && enforcement.state() != Firewall.State.BROKEN) {
                policies.put(enforcement.policy().name(), new PolicyUse(enforcement.policy(), enforcement.pin()));
            }
        }
        Map<InterfaceName, List<InetAddress>> tapHosts = new LinkedHashMap<>();
        services.tapHosts().list().stream()
                .filter(behind -> behind.netns().inode() == netns.inode() && devices.containsKey(behind.tap()))
                .forEach(behind -> tapHosts.put(behind.tap(), behind.addresses()));
        return new Settings(sysctls, routes, neighbours, policies, tapHosts);
    }

    private static Device.Stp stp(Bridge.Stp stp) {
        Duration delay = stp.on() && stp.isRoot() ? stp.forwardDelay() : Device.Stp.UNKNOWN;
        return new Device.Stp(stp.on(), delay, stp.priority());
    }

    private static Optional<Device.Kind> kind(
            Link link, Map<Long, String> names, Map<InterfaceName, Device.Bridge> switches) {
        return switch (link.kind()) {
            case "veth" -> Optional.of(new Device.VethEnd(peer(link, names)));
            case "vlan" ->
                link.lower().flatMap(Link.Lower::name).flatMap(parent -> link.vlan()
                        .map(vlan -> new Device.Subinterface(parent, vlan)));
            case "bridge" -> Optional.ofNullable(switches.get(link.name()));
            case "tap" -> Optional.of(new Device.Tap());
            case "macvlan" -> link.macvlanMode().map(mode -> new Device.Macvlan(peer(link, names), mode));
            default -> Optional.empty();
        };
    }

    /** A peer outside the lab is told as a place that no lab file can mean. */
    private static Place peer(Link link, Map<Long, String> names) {
        String node = link.lower()
                .flatMap(Link.Lower::netns)
                .map(ref -> names.getOrDefault(ref.inode(), ref.toString()))
                .orElse("?");
        InterfaceName device = link.lower().flatMap(Link.Lower::name).orElseGet(() -> new InterfaceName("?"));
        return new Place(node, device);
    }

    private static Device device(Link link, Device.Kind kind, Map<InterfaceName, List<VlanEntry>> tables) {
        boolean isMtu = link.mtu() >= Mtu.MIN && link.mtu() <= Mtu.MAX;
        return new Device(
                link.name(),
                kind,
                link.up(),
                isMtu ? Optional.of(new Mtu(link.mtu())) : Optional.empty(),
                link.mac(),
                new LinkedHashSet<>(link.addresses()),
                link.controller().map(bridge -> new Device.Port(bridge, tables.getOrDefault(link.name(), List.of()))));
    }

    /** The bridges of a network that somebody else has made. */
    static Set<Place> existingBridges(Network network) {
        return places(network).stream()
                .filter(place ->
                        network.device(place).orElseThrow().kind() instanceof Device.Bridge bridge && bridge.existing())
                .collect(Collectors.toSet());
    }

    /** The places of all devices of a network. */
    static Set<Place> places(Network network) {
        Set<Place> places = new HashSet<>();
        for (Node node : network.nodes().values()) {
            node.devices().keySet().forEach(device -> places.add(new Place(node.name(), device)));
        }
        return places;
    }

    /** The same network as a kernel without VLAN tables shows it. Where filtering is off, they had no effect. */
    static Network withoutVlanTables(Network network) {
        return network.map(node -> node.withDevices(node.devices().values().stream()
                .map(Observer::withoutVlanTable)
                .collect(toMap(Device::name, device -> device, (a, b) -> b, LinkedHashMap::new))));
    }

    private static Device withoutVlanTable(Device device) {
        Device portless = device.withPort(device.port().map(port -> new Device.Port(port.bridge(), List.of())));
        return device.kind() instanceof Device.Bridge bridge
                ? portless.withKind(bridge.withDefaultPvid(0).withSelf(List.of()))
                : portless;
    }
}
