package io.netyard.shell.link;

import static java.util.stream.Collectors.joining;

import io.netyard.api.wiring.Cable;
import io.netyard.api.wiring.Cable.End;
import io.netyard.api.wiring.WiredInterface;
import io.netyard.api.wiring.WiredInterface.Far;
import io.netyard.api.wiring.WiringMap;
import io.netyard.shell.console.VlanRun;
import java.util.List;
import java.util.Optional;

/** The wiring in words, for people. */
final class WiringText {

    /** Interfaces stand on one another a few deep at most; a bound, since the map may have changed while it was drawn. */
    private static final int STEPS = 8;

    private final WiringMap map;

    WiringText(WiringMap map) {
        this.map = map;
    }

    /** {@code eth0#2}: names alone do not tell interfaces apart that foreign software has given odd names. */
    static String name(WiredInterface device) {
        return device.name() + "#" + device.index();
    }

    static String farName(Far far) {
        return far.name().orElse("") + "#" + far.index();
    }

    /** Where something leads that is not on the map. */
    static String unknown(Far far) {
        int nsid = far.nsid().orElse(-1);
        return nsid < 0 ? "unknown namespace" : "unknown namespace, nsid " + nsid;
    }

    /** {@code veth}, {@code vlan 10}, {@code macvlan bridge}. */
    static String kind(WiredInterface device) {
        return device.kind()
                + device.vlan().map(vid -> " " + vid).orElse("")
                + device.macvlanMode().map(mode -> " " + mode).orElse("");
    }

    /** What it is a port of; empty if of nothing. */
    static String controller(End end) {
        return end.controller()
                .map(controller -> controller.kind().equals("bridge")
                        ? controller.name()
                        : controller.name() + " (" + controller.kind() + ")")
                .orElse("");
    }

    /** The VLANs of a bridge's port; empty where the bridge does not filter by them. */
    static String vlans(End end) {
        return end.filtered() ? VlanRun.line(end.device().vlans()) : "";
    }

    /** One sentence: what an interface is and where it leads. */
    String sentence(End end) {
        String port = port(end);
        StringBuilder text = new StringBuilder(named(end)).append(port).append(port.isEmpty() ? "" : ",");
        End here = end;
        for (int step = 0; step < STEPS; step++) {
            Optional<Far> far = here.device().far();
            if (far.isEmpty()) {
                if (step == 0) {
                    text.append(" leads to no other interface");
                }
                break;
            }
            boolean pair = here.device().isPair();
            text.append(step == 0 ? "" : ", which").append(pair ? " leads to " : " is " + standing(here.device()));
            Optional<End> other = map.other(here.device());
            text.append(other.map(there -> named(there) + port(there)).orElseGet(() -> beyond(far.get())));
            if (pair || other.isEmpty()) {
                break;
            }
            here = other.get();
        }
        List<WiredInterface> ports = end.place().portsOf(end.device());
        if (!ports.isEmpty()) {
            text.append("; its ports are ")
                    .append(ports.stream().map(WiringText::name).collect(joining(", ")));
        }
        List<Cable> standing = standingOn(end);
        if (!standing.isEmpty()) {
            text.append("; on it ")
                    .append(standing.size() == 1 ? "stands " : "stand ")
                    .append(standing.stream()
                            .map(cable ->
                                    named(cable.a()) + " (" + kind(cable.a().device()) + ")")
                            .collect(joining(", ")));
        }
        return text.toString();
    }

    /** The VLAN subinterfaces, macvlans and others that have an interface as their parent. */
    List<Cable> standingOn(End end) {
        return map.cables().stream()
                .filter(cable -> !cable.a().device().isPair())
                .filter(cable -> cable.b()
                        .filter(parent -> parent.place().id().equals(end.place().id())
                                && parent.device().index() == end.device().index())
                        .isPresent())
                .toList();
    }

    private String beyond(Far far) {
        String where = far.namespace()
                .map(id -> map.place(id).map(place -> place.label()).orElseGet(id::toString))
                .orElseGet(() -> "an " + unknown(far));
        return farName(far) + " in " + where;
    }

    private static String standing(WiredInterface device) {
        if (device.vlan().isPresent()) {
            return "VLAN " + device.vlan().get() + " on ";
        }
        String article = device.kind().matches("[aeio].*") ? "an " : "a ";
        return article + device.kind()
                + device.macvlanMode().map(mode -> " (mode " + mode + ")").orElse("") + " on ";
    }

    private static String named(End end) {
        return name(end.device()) + " in " + end.place().label();
    }

    private static String port(End end) {
        return end.controller()
                .map(controller -> ", a port of %s %s%s".formatted(controller.kind(), name(controller), tables(end)))
                .orElse("");
    }

    private static String tables(End end) {
        if (!end.filtered()) {
            return "";
        }
        return end.device().vlans().isEmpty() ? " (no VLANs)" : " (VLANs " + vlans(end) + ")";
    }
}
