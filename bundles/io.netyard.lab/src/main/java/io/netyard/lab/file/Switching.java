package io.netyard.lab.file;

import io.netyard.api.Text;
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
import java.util.stream.Stream;

/**
 * The ports of the switches and their VLAN tables.
 *
 * <p>A switch that a member of a group with a VLAN is linked to, and every switch behind it, is a <em>group switch</em>: on it
 * a port has the VLANs that the groups ask for and no other, above all not VID 1.
 */
final class Switching {

    /**
     * @param vlans as the file gives them; empty if it leaves them to the groups and the switch
     * @param carries whose frames go through, if the file says so instead
     */
    private record Member(Lab.Switch of, Optional<List<VlanEntry>> vlans, Optional<At<String>> carries) {

        boolean isLeftToTheGroups() {
            return vlans.isEmpty() && carries.isEmpty();
        }
    }

    /** Ports have numbers of ten bits, and none is number 0 (BR_MAX_PORTS and find_portno in net/bridge). */
    private static final int MOST_PORTS = 1_023;

    private final Lab lab;
    private final Map<Place, Draft> drafts;
    private final Problems problems;

    private final Map<Place, Member> members = new LinkedHashMap<>();
    private final Map<Place, Set<Place>> subinterfaces = new HashMap<>();
    private final Set<String> groupSwitches = new LinkedHashSet<>();
    private final Map<Place, Device.Port> ports = new LinkedHashMap<>();
    private final Map<Place, Device.Bridge> bridges = new LinkedHashMap<>();
    private VlanPlan plan;

    private Switching(Lab lab, Map<Place, Draft> drafts, Problems problems) {
        this.lab = lab;
        this.drafts = drafts;
        this.problems = problems;
    }

