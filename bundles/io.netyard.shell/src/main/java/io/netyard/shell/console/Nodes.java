package io.netyard.shell.console;

import io.netyard.api.netns.Netns;
import java.util.List;

/** Completes the namespaces that have a name. */
public final class Nodes implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return services.namespaces().known().stream().map(Netns::label).toList();
    }
}
