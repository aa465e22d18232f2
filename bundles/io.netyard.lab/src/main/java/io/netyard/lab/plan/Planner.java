package io.netyard.lab.plan;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.routing.Route;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Device.Bridge;
import io.netyard.lab.network.Device.Card;
import io.netyard.lab.network.Device.Kind;
import io.netyard.lab.network.Device.Macvlan;
import io.netyard.lab.network.Device.Port;
import io.netyard.lab.network.Device.Stp;
import io.netyard.lab.network.Device.Subinterface;
import io.netyard.lab.network.Device.Tap;
import io.netyard.lab.network.Device.VethEnd;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.StaticNeighbour;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * Finds the smallest change from one network to another, and an order in which nobody hears what neither of the two networks lets
 * him hear: what closes comes before what opens, VLAN tables are complete before filtering relies on them and before a new
 * port is up, and filtering is switched off last. A pure function.
 */
final class Planner {

    private final Network wanted;
    private final Map<Place, Device> devices = new LinkedHashMap<>();
    private final Sketch sketch;
    private final List<Operation> steps = new ArrayList<>();

    private Planner(Network had, Network wanted) {
        this.wanted = wanted;
        this.sketch = new Sketch(had);
        for (Node node : wanted.nodes().values()) {
            node.devices().values().forEach(device -> devices.put(new Place(node.name(), device.name()), device));
        }
    }

    /** @return empty if there is nothing to do */
    static List<Operation> plan(Network had, Network wanted) {
        if (had.equals(withChoices(wanted, had))) {
            return List.of();
        }
        Planner planner = new Planner(had, wanted);
        planner.close();
        planner.remove();
        planner.create();
        planner.connect();
        planner.open();
        planner.settle();
        return List.copyOf(planner.steps);
    }

    /** With what it leaves to the kernel as the kernel has chosen it. */
    private static Network withChoices(Network wanted, Network had) {
        return wanted.map(node -> {
            Map<InterfaceName, Device> devices = new LinkedHashMap<>();
            node.devices()
                    .forEach((name, want) -> devices.put(
                            name,
                            had.device(new Place(node.name(), name))
                                    .map(is -> withChoices(want, is))
                                    .orElse(want)));
            return node.withDevices(devices);
        });
    }

    private static Device withChoices(Device want, Device is) {
        Set<IpPrefix> addresses = new LinkedHashSet<>(want.addresses());
        is.addresses().stream().filter(Planner::isLinkLocal).forEach(addresses::add);
        return new Device(
                want.name(),
                want.kind() instanceof Bridge bridge && is.kind() instanceof Bridge there
                        ? bridge.withStp(withChoices(bridge.stp(), there.stp()))
                        : want.kind(),
                want.up(),
                want.mtu().or(is::mtu),
                want.mac().or(is::mac),
                addresses,
                want.port());
    }

    /** What a bridge that is not the root waits is the root's to say. */
    private static Stp withChoices(Stp want, Stp is) {
        return is.forwardDelay().equals(Stp.UNKNOWN) ? new Stp(want.on(), Stp.UNKNOWN, want.priority()) : want;
    }

    private void step(Operation operation) {
        operation.draw(sketch);
        steps.add(operation);
    }

    // Close: nothing that is taken away here is needed by what stays.

    private void close() {
        takeDown();
        removeRoutes();
        stays((place, had, want) -> {
            if (had.port().isPresent() && !bridgeOf(had).equals(bridgeOf(want))) {
                step(new Operation.RemovePort(place));
            }
        });
        stays((place, had, want) -> {
            if (filters(place)) {
                tightenVlans(place, want);
            }
        });
        // The link-local ones are the kernel's: one for each interface, without being asked.
        stays((place, had, want) -> had.addresses().stream()
                .filter(address -> !want.addresses().contains(address))
                .filter(address -> !isLinkLocal(address))
                .forEach(address -> step(new Operation.RemoveAddress(place, address))));
    }

    private void takeDown() {
        stays((place, had, want) -> {
            // Again, because a parent may have taken it along.
            if (sketch.isUp(place) && !want.up()) {
                step(new Operation.SetUp(place, false));
            }
        });
    }

