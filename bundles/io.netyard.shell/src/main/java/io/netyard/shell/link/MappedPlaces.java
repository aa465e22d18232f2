package io.netyard.shell.link;

import io.netyard.api.wiring.Place;
import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;
import java.util.stream.Stream;

/** Completes the namespaces of this host by their labels, and the labs that some are of. */
final class MappedPlaces implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        List<Place> places = services.wiring().look().places();
        Stream<String> labs = places.stream()
                .flatMap(place -> place.namespace().labels().stream())
                .filter(label -> label.contains("/"))
                .map(label -> label.substring(0, label.indexOf('/')));
        return Stream.concat(places.stream().map(Place::label), labs).distinct().toList();
    }
}