    static Switching of(Lab lab, List<Wiring.End> ends, Map<Place, Draft> drafts, Problems problems) {
        Switching switching = new Switching(lab, drafts, problems);
        switching.collectPorts(ends);
        switching.checkSizes();
        switching.findGroupSwitches();
        switching.checkGroups(ends);
        switching.makePlan();
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

    /**
     * The ports of a switch that lead to no other switch.
     *
     * @return for each the interface that sends and hears at its other end, if that is one of this lab
     */
    Map<Place, Optional<Place>> accessPorts(Lab.Switch at) {
        Map<Place, Optional<Place>> access = new LinkedHashMap<>();
        members.forEach((place, member) -> {
            if (member.of() == at && switchBehind(place).isEmpty()) {
                access.put(place, otherEnd(place));
            }
        });
        return access;
    }

    /** As {@link #farEnd}, and up again through the subinterfaces with the same tags. */
    private Optional<Place> otherEnd(Place port) {
        Deque<VlanId> tags = new ArrayDeque<>();
        Draft draft = drafts.get(port);
        while (draft != null && draft.kind() instanceof Subinterface sub) {
            tags.push(sub.vlan());
            draft = drafts.get(new Place(port.node(), sub.parent()));
        }
        Optional<Place> end = farEnd(port);
        while (end.isPresent() && !tags.isEmpty()) {
            VlanId tag = tags.pop();
            end = subinterfaces.getOrDefault(end.get(), Set.of()).stream()
                    .filter(child -> drafts.get(child).kind() instanceof Subinterface sub
                            && sub.vlan().equals(tag))
                    .findFirst();
        }
        return end;
    }

    /** Whether an interface is the end of a cable that leads a member of several groups to a switch. */
    boolean isSharedMembers(Place place) {
        return groupsOf(place.node()).size() > 1
                && drafts.get(place).kind() instanceof VethEnd veth
                && switchOn(veth.peer()).isPresent()
                && switchOn(place).isEmpty();
    }

    private void checkSizes() {
        Map<String, Integer> counts = new HashMap<>();
        members.forEach((place, member) -> {
            if (counts.merge(member.of().name().value(), 1, Integer::sum) == MOST_PORTS + 1) {
                problems.add(
                        drafts.get(place).position(),
                        "switch %s would get more than %,d ports, which is all that a Linux bridge takes: put the rest on a second switch, with a link between the two"
                                .formatted(member.of().name(), MOST_PORTS));
            }
        });
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
                    .ifPresent(
                            found -> members.put(end.place(), new Member(found, Optional.empty(), Optional.empty())));
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
        Member before = members.put(place, new Member(found, port.vlans(), port.carries()));
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

    /** The node that a port leads to, if no other switch is between. */
    Optional<String> nodeBehind(Place port) {
        return switchBehind(port).isPresent() ? Optional.empty() : farEnd(port).map(Place::node);
    }

    private List<Lab.Group> groupsOf(String node) {
        return VlanPlan.groupsOf(lab, node);
    }

    private void findGroupSwitches() {
        Map<String, Set<String>> neighbours = new HashMap<>();
        Deque<String> toVisit = new ArrayDeque<>();
        members.forEach((port, member) -> {
            String name = member.of().name().value();
            nodeBehind(port).filter(node -> !groupsOf(node).isEmpty()).ifPresent(node -> toVisit.add(name));
            member.carries().ifPresent(carried -> toVisit.add(name));
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

    private void makePlan() {
        Set<String> shared = new HashSet<>();
        Set<VlanId> written = new HashSet<>();
        members.forEach((port, member) -> {
            Optional<String> node = nodeBehind(port);
            node.filter(name -> member.isLeftToTheGroups())
                    .filter(name -> groupsOf(name).size() > 1 && !tellsGroupsApart(port, name, member.of()))
                    .ifPresent(shared::add);
            // A line may well carry more than there is.
            member.vlans().orElse(List.of()).stream()
                    .filter(entry -> entry.untagged() || entry.pvid() || node.isPresent())
                    .forEach(entry -> written.add(entry.vid()));
        });
        lab.switches()
                .values()
                .forEach(found -> found.self().orElse(List.of()).forEach(entry -> written.add(entry.vid())));
        List<String> inOrder =
                lab.nodes().keySet().stream().filter(shared::contains).toList();
        plan = new VlanPlan(lab, inOrder, written, problems);
        groupSwitches.forEach(name -> plan.refuseSharedVlans(lab.switches().get(name)));
    }

    /** Whether the other end of the cable has a subinterface for each of the node's groups. */
    private boolean tellsGroupsApart(Place port, String node, Lab.Switch at) {
        Draft draft = drafts.get(port);
        if (draft == null || !(draft.kind() instanceof VethEnd veth)) {
            return false;
        }
        Set<VlanId> tags = new HashSet<>();
        for (Place child : subinterfaces.getOrDefault(veth.peer(), Set.of())) {
            if (drafts.get(child).kind() instanceof Subinterface sub) {
                tags.add(sub.vlan());
            }
        }
        return groupsOf(node).stream().allMatch(group -> tags.contains(VlanPlan.of(group, at)));
    }

    private void fillTables() {
        members.forEach((place, member) -> ports.put(
                place,
                new Device.Port(member.of().bridge().value(), member.vlans().orElseGet(() -> table(place, member)))));
        for (Lab.Switch found : lab.switches().values()) {
            bridges.put(new Place(found.node().value(), found.bridge().value()), bridge(found));
        }
    }

    private List<VlanEntry> table(Place port, Member member) {
        Lab.Switch at = member.of();
        if (member.carries().isPresent()) {
            return carrying(port, at, member.carries().get());
        }
        if (!groupSwitches.contains(at.name().value())) {
            return initial(at);
        }
        Optional<Lab.Switch> other = switchBehind(port);
        if (other.isPresent()) {
            refuseTranslation(port, at, other.get());
            return plan.trunk(at);
        }
        return nodeBehind(port)
                .map(node -> groupsOf(node).size() > 1 && tellsGroupsApart(port, node, at)
                        ? plan.tags(node, at)
                        : plan.towards(node, at))
                .orElse(List.of());
    }

    /** A port for the untagged frames of one group, or of one shared member. */
    private List<VlanEntry> carrying(Place port, Lab.Switch at, At<String> name) {
        Lab.Group group = lab.groups().get(name.value());
        Optional<VlanId> own = plan.own(name.value());
        Optional<String> node = nodeBehind(port);
        if (group != null && group.vlan().isPresent()) {
            return node.map(member -> plan.towardsMember(member, group, at))
                    .orElseGet(() -> List.of(new VlanEntry(VlanPlan.of(group, at), true, true)));
        }
        if (own.isPresent()) {
            return List.of(new VlanEntry(own.get(), true, true));
        }
        if (group != null) {
            problems.add(
                    name.position(), "group %s has no VLAN, so port %s cannot carry it".formatted(name, port.device()));
        } else if (lab.nodes().containsKey(name.value())) {
            problems.add(
                    name.position(),
                    "%s has no VLAN of its own, for it is no untagged member of several groups".formatted(name));
        } else {
            problems.add(
                    name.position(),
                    "port %s: '%s' is no group; %s; a table is a list, such as ['10 pvid untagged']"
                            .formatted(
                                    port.device(),
                                    Text.printable(name.value()),
                                    Spelling.hint(name.value(), lab.groups().keySet())));
        }
        return List.of();
    }

    /** The tags on a plain line are the VIDs of both its ends. */
    private void refuseTranslation(Place port, Lab.Switch at, Lab.Switch other) {
        Member far = drafts.get(port).kind() instanceof VethEnd veth ? members.get(veth.peer()) : null;
        if (far == null || !far.isLeftToTheGroups()) {
            return;
        }
        for (Lab.Group group : lab.groups().values()) {
            if (group.vlan().isPresent() && !VlanPlan.of(group, at).equals(VlanPlan.of(group, other))) {
                Lab.SwitchVlan local = Optional.ofNullable(
                                group.vlans().get(at.name().value()))
                        .orElseGet(() -> group.vlans().get(other.name().value()));
                List<String> names = Stream.of(at, other)
                        .map(found -> "%s on %s".formatted(VlanPlan.of(group, found), found.name()))
                        .sorted()
                        .toList();
                problems.add(
                        local.vlan().position(),
                        "group %s is VLAN %s, but the tags on the line between them are both: give the group one VLAN, or a subinterface of the line at both ends as its port (ports: {NAME: %s})"
                                .formatted(group.name(), String.join(" and ", names), group.name()));
            }
        }
    }

    private Device.Bridge bridge(Lab.Switch found) {
        boolean grouped = groupSwitches.contains(found.name().value());
        boolean tables = found.self().isPresent()
                || found.ports().values().stream()
                        .anyMatch(port ->
                                port.vlans().isPresent() || port.carries().isPresent());
        List<VlanEntry> self = found.self().orElseGet(() -> grouped ? List.of() : initial(found));
        return new Device.Bridge(
                found.vlanFiltering().orElse(grouped || tables),
                found.defaultPvid(),
                self,
                found.stp(),
                found.existing());
    }

    /** What the kernel gives to a new port and to the bridge itself. */
    private static List<VlanEntry> initial(Lab.Switch found) {
        if (found.defaultPvid() == 0) {
            return List.of();
        }
        return List.of(new VlanEntry(new VlanId(found.defaultPvid()), true, true));
    }
}
