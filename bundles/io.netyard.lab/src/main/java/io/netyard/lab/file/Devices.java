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
import io.netyard.lab.network.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            return new Place(node, spec.parent().orElseThrow().value());
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
        List<Declared> waiting = devices.addSubinterfaces(devices.declared(true));
        lab.switches().values().forEach(devices::addBridge);
        devices.refuse(devices.addSubinterfaces(waiting));
        devices.declared(false).forEach(devices::mustExist);
        return Collections.unmodifiableMap(devices.drafts);
    }

    private List<Declared> declared(boolean subinterfaces) {
        return lab.nodes().values().stream()
                .flatMap(node -> node.interfaces().values().stream()
                        .map(spec -> new Declared(node.name().value(), spec)))
                .filter(device -> device.spec().parent().isPresent() == subinterfaces)
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

    /** @return those whose parent is not there (yet) */
    private List<Declared> addSubinterfaces(List<Declared> waiting) {
        List<Declared> left = waiting;
        int before;
        do {
            before = left.size();
            List<Declared> still = new ArrayList<>();
            for (Declared device : left) {
                if (drafts.containsKey(device.parent())) {
                    addSubinterface(device);
                } else {
                    still.add(device);
                }
            }
            left = still;
        } while (left.size() < before);
        return left;
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
        return draft.kind() instanceof VethEnd ? "the end of a link" : "a subinterface";
    }

    private void refuse(List<Declared> waiting) {
        Map<Place, Declared> byPlace = new HashMap<>();
        waiting.forEach(device -> byPlace.put(device.place(), device));
        for (Declared device : waiting) {
            At<InterfaceName> parent = device.spec().parent().orElseThrow();
            if (byPlace.containsKey(device.parent())) {
                problems.add(
                        parent.position(),
                        "%s cannot sit on %s, which has no parent that exists"
                                .formatted(device.spec().name(), parent));
            } else {
                problems.add(
                        parent.position(),
                        "parent %s of %s does not exist in node %s; %s"
                                .formatted(
                                        parent,
                                        device.spec().name(),
                                        device.node(),
                                        Spelling.hint(parent.toString(), names(device.node()))));
            }
        }
    }

    private void mustExist(Declared device) {
        Draft draft = drafts.get(device.place());
        At<InterfaceName> name = device.spec().name();
        if (draft == null) {
            problems.add(
                    name.position(),
                    "no link ends at %s and it has no parent, so nothing would create it; %s"
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
