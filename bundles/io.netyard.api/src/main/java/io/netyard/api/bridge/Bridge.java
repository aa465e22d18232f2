package io.netyard.api.bridge;

import io.netyard.api.InterfaceName;
import java.util.List;
import java.util.Optional;

/**
 * A bridge as the kernel shows it.
 *
 * @param index ifindex in its namespace
 * @param vlanFiltering whether the VLAN tables have any effect
 * @param defaultPvid VID that a new port gets as PVID, untagged: 1 to 4094, or 0 for none
 * @param self the bridge's own VLAN table: the VIDs that the bridge device itself hears and speaks
 * @param ports in order of ifindex
 * @param owner as for links
 */
public record Bridge(
        int index,
        InterfaceName name,
        boolean vlanFiltering,
        int defaultPvid,
        List<VlanEntry> self,
        List<Port> ports,
        Optional<String> owner) {

    /** @param vlans in order of VID; empty on a kernel without bridge VLAN tables */
    public record Port(int index, InterfaceName name, List<VlanEntry> vlans) {}
}