    // Remove and create

    private void remove() {
        for (String node : sketch.nodes()) {
            sketch.tapHosts(node).keySet().stream()
                    .map(tap -> new Place(node, tap))
                    .filter(tap ->
                            sketch.device(tap).filter(had -> stays(tap, had)).isEmpty() || !hasHost(tap))
                    .forEach(tap -> step(new Operation.DetachTapHost(tap)));
        }
        // A card first: with its namespace it would go back by itself, and bare.
        for (Class<? extends Kind> kind :
                List.of(Card.class, Macvlan.class, Tap.class, VethEnd.class, Subinterface.class, Bridge.class)) {
            for (Place place : sketch.places()) {
                // Again, because one step removes more than one device.
                sketch.device(place)
                        .filter(had -> kind.isInstance(had.kind()) && !stays(place, had) && !existing(had))
                        .filter(had -> !goesWithItsNode(place, had))
                        .ifPresent(had -> step(
                                had.kind() instanceof Card card
                                        ? new Operation.GiveBackCard(place, card)
                                        : new Operation.DeleteDevice(place)));
            }
        }
        for (String node : mostDevicesFirst()) {
            Node.Origin origin = sketch.origin(node).orElseThrow();
            if (origin instanceof Node.Host) {
                removePolicies(node);
            } else if (!nodeStays(node)) {
                step(
                        origin instanceof Node.Attached attached
                                ? new Operation.DetachNode(node, attached.what())
                                : new Operation.DestroyNode(node));
            }
        }
    }

    /**
     * To destroy a namespace deletes all that is in it, in less time than it takes to delete a single interface first: the kernel waits for each
     * request that removes interfaces, and not for each interface. What is tied to something that stays is free of it before.
     */
    private boolean goesWithItsNode(Place place, Device device) {
        return isDestroyed(place.node())
                && (device.kind() instanceof VethEnd end
                        ? isDestroyed(end.peer().node())
                        : device.kind() instanceof Subinterface || device.kind() instanceof Bridge);
    }

    private boolean isDestroyed(String node) {
        return sketch.origin(node).filter(Node.Made.class::isInstance).isPresent() && !nodeStays(node);
    }

    /** A switch takes the cables of all its neighbours along, at once. */
    private List<String> mostDevicesFirst() {
        return sketch.nodes().stream()
                .sorted(Comparator.comparingInt(
                                (String node) -> sketch.places(node).size())
                        .reversed())
                .toList();
    }

    private void create() {
        for (Node node : wanted.nodes().values()) {
            if (sketch.origin(node.name()).isPresent()) {
                continue;
            }
            if (node.origin() instanceof Node.Made made) {
                boolean ipv6 = !"1".equals(node.settings().sysctls().get(Node.NO_IPV6));
                step(new Operation.CreateNode(node.name(), made.holder(), ipv6));
            } else if (node.origin() instanceof Node.Attached attached) {
                step(new Operation.AttachNode(node.name(), attached.what()));
            }
        }
        missing((place, want) -> {
            if (want.kind() instanceof VethEnd end) {
                Device peer = wanted.device(end.peer()).orElseThrow();
                step(new Operation.CreateVeth(
                        place,
                        want.mac(),
                        end.peer(),
                        peer.mac(),
                        want.mtu().equals(peer.mtu()) ? want.mtu() : Optional.empty()));
            }
        });
        missing((place, want) -> {
            if (want.kind() instanceof Tap) {
                step(new Operation.CreateTap(place, want.mac()));
            } else if (want.kind() instanceof Card card) {
                step(new Operation.LendCard(place, card));
            }
        });
        missing((place, want) -> {
            if (want.kind() instanceof Bridge bridge) {
                step(new Operation.CreateBridge(
                        place,
                        bridge.withSelf(Sketch.defaultTable(bridge.defaultPvid()))
                                .withStp(Stp.DEFAULT)));
            }
        });
        parentsFirst().forEach(place -> {
            Device want = devices.get(place);
            if (want.kind() instanceof Subinterface sub && sketch.device(place).isEmpty()) {
                step(new Operation.CreateSubinterface(place, sub));
            }
            if (want.kind() instanceof Macvlan on && sketch.device(place).isEmpty()) {
                step(new Operation.CreateMacvlan(place, on, want.mac()));
            }
        });
    }

