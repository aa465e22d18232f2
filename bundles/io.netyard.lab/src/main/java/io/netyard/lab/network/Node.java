package io.netyard.lab.network;

import io.netyard.api.InterfaceName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A namespace.
 *
 * @param holder what keeps it alive: the name of a {@link io.netyard.api.netns.NamespaceHolder}
 * @param devices the lab's interfaces in it, by name, in the file's order; without the loopback
 */
public record Node(String name, String holder, Map<InterfaceName, Device> devices) {

    public Node {
        devices = Collections.unmodifiableMap(new LinkedHashMap<>(devices));
    }
}
