package io.netyard.lab.drift;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.routing.Route;
import io.netyard.lab.drift.Drift.PolicyState;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Device.Bridge;
import io.netyard.lab.network.Device.Stp;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.Settings;
import io.netyard.lab.network.StaticNeighbour;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What differs between a network as it is and as it is meant to be, in the order of the nodes. A pure function: it finds something exactly
 * when the planner would have something to do, and tells it as what differs, not as what would be done.
 */
final class Comparison {

    private final List<Drift> found = new ArrayList<>();

    private Comparison() {}

    /**
     * @param is as the kernel has it
     * @param meant as it is wanted, as far as it can be on this kernel
     */
    static List<Drift> of(Network is, Network meant) {
        Comparison comparison = new Comparison();
        Set<String> names = new LinkedHashSet<>(meant.nodes().keySet());
        names.addAll(is.nodes().keySet());
        names.forEach(name -> comparison.node(
                name,
                Optional.ofNullable(is.nodes().get(name)),
                Optional.ofNullable(meant.nodes().get(name))));
        return comparison.found;
    }

    private void node(String name, Optional<Node> is, Optional<Node> meant) {
        boolean host = name.equals(Node.HOST);
        if (is.isEmpty() && !host) {
            found.add(new Drift.NodeGone(name, meant.orElseThrow().attached().isPresent()));
            return;
        }
        if (meant.isEmpty() && !host) {
            found.add(new Drift.NodeAdded(name));
            return;
        }
        Node bare = new Node(name, new Node.Host(), Map.of(), Settings.NONE);
        devices(is.orElse(bare), meant.orElse(bare));
        settings(is.orElse(bare), meant.orElse(bare));
    }

    private void devices(Node is, Node meant) {
        meant.devices().forEach((name, wanted) -> {
            Place place = new Place(meant.name(), name);
            Device had = is.devices().get(name);
            if (had == null) {
                found.add(new Drift.InterfaceGone(place, wanted));
            } else if (!isSame(had.kind(), wanted.kind())) {
                found.add(new Drift.InterfaceReplaced(place, had.kind(), wanted.kind()));
            } else {
                device(place, had, wanted);
            }
        });
        is.devices().keySet().stream()
                .filter(name -> !meant.devices().containsKey(name))
                .filter(name -> !isExisting(is.devices().get(name)))
                .forEach(name -> found.add(new Drift.InterfaceAdded(new Place(is.name(), name))));
    }

    private static boolean isExisting(Device device) {
        return device.kind() instanceof Bridge bridge && bridge.existing();
    }

    /** Whether one can become the other without being made anew. */
    private static boolean isSame(Device.Kind is, Device.Kind meant) {
        return is instanceof Bridge ? meant instanceof Bridge : is.equals(meant);
    }

    private void device(Place place, Device is, Device meant) {
        if (is.up() != meant.up()) {
            found.add(new Drift.UpOrDown(place, is.up()));
        }
        meant.mtu()
                .filter(mtu -> !is.mtu().equals(Optional.of(mtu)))
                .ifPresent(mtu -> found.add(new Drift.OtherMtu(place, is.mtu(), mtu)));
        meant.mac()
                .filter(mac -> !is.mac().equals(Optional.of(mac)))
                .ifPresent(mac -> found.add(new Drift.OtherMac(place, is.mac(), mac)));
        meant.addresses().stream()
                .filter(address -> !is.addresses().contains(address))
                .forEach(address -> found.add(new Drift.AddressGone(place, address)));
        // The link-local ones are the kernel's: one for each interface, without being asked.
        is.addresses().stream()
                .filter(address -> !meant.addresses().contains(address))
                .filter(address -> address.isIpv4() || !address.address().isLinkLocalAddress())
                .forEach(address -> found.add(new Drift.AddressAdded(place, address)));
        if (is.kind() instanceof Bridge had && meant.kind() instanceof Bridge wanted) {
            bridge(place, had, wanted);
        }
        Optional<InterfaceName> had = is.port().map(Device.Port::bridge);
        Optional<InterfaceName> wanted = meant.port().map(Device.Port::bridge);
        if (!had.equals(wanted)) {
            found.add(new Drift.OtherBridge(place, had, wanted));
        } else if (had.isPresent()) {
            vlans(
                    place,
                    false,
                    is.port().orElseThrow().vlans(),
                    meant.port().orElseThrow().vlans());
        }
    }

    private void bridge(Place place, Bridge is, Bridge meant) {
        setting(place, "vlan_filtering", is.vlanFiltering(), meant.vlanFiltering());
        setting(place, "default_pvid", is.defaultPvid(), meant.defaultPvid());
        setting(place, "stp", is.stp().on(), meant.stp().on());
        setting(place, "priority", is.stp().priority(), meant.stp().priority());
        boolean known = !is.stp().forwardDelay().equals(Stp.UNKNOWN);
        if (known && is.stp().on() && meant.stp().on()) {
            setting(
                    place,
                    "forward_delay",
                    is.stp().forwardDelay().toSeconds(),
                    meant.stp().forwardDelay().toSeconds());
        }
        vlans(place, true, is.self(), meant.self());
    }

