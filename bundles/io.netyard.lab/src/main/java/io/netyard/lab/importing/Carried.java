package io.netyard.lab.importing;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.routing.Route;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.Settings;
import io.netyard.lab.network.StaticNeighbour;
import io.netyard.lab.plan.Observer.Observed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of an observed network a lab file can say. A pure function.
 *
 * @param network that part; of the host only what hangs together with other nodes
 * @param remarks what is left out, a sentence each
 */
record Carried(Network network, List<String> remarks) {

    /** What modules for tunnels put into every namespace (net.core.fb_tunnels_only_for_init_net), for nobody's use. */
    private static final Set<String> FALLBACKS =
            Set.of("tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0");

    static Carried of(Observed observed) {
        List<String> remarks = new ArrayList<>();
        observed.foreign().stream()
                .filter(place -> !place.node().equals(Node.HOST)
                        && !FALLBACKS.contains(place.device().value()))
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .forEach(place -> remarks.add("%s is an interface of a kind that a lab cannot have".formatted(place)));
        Network whole = observed.network();
        Network before;
        do {
            before = whole;
            Network now = before;
            whole = now.map(node -> withoutDangling(now, node, remarks));
        } while (!whole.equals(before));
        Network connected = whole;
        Network network = connected.map(node -> node.isHost() ? whatHangsTogether(node) : node);
        return new Carried(network.map(node -> settled(node, remarks)), remarks);
    }

    private static Node withoutDangling(Network network, Node node, List<String> remarks) {
        Map<InterfaceName, Device> left = new LinkedHashMap<>();
        node.devices().forEach((name, device) -> {
            String missing = missing(network, node, device);
            if (missing.isEmpty()) {
                left.put(name, device.withoutAddresses(Carried::isLinkLocal));
            } else if (!node.isHost()) {
                remarks.add("%s: %s".formatted(new Place(node.name(), name), missing));
            }
        });
        return node.withDevices(left);
    }

    private static boolean isLinkLocal(IpPrefix address) {
        return !address.isIpv4() && address.address().isLinkLocalAddress();
    }

    /** What it cannot be without and is not there; empty if all is. */
    private static String missing(Network network, Node node, Device device) {
        if (device.kind() instanceof Device.VethEnd end
                && network.device(end.peer()).isEmpty()) {
            return "the other end of its cable is in a namespace that is not imported (%s)"
                    .formatted(end.peer().node());
        }
        if (device.kind() instanceof Device.Macvlan on
                && !on.parent().node().equals(Node.HOST)
                && network.device(on.parent()).isEmpty()) {
            return "its parent is in a namespace that is not imported (%s)"
                    .formatted(on.parent().node());
        }
        if (device.kind() instanceof Device.Subinterface sub && !node.devices().containsKey(sub.parent())) {
            return "its parent %s is not carried".formatted(sub.parent());
        }
        if (device.port().isPresent()
                && !node.devices().containsKey(device.port().get().bridge())) {
            return "what it is a port of, %s, is not carried"
                    .formatted(device.port().get().bridge());
        }
        return "";
    }

    /** A host has much that has nothing to do with the lab; a bridge there is used, not made. */
    private static Node whatHangsTogether(Node host) {
        Set<InterfaceName> kept = new LinkedHashSet<>();
        Set<InterfaceName> bridges = new LinkedHashSet<>();
        host.devices().values().stream()
                .filter(device -> device.kind() instanceof Device.VethEnd end
                        && !end.peer().node().equals(Node.HOST))
                .forEach(device -> kept.add(device.name()));
        boolean more = true;
        while (more) {
            more = false;
            for (Device device : host.devices().values()) {
                if (device.kind() instanceof Device.Subinterface sub && kept.contains(sub.parent())) {
                    more |= kept.add(device.name());
                }
            }
        }
        Map<InterfaceName, Device> left = new LinkedHashMap<>();
        host.devices().values().stream()
                .filter(device -> kept.contains(device.name()))
                .forEach(device -> {
                    left.put(device.name(), device);
                    device.port().ifPresent(port -> bridges.add(port.bridge()));
                });
        for (InterfaceName bridge : bridges) {
            Device device = host.devices().get(bridge);
            if (device != null && device.kind() instanceof Device.Bridge had) {
                left.put(
                        bridge,
                        device.withKind(new Device.Bridge(
                                had.vlanFiltering(), had.defaultPvid(), had.self(), had.stp(), true)));
            }
        }
        return host.withDevices(left);
    }

    /** Without settings that are about interfaces which are not carried. */
    private static Node settled(Node node, List<String> remarks) {
        Settings all = node.settings();
        Set<Route> routes = new LinkedHashSet<>();
        for (Route route : all.routes()) {
            boolean over = route.device().map(device -> isThere(node, device)).orElse(!node.isHost());
            if (over) {
                routes.add(route);
            } else if (!node.isHost()) {
                remarks.add("node %s: route '%s' leads over an interface that is not carried"
                        .formatted(node.name(), route));
            }
        }
        Set<StaticNeighbour> neighbours = new LinkedHashSet<>(all.neighbours());
        neighbours.removeIf(neighbour -> !node.devices().containsKey(neighbour.device()));
        return node.withSettings(new Settings(
                all.sysctls(), routes, neighbours, node.isHost() ? Map.of() : all.policies(), all.tapHosts()));
    }

    private static boolean isThere(Node node, InterfaceName device) {
        return node.devices().containsKey(device)
                || !node.isHost() && device.value().equals("lo");
    }
}