    // Connect: everything new is still down.

    private void connect() {
        setSysctls();
        setPolicies();
        for (Place place : parentsFirst()) {
            Device want = devices.get(place);
            Device had = sketch.device(place).orElseThrow();
            want.mac()
                    .filter(mac -> !had.mac().equals(Optional.of(mac)))
                    .ifPresent(mac -> step(new Operation.SetMac(place, mac)));
            want.mtu()
                    .filter(mtu -> !had.mtu().equals(Optional.of(mtu)))
                    .ifPresent(mtu -> step(new Operation.SetMtu(place, mtu)));
        }
        stays((place, had, want) -> {
            if (want.kind() instanceof Bridge bridge
                    && sketch.bridge(place).orElseThrow().defaultPvid() != bridge.defaultPvid()) {
                setDefaultPvid(place, bridge.defaultPvid());
            }
        });
        stays((place, had, want) -> {
            if (want.kind() instanceof Bridge bridge) {
                switchStpOn(place, bridge.stp());
            }
        });
        stays((place, had, want) -> {
            if (want.port().isPresent() && had.port().isEmpty()) {
                addPort(place, want.port().orElseThrow());
            }
        });
        stays((place, had, want) -> tightenVlans(place, want));
        stays(this::admitVlans);
        stays((place, had, want) -> {
            if (want.kind() instanceof Bridge bridge
                    && bridge.vlanFiltering()
                    && !sketch.bridge(place).orElseThrow().vlanFiltering()) {
                step(new Operation.SetFiltering(place, true));
            }
        });
        stays((place, had, want) -> {
            if (want.kind() instanceof Bridge bridge
                    && !bridge.stp().on()
                    && sketch.bridge(place).orElseThrow().stp().on()) {
                switchStpOff(place);
            }
        });
    }

    /**
     * It may be what closes a loop: on before anything comes up. Ports that forward already would go on doing so until the first word of a
     * neighbour (br_stp_start in net/bridge/br_stp_if.c); when the bridge comes up again, they begin by listening.
     */
    private void switchStpOn(Place bridge, Stp want) {
        Stp had = sketch.bridge(bridge).orElseThrow().stp();
        if (had.priority() != want.priority()) {
            step(new Operation.SetBridgePriority(bridge, want.priority()));
        }
        if (!want.on()) {
            return;
        }
        boolean known = !had.forwardDelay().equals(Stp.UNKNOWN);
        if (known ? !had.forwardDelay().equals(want.forwardDelay()) : !had.on()) {
            step(new Operation.SetForwardDelay(bridge, want.forwardDelay()));
        }
        if (!had.on()) {
            takeDown(bridge);
            step(new Operation.SetStp(bridge, true));
        }
    }

    /**
     * Off when everything else that closes loops is done. Ports that were shut would stay so until their neighbour's last word is too old,
     * 20 seconds (br_stp_stop, and br_message_age_timer_expired in net/bridge/br_stp_timer.c), unless the bridge comes up again.
     */
    private void switchStpOff(Place bridge) {
        takeDown(bridge);
        step(new Operation.SetStp(bridge, false));
    }

    private void takeDown(Place bridge) {
        if (sketch.isUp(bridge)) {
            step(new Operation.SetUp(bridge, false));
        }
    }

    /**
     * A new one is given to ports of any table (__br_vlan_set_default_pvid in net/bridge/br_vlan.c), where these would hear each other until it is
     * taken away again: meanwhile the bridge is down. None, in place of one, only takes away.
     */
    private void setDefaultPvid(Place bridge, int defaultPvid) {
        if (sketch.bridge(bridge).orElseThrow().vlanFiltering() && defaultPvid != 0) {
            takeDown(bridge);
        }
        step(new Operation.SetDefaultPvid(bridge, defaultPvid));
    }