    private void setting(Place place, String key, Object is, Object meant) {
        if (!is.equals(meant)) {
            found.add(new Drift.BridgeSetting(place, key, is.toString(), meant.toString()));
        }
    }

    private void vlans(Place place, boolean self, List<VlanEntry> is, List<VlanEntry> meant) {
        Map<Integer, String> had = flags(is);
        Map<Integer, String> wanted = flags(meant);
        Set<Integer> vids = new TreeSet<>(had.keySet());
        vids.addAll(wanted.keySet());
        Drift.Vlans run = null;
        for (int vid : vids) {
            Optional<String> one = Optional.ofNullable(had.get(vid));
            Optional<String> other = Optional.ofNullable(wanted.get(vid));
            if (one.equals(other)) {
                continue;
            }
            VlanId id = new VlanId(vid);
            boolean goesOn = run != null
                    && run.last().value() == vid - 1
                    && run.is().equals(one)
                    && run.meant().equals(other);
            if (goesOn) {
                found.remove(found.size() - 1);
            }
            run = new Drift.Vlans(place, self, goesOn ? run.first() : id, id, one, other, is);
            found.add(run);
        }
    }

    private static Map<Integer, String> flags(List<VlanEntry> entries) {
        Map<Integer, String> flags = new TreeMap<>();
        entries.forEach(entry -> flags.put(entry.vid().value(), entry.flags()));
        return flags;
    }

    private void settings(Node is, Node meant) {
        Settings had = is.settings();
        Settings wanted = meant.settings();
        String node = meant.name();
        wanted.sysctls().forEach((name, value) -> {
            Optional<String> now = Optional.ofNullable(had.sysctls().get(name));
            // That the interface is missing says it all.
            boolean there = !name.isPerInterface()
                    || isThere(is, meant, new InterfaceName(name.parts().get(3)));
            if (there && !now.equals(Optional.of(value))) {
                found.add(new Drift.Sysctl(node, name, now, value));
            }
        });
        wanted.routes().stream()
                .filter(route -> had.routes().stream().noneMatch(route::isMetBy))
                .filter(route -> route.device()
                        .filter(device -> !isThere(is, meant, device))
                        .isEmpty())
                .forEach(route -> found.add(new Drift.RouteGone(node, route)));
        for (Route route : had.routes()) {
            if (wanted.routes().stream().noneMatch(want -> want.isMetBy(route))) {
                found.add(new Drift.RouteAdded(node, route));
            }
        }
        neighbours(is, meant);
        wanted.policies().forEach((name, use) -> {
            if (!had.policies().containsKey(name)) {
                found.add(new Drift.OtherPolicy(node, name, PolicyState.BROKEN));
            } else if (!had.policies().get(name).equals(use)) {
                found.add(new Drift.OtherPolicy(node, name, PolicyState.OTHER));
            }
        });
        had.policies().keySet().stream()
                .filter(name -> !wanted.policies().containsKey(name))
                .forEach(name -> found.add(new Drift.OtherPolicy(node, name, PolicyState.ADDED)));
        Set<InterfaceName> taps = new LinkedHashSet<>(wanted.tapHosts().keySet());
        taps.addAll(had.tapHosts().keySet());
        for (InterfaceName tap : taps) {
            var now = had.tapHosts().getOrDefault(tap, List.of());
            var then = wanted.tapHosts().getOrDefault(tap, List.of());
            if (!now.equals(then) && isThere(is, meant, tap)) {
                found.add(new Drift.OtherTapHost(new Place(node, tap), now, then));
            }
        }
    }

    private void neighbours(Node is, Node meant) {
        Set<StaticNeighbour> had = is.settings().neighbours();
        Set<StaticNeighbour> wanted = meant.settings().neighbours();
        for (StaticNeighbour neighbour : had) {
            if (!wanted.contains(neighbour)) {
                Optional<MacAddress> mac = wanted.stream()
                        .filter(want -> isSame(want, neighbour))
                        .map(StaticNeighbour::mac)
                        .findFirst();
                found.add(new Drift.NeighbourSet(meant.name(), neighbour, mac));
            }
        }
        wanted.stream()
                .filter(neighbour -> had.stream().noneMatch(other -> isSame(other, neighbour)))
                .filter(neighbour -> isThere(is, meant, neighbour.device()))
                .forEach(neighbour -> found.add(new Drift.NeighbourGone(meant.name(), neighbour)));
    }

    private static boolean isSame(StaticNeighbour a, StaticNeighbour b) {
        return a.device().equals(b.device()) && a.address().equals(b.address());
    }

    /** Whether an interface of the lab is there; of one that is not the lab's nothing is known. */
    private static boolean isThere(Node is, Node meant, InterfaceName device) {
        return !meant.devices().containsKey(device) || is.devices().containsKey(device);
    }
}
