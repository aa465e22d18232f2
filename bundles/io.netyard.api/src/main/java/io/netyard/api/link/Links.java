package io.netyard.api.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.VlanId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Network interfaces, in any namespace. Every method talks to the kernel and throws
 * {@link io.netyard.api.KernelException} when it refuses; nothing is left half-made. Safe for use from several threads.
 */
@ProviderType
public interface Links {

    /** Owner of what is made on the console, outside any lab. */
    String HAND_MADE = "-";

    /** All interfaces of a namespace, in order of ifindex, with their addresses and where they lead. */
    List<Link> list(NetnsRef netns);

    /**
     * The same for many namespaces, which lead into each other: in far fewer requests than one after the other takes.
     *
     * @return those that have ended are left out
     */
    default Map<NetnsRef, List<Link>> list(Collection<NetnsRef> netnses) {
        Map<NetnsRef, List<Link>> listed = new LinkedHashMap<>();
        for (NetnsRef netns : netnses) {
            try {
                listed.put(netns, list(netns));
            } catch (RequestException e) {
                // It has ended.
            }
        }
        return listed;
    }

    /**
     * Makes a veth pair, each end born in its namespace, both down.
     *
     * @param mtu of both ends; empty for the kernel's default of 1,500 bytes
     * @param owner a lab's name, or {@link #HAND_MADE}
     */
    void createVeth(LinkEnd a, LinkEnd b, Optional<Mtu> mtu, String owner);

    /** Makes an 802.1Q subinterface of {@code parent}, down. */
    void createVlan(NetnsRef netns, InterfaceName parent, InterfaceName name, VlanId vlan, String owner);

    /**
     * Makes a macvlan interface, down: a second Ethernet interface, with a MAC address of its own, on a parent that may be in another
     * namespace. It goes with its parent.
     *
     * @param owner a lab's name, or {@link #HAND_MADE}
     */
    void createMacvlan(NetnsRef parentNetns, InterfaceName parent, LinkEnd end, MacvlanMode mode, String owner);

    /**
     * Makes a tap interface, down, that stays until it is deleted. It has no carrier until a program opens it, which must do so inside its
     * namespace ({@link TapHosts} does).
     *
     * @param owner a lab's name, or {@link #HAND_MADE}
     */
    void createTap(NetnsRef netns, InterfaceName name, Optional<MacAddress> mac, String owner);

    /** Deletes an interface; with a veth its other end goes too. */
    void delete(NetnsRef netns, InterfaceName name);

    void setUp(NetnsRef netns, InterfaceName name, boolean up);

    void setMtu(NetnsRef netns, InterfaceName name, Mtu mtu);

    void setMac(NetnsRef netns, InterfaceName name, MacAddress mac);

    /** Adds an address; an IPv6 one is usable at once (no duplicate address detection). */
    void addAddress(NetnsRef netns, InterfaceName name, IpPrefix address);

    void removeAddress(NetnsRef netns, InterfaceName name, IpPrefix address);

    /** Whether this kernel makes 802.1Q subinterfaces, found by trying once. */
    boolean supportsVlanSubinterfaces();
}