    /** Until its table is right, a port of a filtering bridge must not forward. */
    private void addPort(Place place, Port port) {
        Place bridge = new Place(place.node(), port.bridge());
        int defaultPvid = sketch.bridge(bridge).orElseThrow().defaultPvid();
        boolean filtering = filters(bridge) || ((Bridge) devices.get(bridge).kind()).vlanFiltering();
        if (sketch.isUp(place) && filtering && !port.vlans().equals(Sketch.defaultTable(defaultPvid))) {
            step(new Operation.SetUp(place, false));
        }
        step(new Operation.AddPort(place, port.bridge()));
    }

    /** Takes away what is not wanted: VIDs, and the role of the PVID where no other VID takes it over. */
    private void tightenVlans(Place place, Device want) {
        Map<Integer, VlanEntry> wantedTable = table(vlans(want));
        List<VlanEntry> surplus = sketch.vlans(place).stream()
                .filter(entry -> !wantedTable.containsKey(entry.vid().value()))
                .toList();
        boolean self = want.kind() instanceof Bridge;
        for (List<VlanEntry> run : runs(surplus, (a, b) -> true)) {
            step(new Operation.RemoveVlans(
                    place, self, run.get(0).vid(), run.get(run.size() - 1).vid()));
        }
        if (vlans(want).stream().anyMatch(VlanEntry::pvid)) {
            // The one that gets the role takes it from the other in the same step.
            return;
        }
        for (VlanEntry entry : sketch.vlans(place)) {
            VlanEntry should = wantedTable.get(entry.vid().value());
            if (entry.pvid() && should != null) {
                step(new Operation.AddVlans(place, self, entry.vid(), entry.vid(), false, should.untagged()));
            }
        }
    }

    private void admitVlans(Place place, Device had, Device want) {
        // The PVID first: it takes the role from the VID that had it, which may then be as it should.
        lackingVlans(place, want).stream().filter(VlanEntry::pvid).forEach(entry -> admit(place, want, entry, entry));
        BiPredicate<VlanEntry, VlanEntry> alike = (a, b) -> a.untagged() == b.untagged();
        for (List<VlanEntry> run : runs(lackingVlans(place, want), alike)) {
            admit(place, want, run.get(0), run.get(run.size() - 1));
        }
    }

    private List<VlanEntry> lackingVlans(Place place, Device want) {
        Map<Integer, VlanEntry> present = table(sketch.vlans(place));
        return vlans(want).stream()
                .filter(entry -> !entry.equals(present.get(entry.vid().value())))
                .toList();
    }

    private void admit(Place place, Device want, VlanEntry first, VlanEntry last) {
        step(new Operation.AddVlans(
                place, want.kind() instanceof Bridge, first.vid(), last.vid(), first.pvid(), first.untagged()));
    }

    // Open

    private void open() {
        addAddresses();
        // A bridge after its ports: what each of these tells everybody when it comes up then goes nowhere.
        List<Place> bridges = new ArrayList<>();
        for (Place place : parentsFirst()) {
            if (isOnBridge(place)) {
                bridges.add(place);
            } else {
                bringUp(place);
            }
        }
        bridges.forEach(this::bringUp);
        // A parent that came up took its subinterfaces along; one that goes down again loses its IPv6 addresses.
        takeDown();
        addAddresses();
        stays((place, had, want) -> {
            if (want.kind() instanceof Bridge bridge
                    && !bridge.vlanFiltering()
                    && sketch.bridge(place).orElseThrow().vlanFiltering()) {
                step(new Operation.SetFiltering(place, false));
            }
        });
        addWays();
    }

    private void bringUp(Place place) {
        if (devices.get(place).up() && !sketch.isUp(place)) {
            step(new Operation.SetUp(place, true));
        }
    }

    /** Whether it is a bridge or sits on one. */
    private boolean isOnBridge(Place place) {
        Device device = devices.get(place);
        if (device == null) {
            return false;
        }
        if (device.kind() instanceof Subinterface sub) {
            return isOnBridge(new Place(place.node(), sub.parent()));
        }
        return device.kind() instanceof Macvlan on ? isOnBridge(on.parent()) : device.kind() instanceof Bridge;
    }

