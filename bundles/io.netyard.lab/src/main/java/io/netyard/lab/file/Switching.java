package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.lab.file.Devices.Draft;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Device.Subinterface;
import io.netyard.lab.network.Device.VethEnd;
import io.netyard.lab.network.Place;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ports of the switches and their VLAN tables.
 *
 * <p>A switch that a member of a group with a VLAN is linked to, and every switch behind it, is a <em>group switch</em>: on it
 * a port has the VLANs that the groups ask for and no other, above all not VID 1.
 */
final class Switching {

    /** @param vlans as the file gives them; empty if it leaves them to the groups and the switch */
    private record Member(Lab.Switch of, Optional<List<VlanEntry>> vlans) {}

    private final Lab lab;
    private final Map<Place, Draft> drafts;
    private final Problems problems;

    private final Map<Place, Member> members = new LinkedHashMap<>();
    private final Map<Place, Set<Place>> subinterfaces = new HashMap<>();
    private final Set<String> groupSwitches = new LinkedHashSet<>();
    private final Map<Place, Device.Port> ports = new LinkedHashMap<>();
    private final Map<Place, Device.Bridge> bridges = new LinkedHashMap<>();

    private Switching(Lab lab, Map<Place, Draft> drafts, Problems problems) {
        this.lab = lab;
        this.drafts = drafts;
        this.problems = problems;
    }

    static Switching of(Lab lab, List<Wiring.End> ends, Map<Place, Draft> drafts, Problems problems) {
        Switching switching = new Switching(lab, drafts, problems);
        switching.collectPorts(ends);
        switching.findGroupSwitches();
        switching.checkGroups(ends);
        switching.fillTables();
        return switching;
    }

    Optional<Device.Port> port(Place place) {
        return Optional.ofNullable(ports.get(place));
    }

    Device.Bridge bridge(Place place) {
        return bridges.get(place);
    }

    /** In the file's order. */
    Set<String> groupSwitches() {
        return groupSwitches;
    }

    private void collectPorts(List<Wiring.End> ends) {
        drafts.values().forEach(draft -> {
            if (draft.kind() instanceof Subinterface sub) {
                Place parent = new Place(draft.place().node(), sub.parent());
                subinterfaces
                        .computeIfAbsent(parent, any -> new LinkedHashSet<>())
                        .add(draft.place());
            }
        });
        for (Wiring.End end : ends) {
            end.atSwitch()
                    .map(lab.switches()::get)
                    .ifPresent(found -> members.put(end.place(), new Member(found, Optional.empty())));
        }
        for (Lab.Switch found : lab.switches().values()) {
            if (lab.nodes().containsKey(found.node().value())) {
                found.ports().values().forEach(port -> addPort(found, port));
            }
        }
        members.forEach(this::refuseParentAndChild);
    }

    private void addPort(Lab.Switch found, Lab.Port port) {
        Place place = new Place(found.node().value(), port.name().value());
        Draft draft = drafts.get(place);
        Position position = port.name().position();
        if (draft == null) {
            List<String> known = drafts.values().stream()
                    .filter(other -> other.place().node().equals(place.node()) && !other.isBridge())
                    .map(other -> other.place().device().value())
                    .toList();
            problems.add(
                    position,
                    "port %s of switch %s does not exist in node %s; %s"
                            .formatted(
                                    port.name(),
                                    found.name(),
                                    found.node(),
                                    Spelling.hint(port.name().toString(), known)));
            return;
        }
        if (draft.isBridge()) {
            problems.add(position, "%s is a bridge; a bridge cannot be a port of a bridge".formatted(port.name()));
            return;
        }
        Member before = members.put(place, new Member(found, port.vlans()));
        if (before != null && before.of() != found) {
            problems.add(
                    position,
                    "%s is a port of switch %s already; an interface can be in one bridge"
                            .formatted(port.name(), before.of().name()));
        }
    }

    /** The parent would hand every frame to the bridge that its subinterface is meant to pick out. */
    private void refuseParentAndChild(Place place, Member member) {
        for (Place child : subinterfaces.getOrDefault(place, Set.of())) {
            Member other = members.get(child);
            if (other != null && other.of() == member.of()) {
                problems.add(
                        portPosition(other.of(), child),
                        "%s and its subinterface %s cannot both be ports of switch %s: let the link end at %s instead"
                                .formatted(
                                        place.device(),
                                        child.device(),
                                        member.of().name(),
                                        place));
            }
        }
    }

    private static Position portPosition(Lab.Switch found, Place place) {
        Lab.Port port = found.ports().get(place.device());
        return port == null ? found.name().position() : port.name().position();
    }

    /** The far end of the cable that a port leads to, through its parents; empty if there is no cable below it. */
    private Optional<Place> farEnd(Place port) {
        Draft draft = drafts.get(port);
        while (draft != null && draft.kind() instanceof Subinterface sub) {
            draft = drafts.get(new Place(port.node(), sub.parent()));
        }
        return draft != null && draft.kind() instanceof VethEnd veth ? Optional.of(veth.peer()) : Optional.empty();
    }

    /** The switch that a port leads to, if it is a line between switches. */
    private Optional<Lab.Switch> switchBehind(Place port) {
        return farEnd(port).flatMap(this::switchOn);
    }

