package io.netyard.shell.link;

import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.wiring.Cable;
import io.netyard.api.wiring.Cable.End;
import io.netyard.api.wiring.Place;
import io.netyard.api.wiring.WiredInterface;
import io.netyard.api.wiring.WiredInterface.Far;
import io.netyard.api.wiring.WiringMap;
import io.netyard.shell.console.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The wiring for scripts: field names that they rely on. */
final class WiringJson {

    private final WiringMap map;

    WiringJson(WiringMap map) {
        this.map = map;
    }

    Map<String, Object> place(Place place) {
        return Json.object(
                "label", place.label(),
                "inode", place.id().inode(),
                "labels", place.namespace().labels(),
                "container", place.namespace().container(),
                "hostname", place.namespace().hostname(),
                "pids", place.namespace().pids(),
                "unreadable", place.unreadable(),
                "interfaces",
                        place.interfaces().stream()
                                .map(device -> end(new End(place, device)))
                                .toList());
    }

    Map<String, Object> cable(Cable cable) {
        return Json.object(
                "kind", cable.a().device().kind(),
                "pair", cable.a().device().isPair(),
                "a", end(cable.a()),
                "b", cable.b().map(this::end).orElseGet(() -> beyond(cable.far())));
    }

    Map<String, Object> end(End end) {
        WiredInterface device = end.device();
        return Json.object(
                "node", end.place().label(),
                "inode", end.place().id().inode(),
                "index", device.index(),
                "name", device.name(),
                "kind", device.kind(),
                "up", device.up(),
                "carrier", device.carrier(),
                "mac", device.mac(),
                "vlan", device.vlan().map(vlan -> vlan.value()),
                "macvlanMode", device.macvlanMode(),
                "controller",
                        end.controller()
                                .map(controller -> Json.object(
                                        "index", controller.index(),
                                        "name", controller.name(),
                                        "kind", controller.kind(),
                                        "vlanFiltering", controller.vlanFiltering())),
                "vlans", vlans(device.vlans()),
                "far", device.far().map(this::beyond));
    }

    /** What is known of an interface without having seen it. */
    Map<String, Object> beyond(Far far) {
        Optional<Place> place = far.namespace().flatMap(map::place);
        return Json.object(
                "node", place.map(Place::label),
                "inode", far.namespace().map(id -> id.inode()),
                "nsid", far.nsid(),
                "index", far.index(),
                "name", far.name());
    }

    private static List<Map<String, Object>> vlans(List<VlanEntry> entries) {
        return entries.stream()
                .map(entry ->
                        Json.object("vid", entry.vid().value(), "pvid", entry.pvid(), "untagged", entry.untagged()))
                .toList();
    }
}
