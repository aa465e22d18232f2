package io.netyard.shell.netns;

import io.netyard.api.netns.Netns;
import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes the foreign namespaces that were given a name. */
final class AttachedNodes implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return services.namespaces().known().stream()
                .filter(netns -> netns.origin() == Netns.Origin.ATTACHED)
                .map(Netns::label)
                .toList();
    }
}
