package io.netyard.shell.link;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes the interfaces of the host's namespace. */
final class HostInterfaces implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return services.links().list(services.namespaces().host()).stream()
                .map(link -> link.name().value())
                .toList();
    }
}
