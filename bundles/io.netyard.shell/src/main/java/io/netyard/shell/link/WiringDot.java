package io.netyard.shell.link;

import static java.util.stream.Collectors.joining;

import io.netyard.api.Text;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.wiring.Cable;
import io.netyard.api.wiring.Cable.End;
import io.netyard.api.wiring.Place;
import io.netyard.api.wiring.WiredInterface;
import io.netyard.api.wiring.WiringMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Draws wiring in the language of Graphviz: a cluster for each namespace, a line for each connection, with its VLANs, and a dashed one from
 * each port to its bridge. Interfaces that are connected to nothing are left out.
 */
final class WiringDot {

    private final WiringMap map;
    private final List<Cable> cables;
    private final StringBuilder out = new StringBuilder();
    private final Map<NamespaceId, Set<Integer>> drawn = new LinkedHashMap<>();

    private WiringDot(WiringMap map, List<Cable> cables) {
        this.map = map;
        this.cables = cables;
    }

    /** @param cables those of {@code map} that are to be drawn */
    static String draw(WiringMap map, List<Cable> cables) {
        return new WiringDot(map, cables).draw();
    }

    private String draw() {
        map.places().forEach(place -> drawn.put(place.id(), new TreeSet<>()));
        cables.stream()
                .flatMap(cable -> Stream.concat(Stream.of(cable.a()), cable.b().stream()))
                .forEach(this::add);
        line("graph wiring {");
        line("  rankdir=LR;");
        line("  node [shape=box];");
        map.places().stream().filter(place -> !drawn.get(place.id()).isEmpty()).forEach(this::cluster);
        cables.stream().filter(cable -> cable.b().isEmpty()).forEach(this::beyond);
        cables.forEach(this::edge);
        line("}");
        return out.toString();
    }

    /** An interface, with the bridge that it is plugged into and that one's other ports. */
    private void add(End end) {
        Set<Integer> indexes = drawn.get(end.place().id());
        indexes.add(end.device().index());
        end.controller().ifPresent(controller -> {
            if (indexes.add(controller.index())) {
                end.place().portsOf(controller).forEach(port -> indexes.add(port.index()));
                add(new End(end.place(), controller));
            }
        });
    }

    private void cluster(Place place) {
        line("  subgraph cluster_%d {", place.id().inode());
        line("    label=%s;", quoted(place.label()));
        List<WiredInterface> devices = place.interfaces().stream()
                .filter(device -> drawn.get(place.id()).contains(device.index()))
                .toList();
        for (WiredInterface device : devices) {
            boolean controller = !place.portsOf(device).isEmpty();
            line(
                    "    %s [label=%s%s];",
                    node(place, device),
                    quoted(WiringText.name(device), controller ? device.kind() : ""),
                    controller ? ", style=bold" : "");
        }
        for (WiredInterface device : devices) {
            place.controllerOf(device)
                    .filter(controller -> drawn.get(place.id()).contains(controller.index()))
                    .ifPresent(controller ->
                            line("    %s -- %s [style=dashed];", node(place, device), node(place, controller)));
        }
        line("  }");
    }

    /** The other end of a cable that leads off the map. */
    private void beyond(Cable cable) {
        String where = cable.far()
                .namespace()
                .map(id -> map.place(id).map(Place::label).orElseGet(id::toString))
                .orElseGet(() -> WiringText.unknown(cable.far()) + " of "
                        + cable.a().place().label());
        line("  subgraph cluster_%s {", far(cable));
        line("    label=%s;", quoted(where));
        line("    style=dotted;");
        line("    %s [label=%s];", far(cable), quoted(WiringText.farName(cable.far())));
        line("  }");
    }

    private void edge(Cable cable) {
        End a = cable.a();
        String label = a.device().isPair()
                ? Stream.concat(Stream.of(a), cable.b().stream())
                        .map(WiringText::vlans)
                        .filter(vlans -> !vlans.isEmpty())
                        .distinct()
                        .collect(joining(" / "))
                : WiringText.kind(a.device());
        line(
                "  %s -- %s [label=%s];",
                node(a.place(), a.device()),
                cable.b().map(b -> node(b.place(), b.device())).orElseGet(() -> far(cable)),
                quoted(label));
    }

    private static String node(Place place, WiredInterface device) {
        return "n%d_%d".formatted(place.id().inode(), device.index());
    }

    private static String far(Cable cable) {
        return "far_" + node(cable.a().place(), cable.a().device());
    }

    private void line(String format, Object... values) {
        out.append(format.formatted(values)).append('\n');
    }

    /** A label of several lines. A backslash would start an escape, a quotation mark would end it. */
    private static String quoted(String... lines) {
        return Stream.of(lines)
                .filter(line -> !line.isEmpty())
                .map(line -> Text.printable(line).replace("\\", "\\\\").replace("\"", "\\\""))
                .collect(joining("\\n", "\"", "\""));
    }
}
