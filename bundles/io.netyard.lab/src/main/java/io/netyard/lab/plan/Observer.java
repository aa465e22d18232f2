package io.netyard.lab.plan;

import static java.util.stream.Collectors.toMap;

import io.netyard.api.InterfaceName;
import io.netyard.api.Mtu;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.link.Link;
import io.netyard.api.link.Links;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads from the kernel what a lab owns. Changes nothing. */
final class Observer {

    /**
     * @param network what the lab owns
     * @param foreign what else is in its namespaces, which only its owner may touch
     */
    record Observed(Network network, Set<Place> foreign) {}

    private final Namespaces namespaces;
    private final Links links;
    private final Bridges bridges;

    Observer(Namespaces namespaces, Links links, Bridges bridges) {
        this.namespaces = namespaces;
        this.links = links;
        this.bridges = bridges;
    }

    /**
     * @param unmarked devices that count as the lab's although they bear no mark: a change that was killed may have made them
     *     and not come to marking them
     */
    Observed observe(String lab, Set<Place> unmarked) {
        List<Netns> own = Kernel.own(namespaces, lab);
        Map<Long, String> names = new HashMap<>();
        own.forEach(netns -> names.put(netns.ref().inode(), netns.name().orElseThrow()));
        Map<String, Node> nodes = new LinkedHashMap<>();
        Set<Place> foreign = new HashSet<>();
        for (Netns netns : own) {
            try {
                Node node = node(lab, netns, names, unmarked, foreign);
                nodes.put(node.name(), node);
            } catch (RequestException e) {
                // It has gone since it was listed; if it has not, there is more to say about it.
                if (Kernel.own(namespaces, lab).contains(netns)) {
                    throw e;
                }
            }
        }
        return new Observed(new Network(nodes), foreign);
    }

    private Node node(String lab, Netns netns, Map<Long, String> names, Set<Place> unmarked, Set<Place> foreign) {
        String name = netns.name().orElseThrow();
        List<Link> found = links.list(netns.ref());
        Map<InterfaceName, Device.Bridge> switches = new HashMap<>();
        Map<InterfaceName, List<VlanEntry>> tables = new HashMap<>();
        if (found.stream().anyMatch(link -> link.kind().equals("bridge"))) {
            bridges.list(netns.ref()).forEach(bridge -> {
                switches.put(
                        bridge.name(),
                        new Device.Bridge(
                                bridge.vlanFiltering(), bridge.defaultPvid(), bridge.self(), stp(bridge.stp())));
                bridge.ports().forEach(port -> tables.put(port.name(), port.vlans()));
            });
        }
        Map<InterfaceName, Device> devices = new LinkedHashMap<>();
        for (Link link : found) {
            if (link.kind().equals("loopback") || link.name().value().equals("lo")) {
                continue;
            }
            Place place = new Place(name, link.name());
            Optional<Device.Kind> kind = kind(link, names, switches);
            boolean ours = link.owner().isEmpty()
                    ? unmarked.contains(place)
                    : link.owner().orElseThrow().equals(lab);
            if (ours && kind.isPresent()) {
                devices.put(link.name(), device(link, kind.orElseThrow(), tables));
            } else {
                foreign.add(place);
            }
        }
        return new Node(name, netns.holder().orElseThrow(), devices);
    }

    private static Device.Stp stp(Bridge.Stp stp) {
        return new Device.Stp(stp.on(), stp.forwardDelay(), stp.priority());
    }

    private static Optional<Device.Kind> kind(
            Link link, Map<Long, String> names, Map<InterfaceName, Device.Bridge> switches) {
        return switch (link.kind()) {
            case "veth" -> Optional.of(new Device.VethEnd(peer(link, names)));
            case "vlan" ->
                link.lower().flatMap(Link.Lower::name).flatMap(parent -> link.vlan()
                        .map(vlan -> new Device.Subinterface(parent, vlan)));
            case "bridge" -> Optional.ofNullable(switches.get(link.name()));
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
        return new Network(network.nodes().values().stream()
                .map(node -> new Node(
                        node.name(),
                        node.holder(),
                        node.devices().values().stream()
                                .map(Observer::withoutVlanTable)
                                .collect(toMap(Device::name, device -> device, (a, b) -> b, LinkedHashMap::new))))
                .collect(toMap(Node::name, node -> node, (a, b) -> b, LinkedHashMap::new)));
    }

    private static Device withoutVlanTable(Device device) {
        Device portless = device.withPort(device.port().map(port -> new Device.Port(port.bridge(), List.of())));
        return device.kind() instanceof Device.Bridge bridge
                ? portless.withKind(bridge.withDefaultPvid(0).withSelf(List.of()))
                : portless;
    }
}
