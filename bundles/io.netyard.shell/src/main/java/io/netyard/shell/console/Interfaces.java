package io.netyard.shell.console;

import io.netyard.api.netns.Netns;
import java.util.List;

/** Completes {@code NODE:IFACE}: first the node and its colon, then the interfaces that are there. */
public final class Interfaces implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        int colon = word.lastIndexOf(':');
        if (colon < 0) {
            return services.namespaces().known().stream()
                    .map(node -> node.label() + ":")
                    .toList();
        }
        String node = word.substring(0, colon);
        Netns netns = services.namespaces().resolve(node);
        return services.links().list(netns.ref()).stream()
                .map(link -> node + ":" + link.name())
                .toList();
    }
}
