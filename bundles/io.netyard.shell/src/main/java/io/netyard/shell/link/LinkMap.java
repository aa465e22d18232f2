package io.netyard.shell.link;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.wiring.Cable;
import io.netyard.api.wiring.Cable.End;
import io.netyard.api.wiring.Place;
import io.netyard.api.wiring.WiringMap;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "link",
        name = "map",
        description = "Show how the network namespaces of this host are wired, whoever made them")
final class LinkMap extends ConsoleCommand {

    @Argument(
            name = "WHERE",
            description =
                    "A node, container or lab whose connections are wanted, a pid, net:[INODE] or a path; all if left out")
    @Completion(MappedPlaces.class)
    String where;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Option(name = "--dot", description = "Print a drawing in the language of Graphviz: link:map --dot | dot -Tsvg")
    boolean dot;

    @Override
    protected int run() {
        if (json && dot) {
            throw new IllegalArgumentException("--json or --dot, not both");
        }
        WiringMap map = wiring().look();
        List<Place> places = where == null ? map.places() : new ChosenPlaces(map, namespaces()).all(where);
        Set<NamespaceId> chosen = places.stream().map(Place::id).collect(toSet());
        List<Cable> cables = map.cables().stream()
                .filter(cable -> touches(chosen, Optional.of(cable.a())) || touches(chosen, cable.b()))
                .toList();
        if (json) {
            WiringJson fields = new WiringJson(map);
            print(Json.text(Json.object(
                    "namespaces", places.stream().map(fields::place).toList(),
                    "cables", cables.stream().map(fields::cable).toList())));
        } else if (dot) {
            console().out().print(WiringDot.draw(map, cables));
        } else {
            table(map, cables).print(console());
        }
        List<Place> unreadable =
                places.stream().filter(place -> place.unreadable().isPresent()).toList();
        if (!unreadable.isEmpty()) {
            complain("not looked into: "
                    + unreadable.stream()
                            .map(place ->
                                    place.label() + " (" + place.unreadable().get() + ")")
                            .collect(joining("; ")));
        }
        return DONE;
    }

    private static boolean touches(Set<NamespaceId> chosen, Optional<End> end) {
        return end.filter(there -> chosen.contains(there.place().id())).isPresent();
    }

    private static Table table(WiringMap map, List<Cable> cables) {
        Table table = new Table(
                "NODE", "INTERFACE", "CONTROLLER", "VLANS", "KIND", "NODE", "INTERFACE", "CONTROLLER", "VLANS");
        for (Cable cable : cables) {
            End a = cable.a();
            Optional<End> b = cable.b();
            table.row(
                    a.place().label(),
                    WiringText.name(a.device()),
                    WiringText.controller(a),
                    WiringText.vlans(a),
                    WiringText.kind(a.device()),
                    b.map(there -> there.place().label())
                            .or(() ->
                                    cable.far().namespace().flatMap(map::place).map(Place::label))
                            .orElseGet(() -> WiringText.unknown(cable.far())),
                    b.map(there -> WiringText.name(there.device())).orElseGet(() -> WiringText.farName(cable.far())),
                    b.map(WiringText::controller),
                    b.map(WiringText::vlans));
        }
        return table;
    }
}
