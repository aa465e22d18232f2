package io.netyard.lab.layer2;

import io.netyard.api.MacAddress;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Device.Bridge;
import io.netyard.lab.network.Device.Subinterface;
import io.netyard.lab.network.Device.VethEnd;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ways that broadcasts take, by the kernel's rules: an untagged frame gets the port's PVID or is dropped, a tagged one must be of a VID
 * that the port has, and it leaves by each other port that has its VID, without the tag where the port says untagged
 * (net/bridge/br_vlan.c). A bridge that does not filter hands on whatever comes. Addresses are not learned here: a broadcast goes
 * everywhere.
 */
final class Layer2 {

    /** A frame does not get larger for ever: what has more tags than this is lost. */
    private static final int MOST_TAGS = 4;

    /** Stands for the VID in a bridge that does not filter. */
    static final int UNFILTERED = 0;

    /** Where a frame is that somebody has sent. */
    sealed interface Fate {}

    /**
     * In a bridge.
     *
     * @param from the port that it came in by, or the bridge if that has sent it
     * @param vlan {@link #UNFILTERED} if the bridge does not filter
     * @param tags what else it bears, outermost first
     */
    record Inside(Place bridge, Place from, int vlan, List<Integer> tags) implements Fate {}

    /** At an interface that is no port, whose namespace hears it; {@code tags} that no subinterface has taken off are still on it. */
    record Heard(Place device, List<Integer> tags) implements Fate {}

    /** @param out the port by which it left a bridge */
    record Hop(Place out, Fate fate) {}

    /**
     * At an interface, not yet taken in.
     *
     * @param entering the interface is a bridge, and the frame goes into it, as what its own namespace sends; else it comes out
     */
    private record Arrival(Place device, List<Integer> tags, boolean entering) {}

    private final Map<Place, Device> devices = new LinkedHashMap<>();
    private final Map<Place, List<Place>> ports = new LinkedHashMap<>();
    private final Map<Place, Map<Integer, Place>> children = new HashMap<>();
    private final Map<Place, Map<Integer, VlanEntry>> tables = new HashMap<>();
    private final Set<Place> blocked;

    /** @param blocked ports that a spanning tree keeps shut */
    Layer2(Network network, Set<Place> blocked) {
        this.blocked = blocked;
        for (Node node : network.nodes().values()) {
            node.devices().values().forEach(device -> devices.put(new Place(node.name(), device.name()), device));
        }
        devices.forEach((place, device) -> {
            if (device.kind() instanceof Bridge bridge) {
                ports.computeIfAbsent(place, any -> new ArrayList<>());
                tables.put(place, table(bridge.self()));
            }
            if (device.kind() instanceof Subinterface sub) {
                children.computeIfAbsent(new Place(place.node(), sub.parent()), any -> new HashMap<>())
                        .put(sub.vlan().value(), place);
            }
            device.port().ifPresent(port -> {
                ports.computeIfAbsent(new Place(place.node(), port.bridge()), any -> new ArrayList<>())
                        .add(place);
                tables.put(place, table(port.vlans()));
            });
        });
    }

    private static Map<Integer, VlanEntry> table(List<VlanEntry> entries) {
        Map<Integer, VlanEntry> table = new LinkedHashMap<>();
        entries.forEach(entry -> table.put(entry.vid().value(), entry));
        return table;
    }

    /** In the network's order. */
    Set<Place> places() {
        return devices.keySet();
    }

    Set<Place> bridges() {
        return ports.keySet();
    }

    List<Place> ports(Place bridge) {
        return ports.get(bridge);
    }

    Bridge bridge(Place place) {
        return (Bridge) devices.get(place).kind();
    }

    /** The bridge whose port a device is. */
    Optional<Place> bridgeOf(Place port) {
        return devices.get(port).port().map(in -> new Place(port.node(), in.bridge()));
    }

    /** The VLAN table of a port, or of a bridge itself. */
    Collection<VlanEntry> vlans(Place place) {
        return tables.getOrDefault(place, Map.of()).values();
    }

    /** The tags that subinterfaces stand for. */
    Set<Integer> tags() {
        Set<Integer> tags = new TreeSet<>();
        children.values().forEach(byTag -> tags.addAll(byTag.keySet()));
        return tags;
    }

    /** Of the file's choosing. */
    Optional<MacAddress> mac(Place place) {
        return devices.get(place).mac();
    }

    /** Whether a port takes frames in. */
    boolean forwards(Place port) {
        return isUp(port)
                && !blocked.contains(port)
                && bridgeOf(port).filter(this::isUp).isPresent();
    }

    boolean isUp(Place place) {
        Device device = devices.get(place);
        return device != null && device.up();
    }

    /** What becomes of an untagged frame that an interface sends; empty if it is lost. */
    Optional<Fate> sent(Place device) {
        return carried(device, List.of()).flatMap(this::takenIn);
    }

    /** Where a broadcast that is in a bridge goes next. */
    List<Hop> next(Inside frame) {
        List<Hop> hops = new ArrayList<>();
        for (Place port : ports.get(frame.bridge())) {
            if (!port.equals(frame.from()) && isUp(port) && !blocked.contains(port)) {
                leaving(frame, port)
                        .flatMap(tags -> carried(port, tags))
                        .flatMap(this::takenIn)
                        .ifPresent(fate -> hops.add(new Hop(port, fate)));
            }
        }
        if (!frame.from().equals(frame.bridge())) {
            leaving(frame, frame.bridge())
                    .flatMap(tags -> delivered(frame.bridge(), tags))
                    .flatMap(this::takenIn)
                    .ifPresent(fate -> hops.add(new Hop(frame.bridge(), fate)));
        }
        return hops;
    }

