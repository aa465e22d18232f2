package io.netyard.shell.bridge;

import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.Services;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One bridge, and where it was found. */
record SeenBridge(String node, Bridge bridge) {

    /**
     * @param node the namespace meant, or null for the host and all named ones
     * @param trouble told about namespaces that cannot be read
     */
    static List<SeenBridge> look(Services services, String node, Consumer<String> trouble) {
        List<SeenBridge> seen = new ArrayList<>();
        if (node != null) {
            Netns netns = services.namespaces().resolve(node);
            add(seen, services, netns.label(), netns.ref());
            return seen;
        }
        add(seen, services, "host", services.namespaces().host());
        for (Netns netns : services.namespaces().known()) {
            try {
                add(seen, services, netns.label(), netns.ref());
            } catch (NetyardException e) {
                trouble.accept(netns.label() + ": " + e.getMessage());
            }
        }
        return seen;
    }

    private static void add(List<SeenBridge> seen, Services services, String label, NetnsRef netns) {
        services.bridges().list(netns).forEach(bridge -> seen.add(new SeenBridge(label, bridge)));
    }
}