    /** Whoever has been told that the network is there wants to use it. */
    private void settle() {
        if (!steps.isEmpty()) {
            devices.forEach((place, want) -> {
                if (want.kind() instanceof Bridge bridge
                        && !bridge.existing()
                        && bridge.stp().on()
                        && want.up()) {
                    step(new Operation.AwaitTree(place, bridge.stp().forwardDelay()));
                }
            });
        }
    }

    // What a node has beside its devices

    private void removeRoutes() {
        for (Node node : wanted.nodes().values()) {
            for (Route had : sketch.routes(node.name())) {
                if (node.settings().routes().stream().noneMatch(want -> want.isMetBy(had))) {
                    step(new Operation.RemoveRoute(node.name(), had));
                }
            }
        }
    }

    private void setSysctls() {
        for (Node node : wanted.nodes().values()) {
            node.settings().sysctls().forEach((name, value) -> {
                if (!value.equals(sketch.sysctls(node.name()).get(name))) {
                    step(new Operation.SetSysctl(node.name(), name, value));
                }
            });
        }
    }

    /** Before anything new comes up; what is taken away is taken away last. */
    private void setPolicies() {
        for (Node node : wanted.nodes().values()) {
            node.settings().policies().forEach((name, use) -> {
                if (!use.equals(sketch.policies(node.name()).get(name))) {
                    step(new Operation.SetPolicy(node.name(), use));
                }
            });
        }
    }

    private void removePolicies(String node) {
        Set<String> kept = Optional.ofNullable(wanted.nodes().get(node))
                .map(want -> want.settings().policies().keySet())
                .orElse(Set.of());
        sketch.policies(node).keySet().stream()
                .filter(name -> !kept.contains(name))
                .forEach(name -> step(new Operation.RemovePolicy(node, name)));
    }

    private boolean hasHost(Place tap) {
        Node node = wanted.nodes().get(tap.node());
        return node != null && node.settings().tapHosts().containsKey(tap.device());
    }

    /** When all is up, since routes and neighbours go with an interface that goes down. */
    private void addWays() {
        for (Node node : wanted.nodes().values()) {
            String name = node.name();
            node.settings().tapHosts().forEach((tap, addresses) -> {
                if (!addresses.equals(sketch.tapHosts(name).get(tap))) {
                    step(new Operation.AttachTapHost(new Place(name, tap), addresses));
                }
            });
            Set<StaticNeighbour> neighbours = node.settings().neighbours();
            sketch.neighbours(name).stream()
                    .filter(had -> neighbours.stream().noneMatch(want -> isSame(had, want)))
                    .forEach(had -> step(new Operation.RemoveNeighbour(name, had)));
            neighbours.stream()
                    .filter(want -> !sketch.neighbours(name).contains(want))
                    .forEach(want -> step(new Operation.SetNeighbour(name, want)));
            node.settings().routes().stream()
                    .filter(want -> sketch.routes(name).stream().noneMatch(want::isMetBy))
                    .forEach(want -> step(new Operation.AddRoute(name, want)));
            removePolicies(name);
        }
    }

    private static boolean isSame(StaticNeighbour a, StaticNeighbour b) {
        return a.device().equals(b.device()) && a.address().equals(b.address());
    }

    private void addAddresses() {
        stays((place, had, want) -> {
            for (IpPrefix address : want.addresses()) {
                if (!had.addresses().contains(address)) {
                    step(new Operation.AddAddress(place, address));
                }
            }
        });
    }

    // What the passes have in common

    private interface Pass {
        void visit(Place place, Device had, Device want);
    }

    /** Visits the devices that are there and will be, as they are at that moment. */
    private void stays(Pass pass) {
        for (Map.Entry<Place, Device> entry : devices.entrySet()) {
            Place place = entry.getKey();
            sketch.device(place)
                    .filter(had -> stays(place, had))
                    .ifPresent(had -> pass.visit(place, had, entry.getValue()));
        }
    }

    private interface Missing {
        void visit(Place place, Device want);
    }

    private void missing(Missing pass) {
        devices.forEach((place, want) -> {
            if (sketch.device(place).isEmpty()) {
                pass.visit(place, want);
            }
        });
    }

