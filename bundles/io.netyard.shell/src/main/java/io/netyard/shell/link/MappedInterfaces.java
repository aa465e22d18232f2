package io.netyard.shell.link;

import io.netyard.api.wiring.Place;
import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes {@code IFACE@NODE} with the interfaces of all namespaces of this host. */
final class MappedInterfaces implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return services.wiring().look().places().stream()
                .flatMap(place -> of(place).stream())
                .toList();
    }

    private static List<String> of(Place place) {
        return place.interfaces().stream()
                .map(device -> device.name() + "@" + place.label())
                .toList();
    }
}
