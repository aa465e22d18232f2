package io.netyard.api.wiring;

import io.netyard.api.MacAddress;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.link.MacvlanMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * An interface, as far as wiring goes.
 *
 * @param index ifindex, unique in its namespace only
 * @param name printable. Not always what the kernel calls it: foreign software may use control characters and bytes that are no text; tell
 *     interfaces apart by {@code index}
 * @param kind as of {@link io.netyard.api.link.Link}
 * @param up administratively up (IFF_UP)
 * @param carrier has a carrier (IFF_LOWER_UP)
 * @param mac empty where the device has none
 * @param vlan for a VLAN subinterface: its VID
 * @param macvlanMode for a macvlan
 * @param vlanFiltering for a bridge: whether the VLAN tables have any effect
 * @param controller ifindex of the bridge, bond or other device whose port it is, in the same namespace
 * @param vlans VLAN table of a bridge's port, or of the bridge itself, in order of VID; empty on a kernel without them
 * @param far where it leads: the other end of a pair, or the parent of what stands on another interface
 */
public record WiredInterface(
        int index,
        String name,
        String kind,
        boolean up,
        boolean carrier,
        Optional<MacAddress> mac,
        Optional<VlanId> vlan,
        Optional<MacvlanMode> macvlanMode,
        boolean vlanFiltering,
        OptionalInt controller,
        List<VlanEntry> vlans,
        Optional<Far> far) {

    /** Kinds that come as two ends of one cable: what goes in at one comes out at the other. */
    private static final Set<String> PAIRS = Set.of("veth", "netkit", "vxcan");

    public static boolean isPair(String kind) {
        return PAIRS.contains(kind);
    }

    /** Whether it is one of two equal ends; otherwise, where it leads is its parent. */
    public boolean isPair() {
        return isPair(kind);
    }

    /**
     * Where an interface leads.
     *
     * @param namespace that the other interface is in; empty if it is none of those on the map. What leads there and does not lead back, as
     *     ends of a pair do, is not taken for it
     * @param nsid the number by which the interface's own namespace refers to the other one; empty if they are the same, -1 if the kernel has
     *     not told it
     * @param index ifindex of the other interface, in its namespace
     * @param name of the other interface, printable; empty if it cannot be told
     */
    public record Far(Optional<NamespaceId> namespace, OptionalInt nsid, int index, Optional<String> name) {}
}
