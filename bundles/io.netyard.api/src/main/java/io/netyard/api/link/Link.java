package io.netyard.api.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.api.VlanId;
import java.util.List;
import java.util.Optional;

/**
 * A network interface as the kernel shows it.
 *
 * @param index ifindex, unique in its namespace only
 * @param kind the kernel's name of its kind ({@code veth}, {@code bridge}, {@code vlan}, {@code macvlan}, {@code loopback} …), {@code tap} for
 *     tap interfaces, which the kernel calls {@code tun}; empty for hardware
 * @param mac empty where the device has none
 * @param mtu in bytes; 0 and values over 65,535 occur with devices that are not Ethernet
 * @param up administratively up (IFF_UP)
 * @param carrier has a carrier (IFF_LOWER_UP)
 * @param controller the bridge (or other master) whose port it is
 * @param vlan for a subinterface: its VID
 * @param macvlanMode for a macvlan: who hears whom
 * @param lower for a veth: the other end; for a subinterface or a macvlan: its parent
 * @param owner the lab that made it, or empty if Netyard did not make it; {@link Links#HAND_MADE} if made on the console
 */
public record Link(
        int index,
        InterfaceName name,
        String kind,
        Optional<MacAddress> mac,
        int mtu,
        boolean up,
        boolean carrier,
        Optional<InterfaceName> controller,
        Optional<VlanId> vlan,
        Optional<MacvlanMode> macvlanMode,
        Optional<Lower> lower,
        List<IpPrefix> addresses,
        Optional<String> owner) {

    /**
     * Where a link leads.
     *
     * @param netns the namespace that the other device is in; empty if that is unknown to us
     * @param index its ifindex there
     * @param name its name there; empty if its namespace is unknown
     */
    public record Lower(Optional<NetnsRef> netns, int index, Optional<InterfaceName> name) {}
}
