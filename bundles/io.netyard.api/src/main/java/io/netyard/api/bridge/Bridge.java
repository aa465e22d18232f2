package io.netyard.api.bridge;

import io.netyard.api.InterfaceName;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A bridge as the kernel shows it.
 *
 * @param index ifindex in its namespace
 * @param vlanFiltering whether the VLAN tables have any effect
 * @param defaultPvid VID that a new port gets as PVID, untagged: 1 to 4094, or 0 for none
 * @param self the bridge's own VLAN table: the VIDs that the bridge device itself hears and speaks
 * @param ports in order of ifindex
 * @param stp the spanning tree protocol (IEEE 802.1D) as this bridge takes part in it
 * @param owner as for links
 */
public record Bridge(
        int index,
        InterfaceName name,
        boolean vlanFiltering,
        int defaultPvid,
        List<VlanEntry> self,
        List<Port> ports,
        Stp stp,
        Optional<String> owner) {

    /**
     * @param vlans in order of VID; empty on a kernel without bridge VLAN tables
     * @param state what the spanning tree lets it do; without STP a port that is up and has a carrier forwards
     * @param pathCost what it costs to leave by it, 1 to 65,535: the tree is that of the least sums
     * @param priority 0 to 63; of two ways that cost the same, that by the port of the smaller number is used
     */
    public record Port(
            int index, InterfaceName name, List<VlanEntry> vlans, PortState state, int pathCost, int priority) {}

    /** BR_STATE_*, linux/if_bridge.h. */
    public enum PortState {
        /** Down, or without a carrier. */
        DISABLED,
        /** Hears and sends the protocol's own frames only, and will go on to learn. */
        LISTENING,
        /** Also learns addresses. */
        LEARNING,
        FORWARDING,
        /** Stays shut, since it would close a loop. */
        BLOCKING;

        /** As iproute2 writes it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param on whether it takes part. The tree knows no VLANs: there is one for all of them
     * @param priority 0 to 65,535: the bridge with the smallest number becomes the root
     * @param forwardDelay how long a port listens, and then learns, before it forwards
     * @param id priority and MAC address, {@code 8000.0a1b2c3d4e5f}, as sysfs and brctl show it
     * @param rootId that of the bridge it takes for the root; its own without STP
     * @param rootPathCost sum of the costs on the way to the root; 0 if it is the root itself
     */
    public record Stp(boolean on, int priority, Duration forwardDelay, String id, String rootId, int rootPathCost) {

        /** The priority of a bridge for which none was chosen. */
        public static final int DEFAULT_PRIORITY = 32_768;

        /** The forward delay of a bridge for which none was chosen. */
        public static final Duration DEFAULT_FORWARD_DELAY = Duration.ofSeconds(15);

        /** Off, and nothing else known. */
        public static final Stp OFF = new Stp(false, DEFAULT_PRIORITY, DEFAULT_FORWARD_DELAY, "", "", 0);

        public boolean isRoot() {
            return id.equals(rootId);
        }
    }
}
