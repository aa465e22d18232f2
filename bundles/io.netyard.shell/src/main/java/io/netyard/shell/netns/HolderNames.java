package io.netyard.shell.netns;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes the ways of keeping a namespace alive. */
final class HolderNames implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return List.copyOf(services.namespaces().holders().keySet());
    }
}