    private Optional<Lab.Switch> switchOn(Place device) {
        if (members.containsKey(device)) {
            return Optional.of(members.get(device).of());
        }
        return subinterfaces.getOrDefault(device, Set.of()).stream()
                .map(this::switchOn)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> nodeBehind(Place port) {
        return switchBehind(port).isPresent() ? Optional.empty() : farEnd(port).map(Place::node);
    }

    private Map<String, Set<VlanId>> vlansByNode() {
        Map<String, Set<VlanId>> vlans = new HashMap<>();
        for (Lab.Group group : lab.groups().values()) {
            group.vlan().ifPresent(vlan -> group.members()
                    .forEach(member -> vlans.computeIfAbsent(member.value(), any -> new TreeSet<>())
                            .add(vlan.value())));
        }
        return vlans;
    }

    private void findGroupSwitches() {
        Map<String, Set<VlanId>> vlans = vlansByNode();
        Map<String, Set<String>> neighbours = new HashMap<>();
        Deque<String> toVisit = new ArrayDeque<>();
        members.forEach((port, member) -> {
            String name = member.of().name().value();
            nodeBehind(port).filter(vlans::containsKey).ifPresent(node -> toVisit.add(name));
            switchBehind(port).ifPresent(other -> neighbours
                    .computeIfAbsent(name, any -> new HashSet<>())
                    .add(other.name().value()));
        });
        Set<String> found = new HashSet<>();
        while (!toVisit.isEmpty()) {
            String name = toVisit.remove();
            if (found.add(name)) {
                toVisit.addAll(neighbours.getOrDefault(name, Set.of()));
            }
        }
        lab.switches().keySet().stream().filter(found::contains).forEach(groupSwitches::add);
    }

    private void checkGroups(List<Wiring.End> ends) {
        Set<String> linked = new HashSet<>();
        // A link that leads nowhere is a problem told already.
        ends.stream()
                .filter(end -> end.place().equals(end.peer()))
                .forEach(end -> linked.add(end.place().node()));
        members.keySet().forEach(port -> nodeBehind(port).ifPresent(linked::add));
        // The node of a switch is a member through the bridge's own table.
        lab.switches().values().stream()
                .filter(found -> found.self().isPresent())
                .forEach(found -> linked.add(found.node().value()));
        for (Lab.Group group : lab.groups().values()) {
            if (group.vlan().isPresent()) {
                group.members().stream()
                        .filter(member -> lab.nodes().containsKey(member.value()) && !linked.contains(member.value()))
                        .forEach(member -> problems.add(
                                member.position(),
                                "%s is in group %s (VLAN %s), but no link leads from it to a switch"
                                        .formatted(
                                                member,
                                                group.name(),
                                                group.vlan().get())));
            }
        }
    }

    private void fillTables() {
        Map<String, Set<VlanId>> vlans = vlansByNode();
        members.forEach((place, member) -> ports.put(
                place,
                new Device.Port(
                        member.of().bridge().value(), member.vlans().orElseGet(() -> table(place, member, vlans)))));
        for (Lab.Switch found : lab.switches().values()) {
            bridges.put(new Place(found.node().value(), found.bridge().value()), bridge(found));
        }
    }

    private List<VlanEntry> table(Place port, Member member, Map<String, Set<VlanId>> vlans) {
        if (!groupSwitches.contains(member.of().name().value())) {
            return initial(member.of());
        }
        if (switchBehind(port).isPresent()) {
            return lab.groups().values().stream()
                    .flatMap(group -> group.vlan().stream())
                    .map(At::value)
                    .distinct()
                    .sorted()
                    .map(vlan -> new VlanEntry(vlan, false, false))
                    .toList();
        }
        Optional<String> node = nodeBehind(port);
        Set<VlanId> own = node.map(vlans::get).orElse(Set.of());
        if (own.size() > 1) {
            refuseTwoPvids(node.orElseThrow(), port.device(), member.of());
        }
        return own.stream()
                .limit(1)
                .map(vlan -> new VlanEntry(vlan, true, true))
                .toList();
    }

    private void refuseTwoPvids(String node, InterfaceName port, Lab.Switch found) {
        List<Lab.Group> groups = lab.groups().values().stream()
                .filter(group -> group.vlan().isPresent()
                        && group.members().stream()
                                .anyMatch(member -> member.value().equals(node)))
                .toList();
        Lab.Group second = groups.get(1);
        Position position = second.members().stream()
                .filter(member -> member.value().equals(node))
                .findFirst()
                .orElseThrow()
                .position();
        problems.add(
                position,
                "%s is in groups %s and %s, but its port can have one PVID: give port %s of switch %s its VLANs under ports"
                        .formatted(node, groups.get(0).name(), second.name(), port, found.name()));
    }

    private Device.Bridge bridge(Lab.Switch found) {
        boolean grouped = groupSwitches.contains(found.name().value());
        boolean tables = found.self().isPresent()
                || found.ports().values().stream().anyMatch(port -> port.vlans().isPresent());
        List<VlanEntry> self = found.self().orElseGet(() -> grouped ? List.of() : initial(found));
        return new Device.Bridge(found.vlanFiltering().orElse(grouped || tables), found.defaultPvid(), self);
    }

    /** What the kernel gives to a new port and to the bridge itself. */
    private static List<VlanEntry> initial(Lab.Switch found) {
        if (found.defaultPvid() == 0) {
            return List.of();
        }
        return List.of(new VlanEntry(new VlanId(found.defaultPvid()), true, true));
    }
}
