package io.netyard.lab.plan;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Device.Bridge;
import io.netyard.lab.network.Device.Macvlan;
import io.netyard.lab.network.Device.Port;
import io.netyard.lab.network.Device.Stp;
import io.netyard.lab.network.Device.Subinterface;
import io.netyard.lab.network.Device.VethEnd;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.network.StaticNeighbour;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A network that is changed in thought, with the side effects that the kernel's own changes have. The planner looks here for
 * what is left to do, so that each step counts on the state which the steps before it leave.
 */
final class Sketch {

    /** As {@link io.netyard.lab.network.Settings}, to be changed. */
    private static final class Drawn {
        private final Map<SysctlName, String> sysctls = new LinkedHashMap<>();
        private final Set<Route> routes = new LinkedHashSet<>();
        private final Set<StaticNeighbour> neighbours = new LinkedHashSet<>();
        private final Map<String, PolicyUse> policies = new LinkedHashMap<>();
        private final Map<InterfaceName, List<InetAddress>> tapHosts = new LinkedHashMap<>();
    }

    private final Map<String, Node.Origin> origins = new LinkedHashMap<>();
    private final Map<Place, Device> devices = new LinkedHashMap<>();

    /** What hangs on a device, to be looked through: its ports, subinterfaces and macvlans. Kept by {@link #put} and {@link #take}. */
    private final Map<Place, Set<Place>> hanging = new HashMap<>();

    private final Map<String, Set<Place>> byNode = new HashMap<>();
    private final Map<String, Drawn> settings = new LinkedHashMap<>();

    Sketch(Network network) {
        for (Node node : network.nodes().values()) {
            origins.put(node.name(), node.origin());
            Drawn drawn = new Drawn();
            drawn.sysctls.putAll(node.settings().sysctls());
            drawn.routes.addAll(node.settings().routes());
            drawn.neighbours.addAll(node.settings().neighbours());
            drawn.policies.putAll(node.settings().policies());
            drawn.tapHosts.putAll(node.settings().tapHosts());
            settings.put(node.name(), drawn);
            node.devices().values().forEach(device -> put(new Place(node.name(), device.name()), device));
        }
    }

    private void put(Place place, Device device) {
        Device before = devices.put(place, device);
        if (before != null) {
            on(place, before).forEach(below -> hanging.get(below).remove(place));
        }
        on(place, device).forEach(below -> hanging.computeIfAbsent(below, any -> new LinkedHashSet<>())
                .add(place));
        byNode.computeIfAbsent(place.node(), any -> new LinkedHashSet<>()).add(place);
    }

    private void take(Place place) {
        Device before = devices.remove(place);
        on(place, before).forEach(below -> hanging.get(below).remove(place));
        byNode.get(place.node()).remove(place);
    }

    /** The devices that a device hangs on. */
    private static Set<Place> on(Place place, Device device) {
        Set<Place> below = new LinkedHashSet<>();
        device.port().ifPresent(port -> below.add(new Place(place.node(), port.bridge())));
        if (device.kind() instanceof Subinterface sub) {
            below.add(new Place(place.node(), sub.parent()));
        }
        if (device.kind() instanceof Macvlan macvlan) {
            below.add(macvlan.parent());
        }
        return below;
    }

    /** A copy: it may be walked while the sketch is changed. */
    private List<Place> hangingOn(Place place) {
        return List.copyOf(hanging.getOrDefault(place, Set.of()));
    }

    Set<String> nodes() {
        return new LinkedHashSet<>(origins.keySet());
    }

    Optional<Node.Origin> origin(String node) {
        return Optional.ofNullable(origins.get(node));
    }

    /** A copy: it may be walked while the sketch is changed. */
    List<Place> places() {
        return List.copyOf(devices.keySet());
    }

    /** Those in one node; a copy. */
    List<Place> places(String node) {
        return List.copyOf(byNode.getOrDefault(node, Set.of()));
    }

    Optional<Device> device(Place place) {
        return Optional.ofNullable(devices.get(place));
    }

    /** The port's table, or the bridge's own. */
    List<VlanEntry> vlans(Place place) {
        Device device = devices.get(place);
        return device.kind() instanceof Bridge bridge
                ? bridge.self()
                : device.port().map(Port::vlans).orElse(List.of());
    }

    boolean isUp(Place place) {
        return device(place).map(Device::up).orElse(false);
    }

    Optional<Bridge> bridge(Place place) {
        return device(place).map(Device::kind).filter(Bridge.class::isInstance).map(Bridge.class::cast);
    }

    List<Place> ports(Place bridge) {
        return hangingOn(bridge).stream()
                .filter(place -> place.node().equals(bridge.node()))
                .filter(place -> devices.get(place)
                        .port()
                        .filter(port -> port.bridge().equals(bridge.device()))
                        .isPresent())
                .toList();
    }

    private List<Place> children(Place parent) {
        return hangingOn(parent).stream()
                .filter(place -> devices.get(place).kind() instanceof Subinterface sub
                        && sub.parent().equals(parent.device()))
                .toList();
    }

