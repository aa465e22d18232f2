package io.netyard.kernel.route;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.VlanId;
import io.netyard.api.link.MacvlanMode;
import io.netyard.kernel.AttributeWriter;
import io.netyard.kernel.NetlinkRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Requests about interfaces. The {@code subject} of each is for error messages only, e.g. {@code veth11 in netns1}; an {@code index} is
 * an ifindex in the namespace of the socket that the request will be sent on.
 */
public final class LinkRequests {

    // linux/rtnetlink.h
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;

    // linux/if.h
    private static final int IFF_UP = 1;

    // linux/if_link.h
    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINK = 5;
    static final int IFLA_MASTER = 10;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_IFALIAS = 20;
    static final int IFLA_AF_SPEC = 26;
    static final int IFLA_GROUP = 27;
    private static final int IFLA_NET_NS_FD = 28;
    static final int IFLA_EXT_MASK = 29;
    static final int IFLA_LINK_NETNSID = 37;
    private static final int IFLA_TARGET_NETNSID = 46;
    static final int IFLA_INFO_KIND = 1;
    static final int IFLA_INFO_DATA = 2;
    static final int IFLA_VLAN_ID = 1;
    static final int IFLA_BR_FORWARD_DELAY = 1;
    static final int IFLA_BR_STP_STATE = 5;
    static final int IFLA_BR_PRIORITY = 6;
    static final int IFLA_BR_VLAN_FILTERING = 7;
    private static final int IFLA_BR_FDB_FLUSH = 21;
    static final int IFLA_BR_VLAN_DEFAULT_PVID = 39;

    static final int IFLA_MACVLAN_MODE = 1;

    /** The kernel tells users times in ticks of 1/USER_HZ seconds (asm-generic/param.h), whatever its own are. */
    static final int TICK_MILLIS = 10;

    // linux/veth.h
    private static final int VETH_INFO_PEER = 1;

    // linux/rtnetlink.h: leave the counters of each address family out of the answer; those of the device come anyway.
    private static final int RTEXT_FILTER_SKIP_STATS = 8;

    private static final int CREATE = NetlinkRequest.CREATE | NetlinkRequest.EXCL;

    private LinkRequests() {}

