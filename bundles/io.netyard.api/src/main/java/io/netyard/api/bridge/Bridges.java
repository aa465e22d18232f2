package io.netyard.api.bridge;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import io.netyard.api.VlanId;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Bridges, in any namespace. Every method talks to the kernel and throws {@link io.netyard.api.KernelException} when it
 * refuses. Safe for use from several threads.
 */
@ProviderType
public interface Bridges {

    /** All bridges of a namespace, in order of ifindex. */
    List<Bridge> list(NetnsRef netns);

    /**
     * Makes a bridge, down, without ports, STP off.
     *
     * @param defaultPvid 1 to 4094, 0 for none; empty leaves the kernel's default (1)
     * @throws io.netyard.api.RequestException if VLAN filtering is asked for and this kernel has none (older kernels ignore the wish
     *     silently: it is read back)
     */
    void create(NetnsRef netns, InterfaceName name, boolean vlanFiltering, OptionalInt defaultPvid, String owner);

    void setVlanFiltering(NetnsRef netns, InterfaceName bridge, boolean on);

    /**
     * Changes the default PVID. The kernel moves ports that still have the old one as their PVID.
     *
     * @param defaultPvid 1 to 4094, or 0 for none
     */
    void setDefaultPvid(NetnsRef netns, InterfaceName bridge, int defaultPvid);

    /**
     * Switches the spanning tree protocol. It is the kernel's own; in the host's namespace an administrator's /sbin/bridge-stp may take it over.
     * Ports that come up afterwards do not forward before twice the forward delay has passed.
     */
    void setStp(NetnsRef netns, InterfaceName bridge, boolean on);

    /**
     * @param delay 2 to 30 seconds while STP is on (IEEE 802.1D, 8.10.2), in steps of 10 milliseconds
     * @throws io.netyard.api.RequestException if it is outside
     */
    void setForwardDelay(NetnsRef netns, InterfaceName bridge, Duration delay);

    /** @param priority 0 to 65,535; the bridge with the smallest becomes the root of the spanning tree */
    void setPriority(NetnsRef netns, InterfaceName bridge, int priority);

    void addPort(NetnsRef netns, InterfaceName bridge, InterfaceName port);

    void removePort(NetnsRef netns, InterfaceName port);

    /**
     * Adds VIDs to the VLAN table of a port, or of the bridge itself when {@code device} is the bridge. An entry that exists gets the
     * flags given; a new PVID takes that role from the old one.
     *
     * @param first to {@code last}, inclusive; with {@code pvid} both must be the same
     */
    void addVlans(NetnsRef netns, InterfaceName device, VlanId first, VlanId last, boolean pvid, boolean untagged);

    void removeVlans(NetnsRef netns, InterfaceName device, VlanId first, VlanId last);

    List<FdbEntry> fdb(NetnsRef netns, InterfaceName bridge);

    /** Forgets every learned entry. */
    void flushFdb(NetnsRef netns, InterfaceName bridge);

    /** Whether this kernel has bridge VLAN filtering, found by trying once. */
    boolean supportsVlanFiltering();
}
