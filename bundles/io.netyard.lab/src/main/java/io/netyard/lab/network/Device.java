package io.netyard.lab.network;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.link.MacvlanMode;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A network interface of a node.
 *
 * @param up administratively up; a subinterface is never up while its parent is down
 * @param mtu as wanted: empty if the kernel's choice will do
 * @param mac as wanted: empty if the kernel's choice will do
 * @param addresses without the IPv6 link-local ones that the kernel gives, unless they are asked for
 * @param port its place in a bridge of the same node, if it is a port
 */
public record Device(
        InterfaceName name,
        Kind kind,
        boolean up,
        Optional<Mtu> mtu,
        Optional<MacAddress> mac,
        Set<IpPrefix> addresses,
        Optional<Port> port) {

    public Device {
        addresses = Collections.unmodifiableSet(new LinkedHashSet<>(addresses));
    }

    public Device withKind(Kind changed) {
        return new Device(name, changed, up, mtu, mac, addresses, port);
    }

    public Device withUp(boolean changed) {
        return new Device(name, kind, changed, mtu, mac, addresses, port);
    }

    public Device withMtu(Mtu changed) {
        return new Device(name, kind, up, Optional.of(changed), mac, addresses, port);
    }

    public Device withMac(MacAddress changed) {
        return new Device(name, kind, up, mtu, Optional.of(changed), addresses, port);
    }

    public Device withoutMac() {
        return new Device(name, kind, up, mtu, Optional.empty(), addresses, port);
    }

    public Device withAddress(IpPrefix added) {
        Set<IpPrefix> changed = new LinkedHashSet<>(addresses);
        changed.add(added);
        return new Device(name, kind, up, mtu, mac, changed, port);
    }

    public Device withoutAddresses(Predicate<IpPrefix> removed) {
        Set<IpPrefix> changed = new LinkedHashSet<>(addresses);
        changed.removeIf(removed);
        return new Device(name, kind, up, mtu, mac, changed, port);
    }

    public Device withPort(Optional<Port> changed) {
        return new Device(name, kind, up, mtu, mac, addresses, changed);
    }

    /** What makes a device that device: another kind is another device. */
    public sealed interface Kind permits VethEnd, Subinterface, Bridge, Tap, Macvlan, Card {}

    /** @param peer the other end, in this lab */
    public record VethEnd(Place peer) implements Kind {}

    /** @param parent in the same node; frames of {@code vlan} there are this device's untagged ones */
    public record Subinterface(InterfaceName parent, VlanId vlan) implements Kind {}

    /** An interface whose other end is held by a program. */
    public record Tap() implements Kind {}

    /** @param parent another interface, of this lab or a foreign one of the host */
    public record Macvlan(Place parent, MacvlanMode mode) implements Kind {}

    /** An interface of the host, lent to this lab. @param hostInterface its name there */
    public record Card(InterfaceName hostInterface) implements Kind {}

    /**
     * @param vlanFiltering whether the VLAN tables have any effect
     * @param defaultPvid VID that a new port and the bridge itself start with; 0 for none
     * @param self the bridge's own VLAN table, in order of VID
     * @param stp whether and how it takes part in a spanning tree
     * @param existing somebody else has made it: the lab has ports in it, and leaves the bridge itself alone
     */
    public record Bridge(boolean vlanFiltering, int defaultPvid, List<VlanEntry> self, Stp stp, boolean existing)
            implements Kind {

        public Bridge {
            self = List.copyOf(self);
        }

        /** Without a spanning tree. */
        public Bridge(boolean vlanFiltering, int defaultPvid, List<VlanEntry> self) {
            this(vlanFiltering, defaultPvid, self, Stp.DEFAULT, false);
        }

        public Bridge withVlanFiltering(boolean changed) {
            return new Bridge(changed, defaultPvid, self, stp, existing);
        }

        public Bridge withDefaultPvid(int changed) {
            return new Bridge(vlanFiltering, changed, self, stp, existing);
        }

        public Bridge withSelf(List<VlanEntry> changed) {
            return new Bridge(vlanFiltering, defaultPvid, changed, stp, existing);
        }

        public Bridge withStp(Stp changed) {
            return new Bridge(vlanFiltering, defaultPvid, self, changed, existing);
        }
    }

    /**
     * The spanning tree protocol (IEEE 802.1D) at a bridge.
     *
     * @param forwardDelay how long a port listens, and then learns, before it forwards; of effect at the root of a tree only
     * @param priority 0 to 65,535; the bridge with the smallest becomes the root
     */
    public record Stp(boolean on, Duration forwardDelay, int priority) {

        /**
         * A bridge that is not the root of its tree shows the root's forward delay, and goes on showing it when STP is off again
         * (br_fill_info in net/bridge/br_netlink.c).
         */
        public static final Duration UNKNOWN = Duration.ZERO;

        /** What a new bridge has (br_dev_setup in net/bridge/br_device.c). */
        public static final Stp DEFAULT = new Stp(false, Duration.ofSeconds(15), 32_768);
    }

    /** @param vlans the whole VLAN table, in order of VID */
    public record Port(InterfaceName bridge, List<VlanEntry> vlans) {

        public Port {
            vlans = List.copyOf(vlans);
        }
    }
}
