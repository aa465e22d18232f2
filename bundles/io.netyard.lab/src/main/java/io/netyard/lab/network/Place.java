package io.netyard.lab.network;

import io.netyard.api.InterfaceName;

/** An interface by the node that it is in and its name there. */
public record Place(String node, InterfaceName device) {

    @Override
    public String toString() {
        return node + ":" + device;
    }
}
