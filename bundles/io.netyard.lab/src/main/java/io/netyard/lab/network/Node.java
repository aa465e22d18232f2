package io.netyard.lab.network;

import io.netyard.api.InterfaceName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A namespace.
 *
 * @param name as in the file; {@link #HOST} is the appliance's own, which is neither made nor destroyed
 * @param holder what keeps it alive: the name of a {@link io.netyard.api.netns.NamespaceHolder}, or {@link #HOST}
 * @param devices the lab's interfaces in it, by name, in the file's order; without the loopback
 * @param settings what it has beside its interfaces
 */
public record Node(String name, String holder, Map<InterfaceName, Device> devices, Settings settings) {

    /** The namespace that the appliance runs in. */
    public static final String HOST = "host";

    public Node {
        devices = Collections.unmodifiableMap(new LinkedHashMap<>(devices));
    }

    public Node withDevices(Map<InterfaceName, Device> changed) {
        return new Node(name, holder, changed, settings);
    }

    public Node withSettings(Settings changed) {
        return new Node(name, holder, devices, changed);
    }

    public boolean isHost() {
        return name.equals(HOST);
    }
}
