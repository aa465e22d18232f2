package io.netyard.lab.network;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import java.net.InetAddress;

/** A neighbour whose hardware address is not asked for. */
public record StaticNeighbour(InterfaceName device, InetAddress address, MacAddress mac) {

    @Override
    public String toString() {
        return "%s at %s on %s".formatted(IpPrefix.text(address), mac, device);
    }
}