    private List<Place> macvlans(Place parent) {
        return hangingOn(parent).stream()
                .filter(place -> devices.get(place).kind() instanceof Macvlan on
                        && on.parent().equals(parent))
                .toList();
    }

    /** What goes down or away takes its routes and neighbours along (fib_sync_down_dev in net/ipv4/fib_semantics.c, neigh_ifdown). */
    private void forgetWaysOver(Place place, Predicate<Route> which) {
        Drawn drawn = drawn(place.node());
        drawn.routes.removeIf(route -> route.device().equals(Optional.of(place.device())) && which.test(route));
        drawn.neighbours.removeIf(neighbour -> neighbour.device().equals(place.device()));
    }

    void addNode(String name, Node.Origin origin) {
        origins.put(name, origin);
        settings.put(name, new Drawn());
    }

    private Drawn drawn(String node) {
        return settings.computeIfAbsent(node, any -> new Drawn());
    }

    /** Copies, all of them: they may be walked while the sketch is changed. */
    Map<SysctlName, String> sysctls(String node) {
        return Map.copyOf(drawn(node).sysctls);
    }

    List<Route> routes(String node) {
        return List.copyOf(drawn(node).routes);
    }

    List<StaticNeighbour> neighbours(String node) {
        return List.copyOf(drawn(node).neighbours);
    }

    Map<String, PolicyUse> policies(String node) {
        return new LinkedHashMap<>(drawn(node).policies);
    }

    Map<InterfaceName, List<InetAddress>> tapHosts(String node) {
        return new LinkedHashMap<>(drawn(node).tapHosts);
    }

    void setSysctl(String node, SysctlName name, String value) {
        drawn(node).sysctls.put(name, value);
    }

    void addRoute(String node, Route route) {
        drawn(node).routes.add(route);
    }

    void removeRoute(String node, Route route) {
        drawn(node).routes.removeIf(route::isMetBy);
    }

    void setNeighbour(String node, StaticNeighbour neighbour) {
        drawn(node)
                .neighbours
                .removeIf(had ->
                        had.device().equals(neighbour.device()) && had.address().equals(neighbour.address()));
        drawn(node).neighbours.add(neighbour);
    }

    void removeNeighbour(String node, StaticNeighbour neighbour) {
        drawn(node).neighbours.remove(neighbour);
    }

    void setPolicy(String node, PolicyUse use) {
        drawn(node).policies.put(use.policy().name(), use);
    }

    void removePolicy(String node, String policy) {
        drawn(node).policies.remove(policy);
    }

    void setTapHost(Place tap, List<InetAddress> addresses) {
        drawn(tap.node()).tapHosts.put(tap.device(), addresses);
    }

    void removeTapHost(Place tap) {
        drawn(tap.node()).tapHosts.remove(tap.device());
    }

    /** An interface that is made anew, or goes, has none of the parameters that somebody had set for it. */
    private void forgetSysctls(Place place) {
        drawn(place.node())
                .sysctls
                .keySet()
                .removeIf(name -> name.isPerInterface()
                        && name.parts().get(3).equals(place.device().value()));
    }

    /** With a namespace go its devices, and the other ends of its cables. */
    void removeNode(String name) {
        settings.remove(name);
        places(name).forEach(this::removeDevice);
        origins.remove(name);
    }

    void add(Place place, Device.Kind kind, Optional<Mtu> mtu) {
        forgetSysctls(place);
        if (place.node().equals(Node.HOST)) {
            // Nobody makes it; the lab has something there from now on.
            origins.putIfAbsent(Node.HOST, new Node.Host());
        }
        put(place, new Device(place.device(), kind, false, mtu, Optional.empty(), Set.of(), Optional.empty()));
    }

    /** With a device go its subinterfaces, with a veth the other end, with a bridge the role of its ports. */
    void removeDevice(Place place) {
        Device removed = devices.get(place);
        if (removed == null) {
            return;
        }
        children(place).forEach(this::removeDevice);
        macvlans(place).forEach(this::removeDevice);
        if (removed.kind() instanceof Bridge) {
            ports(place).forEach(port -> setPort(port, Optional.empty()));
        }
        take(place);
        forgetSysctls(place);
        forgetWaysOver(place, route -> true);
        removeTapHost(place);
        if (removed.kind() instanceof VethEnd end) {
            removeDevice(end.peer());
        }
    }

    /**
     * A parent takes its subinterfaces along, both ways (vlan_device_event in net/8021q/vlan.c). What goes down loses its IPv6
     * addresses (addrconf_ifdown in net/ipv6/addrconf.c; keep_addr_on_down is off unless somebody sets it).
     */
    void setUp(Place place, boolean up) {
        change(
                place,
                device ->
                        up ? device.withUp(true) : device.withUp(false).withoutAddresses(address -> !address.isIpv4()));
        if (!up) {
            forgetWaysOver(place, route -> true);
        }
        children(place).stream().filter(child -> isUp(child) != up).forEach(child -> setUp(child, up));
    }

