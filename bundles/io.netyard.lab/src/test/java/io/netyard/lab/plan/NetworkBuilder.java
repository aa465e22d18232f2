package io.netyard.lab.plan;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import io.netyard.api.link.MacvlanMode;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.routing.Route;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Writes networks in few words. Places are NODE:DEVICE, VLAN entries "10 pvid untagged". */
final class NetworkBuilder {

    private final Map<String, Node.Origin> origins = new LinkedHashMap<>();
    private final Map<Place, Device> devices = new LinkedHashMap<>();
    private final Map<String, Map<SysctlName, String>> sysctls = new LinkedHashMap<>();
    private final Map<String, Set<Route>> routes = new LinkedHashMap<>();
    private final Map<String, Set<StaticNeighbour>> neighbours = new LinkedHashMap<>();
    private final Map<String, Map<String, PolicyUse>> policies = new LinkedHashMap<>();
    private final Map<String, Map<InterfaceName, List<InetAddress>>> tapHosts = new LinkedHashMap<>();

    NetworkBuilder nodes(String... names) {
        for (String name : names) {
            origins.put(name, new Node.Made("process"));
        }
        return this;
    }

    NetworkBuilder holder(String node, String holder) {
        origins.put(node, new Node.Made(holder));
        return this;
    }

    NetworkBuilder cable(String a, String b) {
        add(a, new Device.VethEnd(place(b)), Optional.of(new Mtu(1500)));
        add(b, new Device.VethEnd(place(a)), Optional.of(new Mtu(1500)));
        return this;
    }

    NetworkBuilder subinterface(String at, String parent, int vlan) {
        add(at, new Device.Subinterface(new InterfaceName(parent), new VlanId(vlan)), Optional.of(new Mtu(1500)));
        return this;
    }

    NetworkBuilder bridge(String at, boolean filtering, int defaultPvid, String... self) {
        add(at, new Device.Bridge(filtering, defaultPvid, entries(self)), Optional.empty());
        return this;
    }

    NetworkBuilder stp(String at, int forwardDelay, int priority) {
        Device.Stp stp = new Device.Stp(true, Duration.ofSeconds(forwardDelay), priority);
        return change(at, device -> device.withKind(((Device.Bridge) device.kind()).withStp(stp)));
    }

    NetworkBuilder port(String at, String bridge, String... vlans) {
        Device.Port port = new Device.Port(new InterfaceName(bridge), entries(vlans));
        return change(at, device -> device.withPort(Optional.of(port)));
    }

    NetworkBuilder address(String at, String address) {
        return change(at, device -> device.withAddress(IpPrefix.parse(address)));
    }

    NetworkBuilder down(String at) {
        return change(at, device -> device.withUp(false));
    }

    NetworkBuilder origin(String node, Node.Origin origin) {
        origins.put(node, origin);
        return this;
    }

    NetworkBuilder host() {
        origins.put(Node.HOST, new Node.Host());
        return this;
    }

    /** @param container {@code RUNTIME:NAME} */
    NetworkBuilder attached(String node, String container) {
        origins.put(node, new Node.Attached(new ForeignNamespace.Container(container)));
        return this;
    }

    NetworkBuilder tap(String at, String... hosts) {
        add(at, new Device.Tap(), Optional.of(new Mtu(1500)));
        if (hosts.length > 0) {
            tapHosts.computeIfAbsent(place(at).node(), any -> new LinkedHashMap<>())
                    .put(
                            place(at).device(),
                            Stream.of(hosts).map(IpPrefix::parseAddress).toList());
        }
        return this;
    }

    NetworkBuilder macvlan(String at, String parent) {
        add(at, new Device.Macvlan(place(parent), MacvlanMode.BRIDGE), Optional.of(new Mtu(1500)));
        return this;
    }

    NetworkBuilder card(String at, String hostInterface) {
        add(at, new Device.Card(new InterfaceName(hostInterface)), Optional.empty());
        return this;
    }

    NetworkBuilder sysctl(String node, String name, String value) {
        sysctls.computeIfAbsent(node, any -> new LinkedHashMap<>()).put(SysctlName.parse(name), value);
        return this;
    }

    NetworkBuilder route(String node, String route) {
        routes.computeIfAbsent(node, any -> new LinkedHashSet<>()).add(Route.parse(route));
        return this;
    }

    NetworkBuilder neighbour(String at, String address, String mac) {
        neighbours
                .computeIfAbsent(place(at).node(), any -> new LinkedHashSet<>())
                .add(new StaticNeighbour(place(at).device(), IpPrefix.parseAddress(address), MacAddress.parse(mac)));
        return this;
    }

    NetworkBuilder policy(String node, String name, String... rules) {
        Policy policy = new Policy(
                name,
                Layer.NETWORK,
                Optional.empty(),
                Set.of(),
                Stream.of(rules).map(Rule::parse).toList(),
                Map.of());
        policies.computeIfAbsent(node, any -> new LinkedHashMap<>()).put(name, new PolicyUse(policy, Optional.empty()));
        return this;
    }

    private Settings settings(String node) {
        return new Settings(
                sysctls.getOrDefault(node, Map.of()),
                routes.getOrDefault(node, Set.of()),
                neighbours.getOrDefault(node, Set.of()),
                policies.getOrDefault(node, Map.of()),
                tapHosts.getOrDefault(node, Map.of()));
    }

    Network build() {
        Map<String, Node> nodes = new LinkedHashMap<>();
        origins.forEach((name, origin) -> {
            Map<InterfaceName, Device> inside = new LinkedHashMap<>();
            devices.forEach((place, device) -> {
                if (place.node().equals(name)) {
                    inside.put(place.device(), device);
                }
            });
            nodes.put(name, new Node(name, origin, inside, settings(name)));
        });
        return new Network(nodes);
    }

    static Place place(String text) {
        String[] parts = text.split(":");
        return new Place(parts[0], new InterfaceName(parts[1]));
    }

    static List<VlanEntry> entries(String... texts) {
        List<VlanEntry> entries = new ArrayList<>();
        for (String text : texts) {
            String[] words = text.split(" ");
            List<String> flags = List.of(words).subList(1, words.length);
            String[] range = words[0].split("-");
            for (int vid = Integer.parseInt(range[0]); vid <= Integer.parseInt(range[range.length - 1]); vid++) {
                entries.add(new VlanEntry(new VlanId(vid), flags.contains("pvid"), flags.contains("untagged")));
            }
        }
        return entries;
    }

    private void add(String at, Device.Kind kind, Optional<Mtu> mtu) {
        Place place = place(at);
        devices.put(place, new Device(place.device(), kind, true, mtu, Optional.empty(), Set.of(), Optional.empty()));
    }

    private NetworkBuilder change(String at, UnaryOperator<Device> change) {
        devices.computeIfPresent(place(at), (place, device) -> change.apply(device));
        return this;
    }
}
