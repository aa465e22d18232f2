package io.netyard.shell.firewall;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;
import java.util.stream.Stream;

/** Completes backends and {@code none}. */
final class BackendNames implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        Stream<String> names = services.firewall().backends().stream().map(backend -> backend.name());
        return Stream.concat(names, Stream.of("none")).toList();
    }
}