    /** A parent's MTU is the upper limit of its subinterfaces' (NETDEV_CHANGEMTU in vlan_device_event). */
    void setMtu(Place place, Mtu mtu) {
        change(place, device -> device.withMtu(mtu));
        children(place).stream()
                .filter(child -> devices.get(child)
                        .mtu()
                        .filter(had -> had.bytes() > mtu.bytes())
                        .isPresent())
                .forEach(child -> setMtu(child, mtu));
    }

    /** With another address an interface forgets its neighbours, permanent ones too (neigh_changeaddr in net/core/neighbour.c). */
    void setMac(Place place, MacAddress mac) {
        change(place, device -> device.withMac(mac));
        drawn(place.node()).neighbours.removeIf(neighbour -> neighbour.device().equals(place.device()));
    }

    void addAddress(Place place, IpPrefix address) {
        change(place, device -> device.withAddress(address));
    }

    /** Without its last IPv4 address an interface has no IPv4 routes either (fib_inetaddr_event in net/ipv4/fib_frontend.c). */
    void removeAddress(Place place, IpPrefix address) {
        change(place, device -> device.withoutAddresses(address::equals));
        drawn(place.node()).routes.removeIf(route -> route.source().equals(Optional.of(address.address())));
        if (device(place).stream()
                .flatMap(device -> device.addresses().stream())
                .noneMatch(IpPrefix::isIpv4)) {
            forgetWaysOver(place, route -> route.destination().isIpv4());
        }
    }

    /** A new port starts with the bridge's default PVID (nbp_vlan_init in net/bridge/br_vlan.c). */
    void addPort(Place port, InterfaceName bridge) {
        int defaultPvid =
                bridge(new Place(port.node(), bridge)).map(Bridge::defaultPvid).orElse(0);
        setPort(port, Optional.of(new Port(bridge, defaultTable(defaultPvid))));
    }

    void removePort(Place port) {
        setPort(port, Optional.empty());
    }

    static List<VlanEntry> defaultTable(int defaultPvid) {
        return defaultPvid == 0 ? List.of() : List.of(new VlanEntry(new VlanId(defaultPvid), true, true));
    }

    private void setPort(Place place, Optional<Port> port) {
        change(place, device -> device.withPort(port));
    }

    /** The one PVID moves to the newcomer that claims it (__vlan_add_flags in net/bridge/br_vlan.c). */
    void addVlans(Place place, int first, int last, boolean pvid, boolean untagged) {
        setVlans(place, table -> {
            if (pvid) {
                table.replaceAll((vid, entry) -> new VlanEntry(entry.vid(), false, entry.untagged()));
            }
            for (int vid = first; vid <= last; vid++) {
                table.put(vid, new VlanEntry(new VlanId(vid), pvid, untagged));
            }
        });
    }

    void removeVlans(Place place, int first, int last) {
        setVlans(place, table -> table.keySet().removeIf(vid -> vid >= first && vid <= last));
    }

    void setFiltering(Place bridge, boolean on) {
        changeBridge(bridge, had -> had.withVlanFiltering(on));
    }

    void setStp(Place bridge, UnaryOperator<Stp> change) {
        changeBridge(bridge, had -> had.withStp(change.apply(had.stp())));
    }

    /**
     * The kernel moves the tables that still begin with the old default and leaves alone those that somebody has changed
     * (__br_vlan_set_default_pvid and br_vlan_disable_default_pvid in net/bridge/br_vlan.c).
     */
    void setDefaultPvid(Place bridge, int to) {
        int from = bridge(bridge).orElseThrow().defaultPvid();
        List<Place> tables = new ArrayList<>(ports(bridge));
        tables.add(bridge);
        for (Place place : tables) {
            setVlans(place, table -> {
                VlanEntry old = table.get(from);
                boolean untouched = from == 0 || old != null && old.pvid() && old.untagged();
                if (!untouched || to != 0 && table.containsKey(to)) {
                    return;
                }
                if (to != 0) {
                    table.replaceAll((vid, entry) -> new VlanEntry(entry.vid(), false, entry.untagged()));
                    table.put(to, new VlanEntry(new VlanId(to), true, true));
                }
                if (from != 0) {
                    table.remove(from);
                }
            });
        }
        changeBridge(bridge, had -> had.withDefaultPvid(to));
    }

    private void setVlans(Place place, Consumer<TreeMap<Integer, VlanEntry>> change) {
        TreeMap<Integer, VlanEntry> table = new TreeMap<>();
        vlans(place).forEach(entry -> table.put(entry.vid().value(), entry));
        change.accept(table);
        List<VlanEntry> entries = List.copyOf(table.values());
        if (devices.get(place).kind() instanceof Bridge) {
            changeBridge(place, had -> had.withSelf(entries));
        } else {
            devices.get(place).port().ifPresent(port -> setPort(place, Optional.of(new Port(port.bridge(), entries))));
        }
    }

    private void changeBridge(Place place, UnaryOperator<Bridge> change) {
        change(place, device -> device.withKind(change.apply((Bridge) device.kind())));
    }

    private void change(Place place, UnaryOperator<Device> change) {
        device(place).ifPresent(device -> put(place, change.apply(device)));
    }
}
