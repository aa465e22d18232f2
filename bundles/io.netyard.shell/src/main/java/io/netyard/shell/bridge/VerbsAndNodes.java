package io.netyard.shell.bridge;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.Services;
import java.util.ArrayList;
import java.util.List;

/** Completes {@code add}, {@code del}, or a node to look at. */
final class VerbsAndNodes implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        List<String> all = new ArrayList<>(List.of("add", "del"));
        all.addAll(new Nodes().candidates(services, console, before, word));
        return all;
    }
}
