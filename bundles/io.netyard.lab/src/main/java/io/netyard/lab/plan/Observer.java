package io.netyard.lab.plan;

import static java.util.stream.Collectors.toMap;

import io.netyard.api.InterfaceName;
import io.netyard.api.Mtu;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.link.Cards;
import io.netyard.api.link.Link;
import io.netyard.api.link.TapHost;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.ForeignNamespaces.Attachment;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetnsSpec;
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

/** Reads from the kernel what a lab owns, or what is in given namespaces, whoever owns it. Changes nothing. */
public final class Observer {

    /**
     * @param network what the lab owns, or what is there
     * @param foreign what else is in its namespaces: what only its owner may touch, and interfaces of kinds that no lab can have
     */
    public record Observed(Network network, Set<Place> foreign) {}

    /**
     * What to look for.
     *
     * @param host whether the lab may have something in the host's namespace
     * @param sysctls those that matter, by node
     * @param existing bridges of the host in which the lab has ports
     * @param attached nodes that the lab wants to be attached, whether they are or not
     * @param unmarked devices that count as the lab's although they bear no mark: a change that was killed may have made them
     *     and not come to marking them
     * @param anybodys whether what others own, or nobody, counts as well
     */
    record Scope(
            String lab,
            boolean host,
            Map<String, Set<SysctlName>> sysctls,
            Set<Place> existing,
            Map<String, ForeignNamespace> attached,
            Set<Place> unmarked,
            boolean anybodys) {

        /** Of one lab. */
        Scope(
                String lab,
                boolean host,
                Map<String, Set<SysctlName>> sysctls,
                Set<Place> existing,
                Map<String, ForeignNamespace> attached,
                Set<Place> unmarked) {
            this(lab, host, sysctls, existing, attached, unmarked, false);
        }

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

        /** Whoever owns it. */
        static final Scope ANYBODYS = new Scope("", true, Map.of(), Set.of(), Map.of(), Set.of(), true);

        private boolean isOurs(Optional<String> owner, Place place) {
            return anybodys || owner.map(lab::equals).orElseGet(() -> unmarked.contains(place));
        }
    }

    /** Routes that come by themselves: with an address, by a redirect, from a router (rtm_protocol, linux/rtnetlink.h). */
    private static final Set<String> ROUTES_OF_THE_KERNEL = Set.of("kernel", "redirect", "ra");

    /** What {@code ip route} makes, and what it makes when it is asked to. */
    private static final Set<String> BY_HAND = Set.of("boot", "static");

    private final Services services;

    public Observer(Services services) {
        this.services = services;
    }

    /** What is known of the whole host when the first node is looked at. @param names of the lab's nodes by inode */
    private record Known(
            Map<Long, String> names,
            Map<NetnsRef, List<Link>> links,
            List<Cards.Lent> lent,
            List<TapHost> tapHosts,
            Map<NetnsRef, Map<SysctlName, String>> sysctls,
            Map<NetnsRef, List<RouteEntry>> routes,
            Map<NetnsRef, List<Neighbour>> neighbours) {

        /** @throws RequestException if nothing is known of it, since it has ended */
        private static <T> T of(NetnsRef netns, String name, Map<NetnsRef, T> known) {
            return Optional.ofNullable(known.get(netns))
                    .orElseThrow(() -> new RequestException("node %s has ended".formatted(name)));
        }
    }

    /**
     * All that is in some namespaces, whoever has made it; without sysctls. A route that came by itself is none of it.
     *
     * @param nodes where to look, by the name that each gets
     */
    public Observed observe(Map<String, NetnsRef> nodes) {
        Map<Long, String> names = new HashMap<>();
        nodes.forEach((name, netns) -> names.put(netns.inode(), name));
        Set<NetnsRef> all = new LinkedHashSet<>(nodes.values());
        Known known = new Known(
                names,
                services.links().list(all),
                services.cards().lent(),
                services.tapHosts().list(),
                Map.of(),
                services.routing().routes(all),
                services.routing().neighbours(all));
        Map<String, Node> found = new LinkedHashMap<>();
        Set<Place> foreign = new HashSet<>();
        nodes.forEach((name, netns) -> {
            Node.Origin origin = name.equals(Node.HOST) ? new Node.Host() : new Node.Made(NetnsSpec.DEFAULT_HOLDER);
            found.put(name, node(Scope.ANYBODYS, name, origin, netns, known, foreign));
        });
        return new Observed(new Network(found), foreign);
    }

    Observed observe(Scope scope) {
        String lab = scope.lab();
        List<Netns> own = Kernel.own(services.namespaces(), lab);
        NetnsRef host = services.namespaces().host();
        List<Attachment> attachments = services.foreign().attachments(lab);
        Known known = known(scope, own, host, attachments);
        Map<String, Node> nodes = new LinkedHashMap<>();
        Set<Place> foreign = new HashSet<>();
        if (scope.host()) {
            Node node = node(scope, Node.HOST, new Node.Host(), host, known, foreign);
            if (!node.devices().isEmpty() || !node.settings().equals(Settings.NONE)) {
                nodes.put(Node.HOST, node);
            }
        }
        for (Netns netns : own) {
            try {
                Node.Origin made = new Node.Made(netns.holder().orElseThrow());
                Node node = node(scope, netns.name().orElseThrow(), made, netns.ref(), known, foreign);
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
                observe(scope, attached, known, foreign).ifPresent(node -> nodes.put(node.name(), node));
            }
        }
        scope.attached().forEach((name, what) -> {
            if (attachments.stream().noneMatch(had -> isMeant(had, name, what))) {
                foreign.addAll(inTheWay(lab, name, what));
            }
        });
        return new Observed(new Network(nodes), foreign);
    }

