package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.Text;
import io.netyard.api.VlanId;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Device.Kind;
import io.netyard.lab.network.Device.Subinterface;
import io.netyard.lab.network.Device.VethEnd;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The interfaces of a lab, in the order in which they can be made: link ends in the file's order, the subinterfaces on
 * them, bridges, the subinterfaces on those. The kernel numbers interfaces in that order and lists ports by number.
 */
final class Devices {

    /** What ethernet carries unless told otherwise, in bytes (RFC 894); the kernel's choice for a veth too. */
    private static final Mtu ETHERNET = new Mtu(1_500);

    /** An interface with all that is known of it before the switches are looked at. */
    record Draft(
            Place place,
            Kind kind,
            boolean up,
            Optional<Mtu> mtu,
            Optional<MacAddress> mac,
            List<At<IpPrefix>> addresses,
            Position position) {

        boolean isBridge() {
            return kind instanceof Device.Bridge;
        }
    }

    /** What frames a subinterface takes. */
    private record Tag(Place parent, VlanId vlan) {}

    private record Declared(String node, Lab.Interface spec) {

        Place place() {
            return new Place(node, spec.name().value());
        }

        Place parent() {
            return macvlan()
                    .map(on -> new Place(on.node().orElse(node), on.parent()))
                    .orElseGet(() -> new Place(node, spec.parent().orElseThrow().value()));
        }

        Position parentPosition() {
            return macvlan()
                    .map(Lab.Macvlan::position)
                    .orElseGet(() -> spec.parent().orElseThrow().position());
        }

        Optional<Lab.Macvlan> macvlan() {
            return spec.special().filter(Lab.Macvlan.class::isInstance).map(Lab.Macvlan.class::cast);
        }
    }

    private final Lab lab;
    private final Problems problems;
    private final Map<Place, Draft> drafts = new LinkedHashMap<>();
    private final Map<Tag, Place> tags = new HashMap<>();

    private Devices(Lab lab, Problems problems) {
        this.lab = lab;
        this.problems = problems;
    }

    static Map<Place, Draft> of(Lab lab, List<Wiring.End> ends, Problems problems) {
        Devices devices = new Devices(lab, problems);
        ends.forEach(devices::addLinkEnd);
        devices.declared(Devices::standsAlone).forEach(devices::addAlone);
        List<Declared> waiting = devices.addSubinterfaces(devices.declared(Devices::hasParent));
        lab.switches().values().forEach(devices::addBridge);
        devices.refuse(devices.addSubinterfaces(waiting));
        devices.declared(spec -> spec.parent().isEmpty() && spec.special().isEmpty())
                .forEach(devices::mustExist);
        return Collections.unmodifiableMap(devices.drafts);
    }

    private static boolean standsAlone(Lab.Interface spec) {
        return spec.special().isPresent() && !hasParent(spec);
    }

    private static boolean hasParent(Lab.Interface spec) {
        return spec.parent().isPresent()
                || spec.special().filter(Lab.Macvlan.class::isInstance).isPresent();
    }

    private List<Declared> declared(Predicate<Lab.Interface> which) {
        return lab.nodes().values().stream()
                .flatMap(node -> node.interfaces().values().stream()
                        .map(spec -> new Declared(node.name().value(), spec)))
                .filter(device -> which.test(device.spec()))
                .toList();
    }

    private void addLinkEnd(Wiring.End end) {
        Lab.Interface spec = lab.nodes()
                .get(end.place().node())
                .interfaces()
                .getOrDefault(
                        end.place().device(),
                        Lab.Interface.plain(new At<>(end.place().device(), end.position())));
        if (spec.parent().isPresent()) {
            problems.add(
                    end.position(),
                    "%s is a subinterface of %s (line %d); a link cannot end at it"
                            .formatted(
                                    end.place(),
                                    spec.parent().get(),
                                    spec.name().position().line()));
            return;
        }
        if (spec.special().isPresent()) {
            problems.add(
                    end.position(),
                    "%s is made by itself (line %d); a link cannot end at it"
                            .formatted(
                                    end.place(), spec.special().get().position().line()));
            return;
        }
        Mtu mtu = spec.mtu().map(At::value).or(end::mtu).orElse(ETHERNET);
        add(new Draft(
                end.place(),
                new VethEnd(end.peer()),
                spec.up(),
                Optional.of(mtu),
                spec.mac(),
                spec.addresses(),
                end.position()));
    }

    private void addAlone(Declared device) {
        Lab.Interface spec = device.spec();
        Lab.Special special = spec.special().orElseThrow();
        if (special instanceof Lab.Card && device.node().equals(Node.HOST)) {
            problems.add(
                    special.position(), "a card of the host is there already; it can be lent to another node only");
            return;
        }
        boolean card = special instanceof Lab.Card;
        if (card && lab.nodes().get(device.node()).attach().isPresent()) {
            problems.add(
                    special.position(),
                    "node %s is attached: a card is not lent to it, it would go with it when it ends"
                            .formatted(device.node()));
            return;
        }
        add(new Draft(
                device.place(),
                card ? new Device.Card(((Lab.Card) special).hostInterface()) : new Device.Tap(),
                spec.up(),
                // A card comes with what it had.
                spec.mtu().map(At::value).or(() -> card ? Optional.empty() : Optional.of(ETHERNET)),
                spec.mac(),
                spec.addresses(),
                spec.name().position()));
    }

