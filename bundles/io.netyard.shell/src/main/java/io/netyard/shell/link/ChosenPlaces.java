package io.netyard.shell.link;

import io.netyard.api.RequestException;
import io.netyard.api.netns.Netns;
import io.netyard.api.wiring.Place;
import io.netyard.api.wiring.WiringMap;
import io.netyard.shell.console.Services;
import java.util.List;
import java.util.Optional;

/** Finds on a map the namespaces that a user means. */
final class ChosenPlaces {

    private ChosenPlaces() {}

    /**
     * All of a lab or of a container, or one namespace.
     *
     * @throws RequestException if there is none
     */
    static List<Place> of(Services services, WiringMap map, String meant) {
        List<Place> several = map.places().stream()
                .filter(place -> isOfLab(place, meant) || isOfContainer(place, meant))
                .toList();
        return several.isEmpty() ? List.of(one(services, map, meant)) : several;
    }

    private static boolean isOfLab(Place place, String lab) {
        return place.namespace().labels().stream().anyMatch(label -> label.startsWith(lab + "/"));
    }

    private static boolean isOfContainer(Place place, String meant) {
        Optional<String> container = place.namespace().container();
        return container
                .filter(label -> label.equals(meant)
                        || label.substring(label.indexOf(':') + 1).equals(meant))
                .isPresent();
    }

    /**
     * @param meant a label of the map, or anything that {@link io.netyard.api.netns.Namespaces#resolve} understands
     * @throws RequestException if there is none or more than one
     */
    static Place one(Services services, WiringMap map, String meant) {
        return map.places().stream()
                .filter(place ->
                        place.label().equals(meant) || place.id().toString().equals(meant))
                .findFirst()
                .orElseGet(() -> {
                    Netns netns = services.namespaces().resolve(meant);
                    return map.places().stream()
                            .filter(place -> place.id().inode() == netns.ref().inode())
                            .findFirst()
                            .orElseThrow(() -> new RequestException(netns.label() + " has ended"));
                });
    }
}