    /** Asks for all interfaces; to be sent as a dump. */
    public static NetlinkRequest dump(String subject) {
        return new NetlinkRequest(
                RTM_GETLINK,
                0,
                any().u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS).toBytes(),
                "list the interfaces of",
                subject);
    }

    /** @param operation what the interface is looked up for: the look-up fails in its name */
    public static NetlinkRequest get(InterfaceName name, String operation, String subject) {
        byte[] payload = any().u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
                .string(IFLA_IFNAME, name.value())
                .toBytes();
        return new NetlinkRequest(RTM_GETLINK, 0, payload, operation, subject);
    }

    /** As {@link #get(InterfaceName, String, String)}, by ifindex. */
    public static NetlinkRequest get(int index, String operation, String subject) {
        byte[] payload = link(index).u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS).toBytes();
        return new NetlinkRequest(RTM_GETLINK, 0, payload, operation, subject);
    }

    /**
     * Asks for an interface of another namespace, without opening that (IFLA_TARGET_NETNSID, since Linux 4.20).
     *
     * @param netnsid the other namespace's id in the socket's own namespace
     * @param index ifindex there
     */
    public static NetlinkRequest getIn(int netnsid, int index, String operation, String subject) {
        byte[] payload = link(index)
                .u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
                .u32(IFLA_TARGET_NETNSID, netnsid)
                .toBytes();
        return new NetlinkRequest(RTM_GETLINK, 0, payload, operation, subject);
    }

    /**
     * Creates both ends of a veth pair in one request, the peer directly in its namespace: nothing has to be moved or renamed afterwards.
     *
     * @param peerNamespace open file descriptor of the peer's network namespace
     * @param mtu of both ends; empty for the kernel's default
     */
    public static NetlinkRequest createVeth(
            InterfaceName name,
            Optional<MacAddress> mac,
            InterfaceName peerName,
            Optional<MacAddress> peerMac,
            int peerNamespace,
            Optional<Mtu> mtu,
            String subject) {
        AttributeWriter request = any();
        mtuAndMac(request, mtu, mac);
        request.string(IFLA_IFNAME, name.value()).nested(IFLA_LINKINFO, info -> kind(info, "veth")
                .nested(
                        IFLA_INFO_DATA,
                        data -> data.nested(VETH_INFO_PEER, Headers.ifinfomsg(Headers.AF_UNSPEC, 0, 0, 0), peer -> {
                            mtuAndMac(peer, mtu, peerMac);
                            peer.u32(IFLA_NET_NS_FD, peerNamespace).string(IFLA_IFNAME, peerName.value());
                        })));
        return new NetlinkRequest(RTM_NEWLINK, CREATE, request.toBytes(), "create the veth pair", subject);
    }

    /** @param parent ifindex of the interface that carries the tagged frames */
    public static NetlinkRequest createVlan(int parent, InterfaceName name, VlanId vlan, String subject) {
        byte[] payload = any().u32(IFLA_LINK, parent)
                .string(IFLA_IFNAME, name.value())
                .nested(IFLA_LINKINFO, info -> kind(info, "vlan")
                        .nested(IFLA_INFO_DATA, data -> data.u16(IFLA_VLAN_ID, vlan.value())))
                .toBytes();
        return new NetlinkRequest(RTM_NEWLINK, CREATE, payload, "create the VLAN subinterface", subject);
    }

    /**
     * Creates a macvlan interface directly in its namespace.
     *
     * @param parent ifindex in the socket's namespace
     * @param namespace open file descriptor of the namespace that it is to be in
     */
    public static NetlinkRequest createMacvlan(
            int parent, InterfaceName name, Optional<MacAddress> mac, MacvlanMode mode, int namespace, String subject) {
        AttributeWriter request = any();
        mac.ifPresent(value -> request.bytes(IFLA_ADDRESS, value.octets()));
        request.u32(IFLA_NET_NS_FD, namespace)
                .u32(IFLA_LINK, parent)
                .string(IFLA_IFNAME, name.value())
                .nested(IFLA_LINKINFO, info -> kind(info, "macvlan")
                        .nested(IFLA_INFO_DATA, data -> data.u32(IFLA_MACVLAN_MODE, number(mode))));
        return new NetlinkRequest(RTM_NEWLINK, CREATE, request.toBytes(), "create the macvlan interface", subject);
    }

    /** MACVLAN_MODE_*, linux/if_link.h. */
    static int number(MacvlanMode mode) {
        return switch (mode) {
            case PRIVATE -> 1;
            case VEPA -> 2;
            case BRIDGE -> 4;
            case PASSTHRU -> 8;
        };
    }

    /**
     * Moves an interface into another namespace and gives it a name there. It goes down, and loses its addresses and routes. If the kernel
     * has moved it and then cannot rename it, it stays there under its old name.
     *
     * @param namespace open file descriptor
     */
    public static NetlinkRequest move(int index, int namespace, InterfaceName name, String subject) {
        return set(
                link(index).u32(IFLA_NET_NS_FD, namespace).string(IFLA_IFNAME, name.value()),
                "move to another namespace",
                subject);
    }

    public static NetlinkRequest rename(int index, InterfaceName name, String subject) {
        return set(link(index).string(IFLA_IFNAME, name.value()), "rename to " + name, subject);
    }

    /** @param defaultPvid 1 to 4094, 0 for none; empty leaves the kernel's default */
    public static NetlinkRequest createBridge(
            InterfaceName name, boolean vlanFiltering, OptionalInt defaultPvid, String subject) {
        byte[] payload = any().string(IFLA_IFNAME, name.value())
                .nested(IFLA_LINKINFO, info -> {
                    kind(info, "bridge");
                    if (vlanFiltering || defaultPvid.isPresent()) {
                        info.nested(IFLA_INFO_DATA, data -> {
                            if (vlanFiltering) {
                                data.u8(IFLA_BR_VLAN_FILTERING, 1);
                            }
                            defaultPvid.ifPresent(pvid -> data.u16(IFLA_BR_VLAN_DEFAULT_PVID, pvid));
                        });
                    }
                })
                .toBytes();
        return new NetlinkRequest(RTM_NEWLINK, CREATE, payload, "create the bridge", subject);
    }

    public static NetlinkRequest setVlanFiltering(int bridge, boolean on, String subject) {
        return bridgeOption(
                bridge,
                data -> data.u8(IFLA_BR_VLAN_FILTERING, on ? 1 : 0),
                "switch VLAN filtering %s on".formatted(on ? "on" : "off"),
                subject);
    }

    /** @param defaultPvid 1 to 4094, or 0 for none */
    public static NetlinkRequest setDefaultPvid(int bridge, int defaultPvid, String subject) {
        return bridgeOption(
                bridge, data -> data.u16(IFLA_BR_VLAN_DEFAULT_PVID, defaultPvid), "set the default PVID of", subject);
    }

    public static NetlinkRequest setStp(int bridge, boolean on, String subject) {
        return bridgeOption(
                bridge,
                data -> data.u32(IFLA_BR_STP_STATE, on ? 1 : 0),
                "switch STP %s on".formatted(on ? "on" : "off"),
                subject);
    }

    /** @param delay is rounded down to {@value #TICK_MILLIS} milliseconds */
    public static NetlinkRequest setForwardDelay(int bridge, Duration delay, String subject) {
        int ticks = (int) (delay.toMillis() / TICK_MILLIS);
        return bridgeOption(
                bridge, data -> data.u32(IFLA_BR_FORWARD_DELAY, ticks), "set the forward delay of", subject);
    }

    /** @param priority 0 to 65,535 */
    public static NetlinkRequest setPriority(int bridge, int priority, String subject) {
        return bridgeOption(bridge, data -> data.u16(IFLA_BR_PRIORITY, priority), "set the priority of", subject);
    }

    /** Forgets the learned entries of a bridge's forwarding database; static and local ones stay. */
    public static NetlinkRequest flushFdb(int bridge, String subject) {
        return bridgeOption(
                bridge,
                data -> data.bytes(IFLA_BR_FDB_FLUSH, new byte[0]),
                "flush the forwarding database of",
                subject);
    }

    public static NetlinkRequest setUp(int index, boolean up, String subject) {
        byte[] payload =
                new AttributeWriter(Headers.ifinfomsg(Headers.AF_UNSPEC, index, up ? IFF_UP : 0, IFF_UP)).toBytes();
        return new NetlinkRequest(RTM_NEWLINK, 0, payload, up ? "bring up" : "bring down", subject);
    }

    public static NetlinkRequest setMtu(int index, Mtu mtu, String subject) {
        return set(link(index).u32(IFLA_MTU, mtu.bytes()), "set the MTU of", subject);
    }

    public static NetlinkRequest setMac(int index, MacAddress mac, String subject) {
        return set(link(index).bytes(IFLA_ADDRESS, mac.octets()), "set the MAC address of", subject);
    }

    /**
     * @param alias at most 255 bytes of UTF-8 (IFALIASZ, linux/if.h); an empty text removes it
     */
    public static NetlinkRequest setAlias(int index, String alias, String subject) {
        return set(
                link(index).bytes(IFLA_IFALIAS, alias.getBytes(StandardCharsets.UTF_8)), "mark the owner of", subject);
    }

    /** @param controller ifindex of the bridge whose port it becomes; 0 takes it out of whatever it is in */
    public static NetlinkRequest setController(int index, int controller, String operation, String subject) {
        return set(link(index).u32(IFLA_MASTER, controller), operation, subject);
    }

    public static NetlinkRequest delete(int index, String subject) {
        return new NetlinkRequest(RTM_DELLINK, 0, link(index).toBytes(), "delete", subject);
    }

    /** Puts an interface into a group, which is a number that means nothing to the kernel; all begin in group 0. */
    public static NetlinkRequest setGroup(int index, int group, String subject) {
        return set(link(index).u32(IFLA_GROUP, group), "set the group of", subject);
    }

    /**
     * Deletes all interfaces of a group at once. The kernel waits for everybody who may still use an interface before it goes: with this
     * request once instead of once for each (rtnl_group_dellink in net/core/rtnetlink.c).
     */
    public static NetlinkRequest deleteGroup(int group, String subject) {
        return new NetlinkRequest(RTM_DELLINK, 0, any().u32(IFLA_GROUP, group).toBytes(), "delete", subject);
    }

    private static NetlinkRequest set(AttributeWriter payload, String operation, String subject) {
        return new NetlinkRequest(RTM_NEWLINK, 0, payload.toBytes(), operation, subject);
    }

    private static NetlinkRequest bridgeOption(
            int bridge, Consumer<AttributeWriter> option, String operation, String subject) {
        return set(
                link(bridge).nested(IFLA_LINKINFO, info -> kind(info, "bridge").nested(IFLA_INFO_DATA, option)),
                operation,
                subject);
    }

    private static AttributeWriter any() {
        return link(0);
    }

    private static AttributeWriter link(int index) {
        return new AttributeWriter(Headers.ifinfomsg(Headers.AF_UNSPEC, index, 0, 0));
    }

    /** Without a closing NUL, as iproute2 sends it. */
    private static AttributeWriter kind(AttributeWriter info, String kind) {
        return info.bytes(IFLA_INFO_KIND, kind.getBytes(StandardCharsets.US_ASCII));
    }

    private static void mtuAndMac(AttributeWriter link, Optional<Mtu> mtu, Optional<MacAddress> mac) {
        mtu.ifPresent(value -> link.u32(IFLA_MTU, value.bytes()));
        mac.ifPresent(value -> link.bytes(IFLA_ADDRESS, value.octets()));
    }
}