    /** @return those whose parent is not there (yet) */
    private List<Declared> addSubinterfaces(List<Declared> waiting) {
        List<Declared> left = waiting;
        int before;
        do {
            before = left.size();
            List<Declared> still = new ArrayList<>();
            for (Declared device : left) {
                if (device.macvlan().isPresent()) {
                    if (drafts.containsKey(device.parent())
                            || device.parent().node().equals(Node.HOST)) {
                        addMacvlan(device);
                    } else {
                        still.add(device);
                    }
                } else if (drafts.containsKey(device.parent())) {
                    addSubinterface(device);
                } else {
                    still.add(device);
                }
            }
            left = still;
        } while (left.size() < before);
        return left;
    }

    /** Its parent may be an interface of the host, of which the file says nothing. */
    private void addMacvlan(Declared device) {
        Lab.Interface spec = device.spec();
        Optional<Draft> parent = Optional.ofNullable(drafts.get(device.parent()));
        add(new Draft(
                device.place(),
                new Device.Macvlan(
                        device.parent(), device.macvlan().orElseThrow().mode()),
                spec.up(),
                spec.mtu().map(At::value).or(() -> parent.flatMap(Draft::mtu)),
                spec.mac(),
                spec.addresses(),
                spec.name().position()));
    }

    private void addSubinterface(Declared device) {
        Lab.Interface spec = device.spec();
        Draft parent = drafts.get(device.parent());
        VlanId vlan = spec.vlan().orElseThrow().value();
        Subinterface kind = new Subinterface(device.parent().device(), vlan);
        Place before = tags.putIfAbsent(new Tag(device.parent(), vlan), device.place());
        if (before != null) {
            problems.add(
                    spec.vlan().orElseThrow().position(),
                    "%s has VLAN %s on %s already".formatted(before.device(), vlan, kind.parent()));
        }
        spec.mtu()
                .filter(mtu -> parent.mtu()
                        .filter(limit -> mtu.value().bytes() > limit.bytes())
                        .isPresent())
                .ifPresent(mtu -> problems.add(
                        mtu.position(),
                        "mtu %s is more than the %s of its parent %s"
                                .formatted(mtu, parent.mtu().orElseThrow(), kind.parent())));
        add(new Draft(
                device.place(),
                kind,
                spec.up() && parent.up(),
                spec.mtu().map(At::value).or(parent::mtu),
                spec.mac(),
                spec.addresses(),
                spec.name().position()));
    }

    private void addBridge(Lab.Switch found) {
        if (!lab.nodes().containsKey(found.node().value())) {
            problems.add(
                    found.node().position(),
                    "switch %s is in node '%s', which does not exist; %s"
                            .formatted(
                                    found.name(),
                                    Text.printable(found.node().value()),
                                    Spelling.hint(
                                            found.node().value(), lab.nodes().keySet())));
            return;
        }
        if (lab.nodes().get(found.node().value()).attach().isPresent()) {
            problems.add(
                    found.node().position(),
                    "switch %s cannot be in node %s, which is attached: a lab adds interfaces to it, no bridges"
                            .formatted(found.name(), found.node()));
            return;
        }
        add(new Draft(
                new Place(found.node().value(), found.bridge().value()),
                new Device.Bridge(false, found.defaultPvid(), List.of()),
                found.up(),
                found.mtu(),
                Optional.empty(),
                found.addresses(),
                found.bridge().position()));
    }

    private void add(Draft draft) {
        Draft first = drafts.putIfAbsent(draft.place(), draft);
        if (first != null) {
            problems.add(
                    draft.position(),
                    "interface %s is there already: %s in line %d"
                            .formatted(
                                    draft.place(), what(first), first.position().line()));
        }
    }

    private static String what(Draft draft) {
        if (draft.isBridge()) {
            return "a switch";
        }
        if (draft.kind() instanceof Subinterface) {
            return "a subinterface";
        }
        return draft.kind() instanceof VethEnd ? "the end of a link" : "an interface";
    }

    private void refuse(List<Declared> waiting) {
        Map<Place, Declared> byPlace = new HashMap<>();
        waiting.forEach(device -> byPlace.put(device.place(), device));
        for (Declared device : waiting) {
            InterfaceName parent = device.parent().device();
            if (byPlace.containsKey(device.parent())) {
                problems.add(
                        device.parentPosition(),
                        "%s cannot sit on %s, which has no parent that exists"
                                .formatted(device.spec().name(), parent));
            } else {
                String node = device.parent().node();
                problems.add(
                        device.parentPosition(),
                        "parent %s of %s does not exist in node %s; %s"
                                .formatted(
                                        parent,
                                        device.spec().name(),
                                        node,
                                        Spelling.hint(parent.toString(), names(node))));
            }
        }
    }

    private void mustExist(Declared device) {
        Draft draft = drafts.get(device.place());
        At<InterfaceName> name = device.spec().name();
        if (draft == null) {
            problems.add(
                    name.position(),
                    "no link ends at %s, it has no parent and is no tap and no card, so nothing would create it; %s"
                            .formatted(device.place(), Spelling.hint(name.toString(), names(device.node()))));
        } else if (draft.isBridge()) {
            problems.add(
                    name.position(),
                    "%s is a switch (line %d); say there what it has"
                            .formatted(device.place(), draft.position().line()));
        }
    }

    private Collection<String> names(String node) {
        return drafts.keySet().stream()
                .filter(place -> place.node().equals(node))
                .map(place -> place.device().value())
                .collect(Collectors.toList());
    }
}