    private Known known(Scope scope, List<Netns> own, NetnsRef host, List<Attachment> attachments) {
        Map<Long, String> names = new HashMap<>();
        Map<NetnsRef, String> all = new LinkedHashMap<>();
        own.forEach(netns -> all.put(netns.ref(), netns.name().orElseThrow()));
        if (scope.host()) {
            all.put(host, Node.HOST);
        }
        attachments.forEach(attached -> attached.netns().ifPresent(netns -> all.put(netns, attached.node())));
        names.put(host.inode(), Node.HOST);
        all.forEach((netns, node) -> names.put(netns.inode(), node));
        Map<NetnsRef, Set<SysctlName>> sysctls = new LinkedHashMap<>();
        all.forEach((netns, node) -> Optional.ofNullable(scope.sysctls().get(node))
                .filter(wanted -> !wanted.isEmpty())
                .ifPresent(wanted -> sysctls.put(netns, wanted)));
        return new Known(
                names,
                services.links().list(all.keySet()),
                services.cards().lent().stream()
                        .filter(lent -> lent.owner().equals(scope.lab()))
                        .toList(),
                services.tapHosts().list(),
                sysctls.isEmpty() ? Map.of() : services.routing().sysctls(sysctls),
                services.routing().routes(all.keySet()),
                services.routing().neighbours(all.keySet()));
    }

    private static boolean isMeant(Attachment attached, String node, ForeignNamespace what) {
        return attached.netns().isPresent()
                && attached.node().equals(node)
                && attached.what().equals(what);
    }

    /** Empty if it has ended. */
    private Optional<Node> observe(Scope scope, Attachment attached, Known known, Set<Place> foreign) {
        String name = attached.node();
        Set<Place> others = new HashSet<>();
        try {
            Node node = node(
                    scope,
                    name,
                    new Node.Attached(attached.what()),
                    attached.netns().orElseThrow(),
                    known,
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

    private Node node(Scope scope, String name, Node.Origin origin, NetnsRef netns, Known known, Set<Place> foreign) {
        List<Link> found = Known.of(netns, name, known.links());
        Map<InterfaceName, InterfaceName> cards = cards(known, netns);
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
                    .or(() -> kind(link, known.names(), switches));
            boolean ours = cards.containsKey(link.name())
                    || scope.existing().contains(place)
                    || scope.isOurs(link.owner(), place);
            if (ours && kind.isPresent()) {
                devices.put(link.name(), device(link, kind.orElseThrow(), tables));
            } else {
                foreign.add(place);
            }
        }
        Node bare = new Node(name, origin, devices, Settings.NONE);
        return bare.withSettings(settings(scope, bare, netns, known));
    }

    /** What the lab has borrowed from the host and put here: the host's name for it by its name here. */
    private static Map<InterfaceName, InterfaceName> cards(Known known, NetnsRef netns) {
        Map<InterfaceName, InterfaceName> cards = new HashMap<>();
        known.lent().stream()
                .filter(lent -> lent.netns().inode() == netns.inode())
                .forEach(lent -> cards.put(lent.as(), lent.name()));
        return cards;
    }

    private Settings settings(Scope scope, Node node, NetnsRef netns, Known known) {
        Map<InterfaceName, Device> devices = node.devices();
        Map<SysctlName, String> sysctls = new LinkedHashMap<>();
        known.sysctls()
                .getOrDefault(netns, Map.of())
                .forEach((parameter, value) -> sysctls.put(parameter, value.replace('\t', ' ')));
        boolean others = !(node.origin() instanceof Node.Made);
        Set<Route> routes = new LinkedHashSet<>();
        for (RouteEntry entry : Known.of(netns, node.name(), known.routes())) {
            boolean overOurs =
                    entry.route().device().filter(devices::containsKey).isPresent();
            // In a node that the lab has made, what somebody has set by hand is the lab's, as with addresses and
            // neighbours.
            boolean byHand = !others
                    && BY_HAND.contains(entry.origin())
                    && (overOurs || entry.route().device().isEmpty());
            boolean made =
                    scope.anybodys() ? !ROUTES_OF_THE_KERNEL.contains(entry.origin()) : byHand || entry.isNetyards();
            if (made && (!others || overOurs)) {
                routes.add(entry.route());
            }
        }
        Set<StaticNeighbour> neighbours = new LinkedHashSet<>();
        for (Neighbour neighbour : Known.of(netns, node.name(), known.neighbours())) {
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
            boolean ours = scope.anybodys() || enforcement.owner().equals(scope.lab());
            if (ours && enforcement.state() != Firewall.State.BROKEN) {
                policies.put(enforcement.policy().name(), new PolicyUse(enforcement.policy(), enforcement.pin()));
            }
        }
        Map<InterfaceName, List<InetAddress>> tapHosts = new LinkedHashMap<>();
        known.tapHosts().stream()
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
