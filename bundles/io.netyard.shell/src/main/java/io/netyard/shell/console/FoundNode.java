package io.netyard.shell.console;

import io.netyard.api.RequestException;
import io.netyard.api.netns.Netns;

/** The namespace that a command is to change. */
public final class FoundNode {

    private FoundNode() {}

    /** @throws RequestException if there is none, or Netyard did not make it and it was not said with {@code --force} that it is meant */
    public static Netns own(Services services, String node, boolean force) {
        Netns netns = services.namespaces().resolve(node);
        if (netns.origin() != Netns.Origin.OWN && !force) {
            throw new RequestException("%s was not made by Netyard and is left alone; --force changes it all the same"
                    .formatted(netns.label()));
        }
        return netns;
    }
}