    private static boolean existing(Device device) {
        return device.kind() instanceof Bridge bridge && bridge.existing();
    }

    private boolean nodeStays(String name) {
        Node want = wanted.nodes().get(name);
        if (name.equals(Node.HOST)) {
            return true;
        }
        return want != null && sketch.origin(name).equals(Optional.of(want.origin()));
    }

    /** Whether a device can be made what is wanted without making it anew. */
    private boolean stays(Place place, Device had) {
        Device want = devices.get(place);
        if (want == null || !nodeStays(place.node())) {
            return false;
        }
        if (had.kind() instanceof Bridge) {
            return want.kind() instanceof Bridge;
        }
        if (had.kind() instanceof VethEnd end) {
            return had.kind().equals(want.kind())
                    && nodeStays(end.peer().node())
                    && sketch.device(end.peer()).isPresent();
        }
        if (had.kind() instanceof Macvlan on) {
            boolean ofThisLab = sketch.device(on.parent()).isPresent() || devices.containsKey(on.parent());
            return had.kind().equals(want.kind())
                    && (!ofThisLab
                            || sketch.device(on.parent())
                                    .filter(it -> stays(on.parent(), it))
                                    .isPresent());
        }
        if (!(had.kind() instanceof Subinterface sub)) {
            return had.kind().equals(want.kind());
        }
        Place parent = new Place(place.node(), sub.parent());
        return had.kind().equals(want.kind())
                && sketch.device(parent).filter(it -> stays(parent, it)).isPresent();
    }

    /** Whether frames at this device are filtered by VLAN now. */
    private boolean filters(Place place) {
        Place bridge = sketch.device(place)
                .flatMap(Device::port)
                .map(port -> new Place(place.node(), port.bridge()))
                .orElse(place);
        return sketch.bridge(bridge).map(Bridge::vlanFiltering).orElse(false);
    }

    static boolean isLinkLocal(IpPrefix address) {
        return !address.isIpv4() && address.address().isLinkLocalAddress();
    }

    private static Optional<InterfaceName> bridgeOf(Device device) {
        return device.port().map(Port::bridge);
    }

    private static List<VlanEntry> vlans(Device device) {
        return device.kind() instanceof Bridge bridge
                ? bridge.self()
                : device.port().map(Port::vlans).orElse(List.of());
    }

    private static Map<Integer, VlanEntry> table(List<VlanEntry> entries) {
        Map<Integer, VlanEntry> table = new TreeMap<>();
        entries.forEach(entry -> table.put(entry.vid().value(), entry));
        return table;
    }

    /** Cuts entries in order of VID into runs of consecutive VIDs that can go in one message. */
    private static List<List<VlanEntry>> runs(List<VlanEntry> entries, BiPredicate<VlanEntry, VlanEntry> together) {
        List<List<VlanEntry>> runs = new ArrayList<>();
        VlanEntry last = null;
        for (VlanEntry entry : entries) {
            if (last == null || !isNext(last.vid(), entry.vid()) || !together.test(last, entry)) {
                runs.add(new ArrayList<>());
            }
            runs.get(runs.size() - 1).add(entry);
            last = entry;
        }
        return runs;
    }

    private static boolean isNext(VlanId a, VlanId b) {
        return b.value() == a.value() + 1;
    }

    /** The wanted devices, each after the one that it is a subinterface of. */
    private List<Place> parentsFirst() {
        Set<Place> ordered = new LinkedHashSet<>();
        devices.keySet().forEach(place -> addWithParents(place, ordered, new HashSet<>()));
        return List.copyOf(ordered);
    }

    private void addWithParents(Place place, Set<Place> ordered, Set<Place> onTheWay) {
        Device device = devices.get(place);
        if (device == null || !onTheWay.add(place)) {
            return;
        }
        if (device.kind() instanceof Subinterface sub) {
            addWithParents(new Place(place.node(), sub.parent()), ordered, onTheWay);
        }
        if (device.kind() instanceof Macvlan on) {
            addWithParents(on.parent(), ordered, onTheWay);
        }
        ordered.add(place);
    }
}
