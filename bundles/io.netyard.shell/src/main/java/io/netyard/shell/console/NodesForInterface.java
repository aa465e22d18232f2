package io.netyard.shell.console;

import java.util.List;

/** Completes the node of an interface that is yet to be made. */
public final class NodesForInterface implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return services.namespaces().known().stream()
                .map(node -> node.label() + ":")
                .toList();
    }
}