    /** Every interface that is no port and hears an untagged broadcast of that one; itself it does not hear. */
    Set<Place> hearing(Place sender) {
        Set<Place> heard = new LinkedHashSet<>();
        Set<Inside> seen = new LinkedHashSet<>();
        Deque<Fate> open = new ArrayDeque<>();
        sent(sender).ifPresent(open::add);
        while (!open.isEmpty()) {
            Fate fate = open.remove();
            if (fate instanceof Inside inside && seen.add(inside)) {
                next(inside).forEach(hop -> open.add(hop.fate()));
            } else if (fate instanceof Heard at && at.tags().isEmpty()) {
                heard.add(at.device());
            }
        }
        heard.remove(sender);
        return heard;
    }

    /**
     * The ports of spanning tree bridges that hear what such a port says to its neighbours. These frames are addressed to the next bridge
     * (IEEE 802.1D, 7.12.6), which takes them before it looks at VLANs; a bridge without STP hands them on like any other
     * (br_handle_frame in net/bridge/br_input.c).
     */
    Set<Place> neighbours(Place port) {
        Set<Place> found = new LinkedHashSet<>();
        Set<Inside> seen = new LinkedHashSet<>();
        Deque<Arrival> open = new ArrayDeque<>();
        carried(port, List.of()).ifPresent(open::add);
        while (!open.isEmpty()) {
            Arrival at = open.remove();
            Optional<Place> bridge = bridgeOf(at.device()).filter(this::isUp);
            if (bridge.isEmpty()) {
                continue;
            }
            if (bridge(bridge.get()).stp().on()) {
                if (at.tags().isEmpty()) {
                    found.add(at.device());
                }
            } else if (takenIn(at).orElse(null) instanceof Inside inside && seen.add(inside)) {
                for (Place out : ports.get(inside.bridge())) {
                    if (!out.equals(inside.from()) && isUp(out)) {
                        leaving(inside, out).flatMap(tags -> carried(out, tags)).ifPresent(open::add);
                    }
                }
            }
        }
        found.remove(port);
        return found;
    }

    /** The tags that a frame has when it has left a bridge by a port, or has come to the bridge itself; empty if it may not. */
    private Optional<List<Integer>> leaving(Inside frame, Place port) {
        if (frame.vlan() == UNFILTERED) {
            return Optional.of(frame.tags());
        }
        return Optional.ofNullable(tables.get(port).get(frame.vlan()))
                .map(entry -> entry.untagged() ? frame.tags() : with(frame.vlan(), frame.tags()));
    }

    /** To the other end: of the cable, through the parents, into the bridge below. */
    private Optional<Arrival> carried(Place place, List<Integer> tags) {
        Device device = devices.get(place);
        if (device == null || !device.up() || tags.size() > MOST_TAGS) {
            return Optional.empty();
        }
        if (device.kind() instanceof Subinterface sub) {
            return carried(
                    new Place(place.node(), sub.parent()), with(sub.vlan().value(), tags));
        }
        if (device.kind() instanceof VethEnd veth) {
            return delivered(veth.peer(), tags);
        }
        return device.kind() instanceof Bridge ? Optional.of(new Arrival(place, tags, true)) : Optional.empty();
    }

    /** To an interface or, by the outermost tag, to the subinterface for it (vlan_do_receive in net/8021q/vlan_core.c). */
    private Optional<Arrival> delivered(Place place, List<Integer> tags) {
        if (!isUp(place)) {
            return Optional.empty();
        }
        if (!tags.isEmpty()) {
            Place child = children.getOrDefault(place, Map.of()).get(tags.get(0));
            if (child != null) {
                return delivered(child, tags.subList(1, tags.size()));
            }
        }
        return Optional.of(new Arrival(place, tags, false));
    }

    private Optional<Fate> takenIn(Arrival at) {
        Optional<Place> bridge = at.entering() ? Optional.of(at.device()) : bridgeOf(at.device());
        if (bridge.isEmpty()) {
            return Optional.of(new Heard(at.device(), at.tags()));
        }
        if (!isUp(bridge.get()) || blocked.contains(at.device())) {
            return Optional.empty();
        }
        if (!bridge(bridge.get()).vlanFiltering()) {
            return Optional.of(new Inside(bridge.get(), at.device(), UNFILTERED, at.tags()));
        }
        Map<Integer, VlanEntry> table = tables.get(at.device());
        if (!at.tags().isEmpty()) {
            int tag = at.tags().get(0);
            return table.containsKey(tag)
                    ? Optional.of(new Inside(
                            bridge.get(),
                            at.device(),
                            tag,
                            at.tags().subList(1, at.tags().size())))
                    : Optional.empty();
        }
        return table.values().stream()
                .filter(VlanEntry::pvid)
                .findFirst()
                .map(entry -> new Inside(bridge.get(), at.device(), entry.vid().value(), List.of()));
    }

    private static List<Integer> with(int tag, List<Integer> tags) {
        List<Integer> all = new ArrayList<>();
        all.add(tag);
        all.addAll(tags);
        return List.copyOf(all);
    }
}
