package io.netyard.shell.link;

import static java.util.stream.Collectors.joining;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.wiring.Cable.End;
import io.netyard.api.wiring.Place;
import io.netyard.api.wiring.WiredInterface;
import io.netyard.api.wiring.WiringMap;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "link",
        name = "find",
        description = "Say where an interface leads: its other end or parent, with bridge and VLANs")
final class LinkFind extends ConsoleCommand {

    @Argument(
            name = "IFACE[@NODE]",
            required = true,
            description =
                    "An interface, by name or ifindex, and the node, container, pid, net:[INODE] or path that it is in; without that, of the host")
    @Completion(MappedInterfaces.class)
    String wanted;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        WiringMap map = wiring().look();
        End end = find(map);
        WiringText text = new WiringText(map);
        if (!json) {
            print(Text.printable(text.sentence(end)));
            return DONE;
        }
        WiringJson fields = new WiringJson(map);
        print(Json.text(Json.object(
                "interface",
                fields.end(end),
                "other",
                map.other(end.device())
                        .map(fields::end)
                        .or(() -> end.device().far().map(fields::beyond)),
                "standingOnIt",
                text.standingOn(end).stream()
                        .map(cable -> fields.end(cable.a()))
                        .toList())));
        return DONE;
    }

    private End find(WiringMap map) {
        // The last one: names of interfaces may have it, those of nodes do not.
        int at = wanted.lastIndexOf('@');
        String name = at < 0 ? wanted : wanted.substring(0, at);
        Place place = ChosenPlaces.one(services(), map, at < 0 ? "host" : wanted.substring(at + 1));
        List<WiredInterface> found = place.interfaces().stream()
                .filter(device -> device.name().equals(name))
                .toList();
        if (found.isEmpty() && name.matches("\\d{1,9}")) {
            found = place.byIndex(Integer.parseInt(name)).stream().toList();
        }
        if (found.isEmpty()) {
            throw new RequestException(none(map, place, name));
        }
        if (found.size() > 1) {
            throw new RequestException("%s has several interfaces that are shown as %s: say which by its ifindex, %s"
                    .formatted(
                            place.label(),
                            name,
                            found.stream()
                                    .map(device -> device.index() + "@" + place.label())
                                    .collect(joining(", "))));
        }
        return new End(place, found.get(0));
    }

    private static String none(WiringMap map, Place place, String name) {
        if (place.unreadable().isPresent()) {
            return place.label() + " could not be looked into: "
                    + place.unreadable().get();
        }
        List<String> elsewhere = map.places().stream()
                .filter(other -> other.interfaces().stream()
                        .anyMatch(device -> device.name().equals(name)))
                .map(other -> name + "@" + other.label())
                .toList();
        return elsewhere.isEmpty()
                ? "%s has no interface %s; it has %s"
                        .formatted(
                                place.label(),
                                name,
                                place.interfaces().stream()
                                        .map(WiredInterface::name)
                                        .collect(joining(", ")))
                : "%s has no interface %s; there is %s".formatted(place.label(), name, String.join(", ", elsewhere));
    }
}
