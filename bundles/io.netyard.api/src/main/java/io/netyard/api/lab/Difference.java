package io.netyard.api.lab;

import io.netyard.api.InterfaceName;
import java.util.Optional;

/**
 * One thing in which a lab is not what it is meant to be, because somebody else has changed it.
 *
 * @param node name of the node that it is in
 * @param device the interface that it is about, if it is about one
 * @param sentence for people: {@code web1:eth0: address 10.0.0.1/24 is missing}; two differences are the same if their sentences are
 */
public record Difference(String node, Optional<InterfaceName> device, Kind kind, String sentence) {

    /** What it is about. */
    public enum Kind {
        /** The namespace itself: its holder has ended, or what the node is attached to is not there. */
        NODE,
        /** An interface: there or not, where it leads, up or down, MTU, MAC address, which bridge it is a port of. */
        INTERFACE,
        /** What a bridge does: VLAN filtering, default PVID, spanning tree. */
        BRIDGE,
        ADDRESS,
        /** An entry of the VLAN table of a port or of a bridge. */
        VLAN,
        ROUTE,
        /** A permanent neighbour. */
        NEIGHBOUR,
        /** A kernel parameter. */
        SYSCTL,
        /** A policy of firewall, NAT or guards. */
        POLICY,
        /** The simulated host behind a tap. */
        TAP_HOST
    }
}
