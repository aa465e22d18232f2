package io.netyard.shell.firewall;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes layers. */
final class LayerNames implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return List.of("link", "network", "nat");
    }
}
