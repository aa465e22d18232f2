package io.netyard.api.lab;

import io.netyard.api.InterfaceName;

/** A place in a lab where frames pass: an interface of a node. Written {@code NODE:INTERFACE}. */
public record Point(String node, InterfaceName device) {

    @Override
    public String toString() {
        return node + ":" + device;
    }
}
