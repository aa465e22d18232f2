package io.netyard.shell.link;

import static java.util.stream.Collectors.joining;

import io.netyard.api.RequestException;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.wiring.Cable.End;
import io.netyard.api.wiring.Place;
import io.netyard.api.wiring.WiredInterface;
import io.netyard.api.wiring.WiringMap;
import java.util.List;
import java.util.function.ToLongFunction;

/** Finds on a map what a user means: by labels, and by all else that namespaces are named by. */
final class ChosenPlaces {

    private final WiringMap map;
    private final ToLongFunction<String> inodeOf;

    ChosenPlaces(WiringMap map, Namespaces namespaces) {
        this(map, meant -> namespaces.resolve(meant).ref().inode());
    }

    /** @param inodeOf throws a {@link RequestException} for what it does not know */
    ChosenPlaces(WiringMap map, ToLongFunction<String> inodeOf) {
        this.map = map;
        this.inodeOf = inodeOf;
    }

    /**
     * All of a lab or of a container, or one namespace.
     *
     * @throws RequestException if there is none
     */
    List<Place> all(String meant) {
        List<Place> several = map.places().stream()
                .filter(place -> isOfLab(place, meant) || isOfContainer(place, meant))
                .toList();
        return several.isEmpty() ? List.of(one(meant)) : several;
    }

    private static boolean isOfLab(Place place, String lab) {
        return place.namespace().labels().stream().anyMatch(label -> label.startsWith(lab + "/"));
    }

    private static boolean isOfContainer(Place place, String meant) {
        return place.namespace()
                .container()
                .filter(label -> label.equals(meant)
                        || label.substring(label.indexOf(':') + 1).equals(meant))
                .isPresent();
    }

    /**
     * @param meant a label of the map, or anything that {@link Namespaces#resolve} understands
     * @throws RequestException if there is none or more than one
     */
    Place one(String meant) {
        return map.places().stream()
                .filter(place ->
                        place.label().equals(meant) || place.id().toString().equals(meant))
                .findFirst()
                .orElseGet(() -> {
                    long inode = inodeOf.applyAsLong(meant);
                    return map.places().stream()
                            .filter(place -> place.id().inode() == inode)
                            .findFirst()
                            .orElseThrow(() -> new RequestException(
                                    "%s was not there yet when the host was looked at, or has ended: try again"
                                            .formatted(meant)));
                });
    }

    /**
     * @param meant {@code IFACE@NODE}, or {@code IFACE} for one of the host; its name or its ifindex
     * @throws RequestException if there is none or more than one; says which there are
     */
    End device(String meant) {
        // The last one: names of interfaces may have it, those of nodes do not.
        int at = meant.lastIndexOf('@');
        String name = at < 0 ? meant : meant.substring(0, at);
        Place place = one(at < 0 ? "host" : meant.substring(at + 1));
        List<WiredInterface> found = place.interfaces().stream()
                .filter(device -> device.name().equals(name))
                .toList();
        if (found.isEmpty() && name.matches("\\d{1,9}")) {
            found = place.byIndex(Integer.parseInt(name)).stream().toList();
        }
        if (found.isEmpty()) {
            throw new RequestException(none(place, name));
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

    private String none(Place place, String name) {
        if (place.unreadable().isPresent()) {
            return place.label() + " could not be looked into: "
                    + place.unreadable().get();
        }
        String elsewhere = map.places().stream()
                .filter(other -> other.interfaces().stream()
                        .anyMatch(device -> device.name().equals(name)))
                .map(other -> name + "@" + other.label())
                .collect(joining(", "));
        String here = place.interfaces().stream().map(WiredInterface::name).collect(joining(", "));
        return "%s has no interface %s; %s"
                .formatted(
                        place.label(),
                        name,
                        elsewhere.isEmpty() ? "it has " + (here.isEmpty() ? "none" : here) : "there is " + elsewhere);
    }
}
