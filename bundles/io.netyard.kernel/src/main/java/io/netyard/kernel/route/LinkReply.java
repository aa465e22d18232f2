package io.netyard.kernel.route;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.link.MacvlanMode;
import io.netyard.kernel.AttributeReader;
import io.netyard.kernel.NetlinkMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * An interface, as RTM_NEWLINK describes it.
 *
 * @param index ifindex in its namespace
 * @param flags IFF_*, linux/if.h
 * @param name as received; see {@link #interfaceName()}
 * @param kind IFLA_INFO_KIND, {@code loopback} for a loopback device, {@link #TAP} for a tap, or empty
 * @param mac empty for devices that are not Ethernet
 * @param mtu in bytes
 * @param controller IFLA_MASTER
 * @param link IFLA_LINK: ifindex of a veth's peer or of a subinterface's parent, in the namespace that {@code linkNetnsid} names
 * @param linkNetnsid IFLA_LINK_NETNSID; empty if {@code link} is in the interface's own namespace
 * @param alias IFLA_IFALIAS
 * @param vlan the VID of a VLAN subinterface
 * @param macvlanMode of a macvlan interface
 * @param bridge options of a bridge
 * @param port options of a port of a bridge
 * @param permanentMac IFLA_PERM_ADDRESS, since Linux 5.6: the one that hardware came with
 * @param group IFLA_GROUP
 * @param operational IFLA_OPERSTATE is IF_OPER_UP (RFC 2863): the kernel has also noticed the carrier and sends
 */
public record LinkReply(
        int index,
        int flags,
        String name,
        String kind,
        Optional<MacAddress> mac,
        int mtu,
        OptionalInt controller,
        OptionalInt link,
        OptionalInt linkNetnsid,
        Optional<String> alias,
        Optional<VlanId> vlan,
        Optional<MacvlanMode> macvlanMode,
        Optional<BridgeOptions> bridge,
        Optional<PortOptions> port,
        Optional<MacAddress> permanentMac,
        int group,
        boolean operational) {

    /** The kind of a bridge. */
    public static final String BRIDGE = "bridge";

    /** The kind of a VLAN subinterface. */
    public static final String VLAN = "vlan";

    /** The kind of a macvlan interface. */
    public static final String MACVLAN = "macvlan";

    /** The kind of either end of a veth pair. */
    public static final String VETH = "veth";

    /** The kind of a tap. The kernel calls it {@code tun}, as it does tun interfaces, which carry no Ethernet. */
    public static final String TAP = "tap";

    private static final String TUN = "tun";

    // linux/if_link.h, linux/if_tun.h
    private static final int IFLA_OPERSTATE = 16;
    private static final int IF_OPER_UP = 6;
    private static final int IFLA_PERM_ADDRESS = 54;
    private static final int IFLA_INFO_SLAVE_KIND = 4;
    private static final int IFLA_INFO_SLAVE_DATA = 5;
    private static final int IFLA_BRPORT_STATE = 1;
    private static final int IFLA_BRPORT_PRIORITY = 2;
    private static final int IFLA_BRPORT_COST = 3;
    private static final int IFLA_BR_ROOT_ID = 10;
    private static final int IFLA_BR_BRIDGE_ID = 11;
    private static final int IFLA_BR_ROOT_PATH_COST = 13;
    private static final int IFLA_TUN_TYPE = 3;
    private static final int IFF_TAP = 2;

    /** BR_STATE_*, linux/if_bridge.h, by number. */
    private static final List<Bridge.PortState> PORT_STATES = List.of(
            Bridge.PortState.DISABLED,
            Bridge.PortState.LISTENING,
            Bridge.PortState.LEARNING,
            Bridge.PortState.FORWARDING,
            Bridge.PortState.BLOCKING);

    /** struct ifla_bridge_id: two octets of priority, six of MAC address. */
    private static final int BRIDGE_ID = 8;

    // linux/if.h
    private static final int IFF_UP = 1;
    private static final int IFF_LOWER_UP = 0x10000;

    // linux/if_arp.h
    private static final int ARPHRD_ETHER = 1;
    private static final int ARPHRD_LOOPBACK = 772;

    /**
     * @param vlanFiltering whether it is on
     * @param defaultPvid 0 for none; empty on a kernel without bridge VLAN tables
     */
    public record BridgeOptions(boolean vlanFiltering, OptionalInt defaultPvid, Bridge.Stp stp) {}

    /** As in {@link Bridge.Port}. */
    public record PortOptions(Bridge.PortState state, int pathCost, int priority) {}

    /** Those of {@code messages} that describe an interface, in their order. */
    public static List<LinkReply> listOf(List<NetlinkMessage> messages) {
        return messages.stream()
                .filter(message ->
                        message.type() == LinkRequests.RTM_NEWLINK && message.payload().length >= Headers.IFINFOMSG)
                .map(LinkReply::of)
                .toList();
    }

    /** @param message an RTM_NEWLINK */
    public static LinkReply of(NetlinkMessage message) {
        ByteBuffer header = Headers.read(message.payload());
        int type = header.getShort(2) & 0xffff;
        AttributeReader attributes = new AttributeReader(message.payload(), Headers.IFINFOMSG);
        AttributeReader info = attributes.nested(LinkRequests.IFLA_LINKINFO);
        AttributeReader data = info.nested(LinkRequests.IFLA_INFO_DATA);
        String kind = kind(info, data, type);
        return new LinkReply(
                header.getInt(4),
                header.getInt(8),
                attributes.string(LinkRequests.IFLA_IFNAME).orElse(""),
                kind,
                mac(attributes, LinkRequests.IFLA_ADDRESS, type),
                attributes.u32(LinkRequests.IFLA_MTU).orElse(0),
                attributes.u32(LinkRequests.IFLA_MASTER),
                attributes.u32(LinkRequests.IFLA_LINK),
                attributes.u32(LinkRequests.IFLA_LINK_NETNSID),
                attributes.string(LinkRequests.IFLA_IFALIAS),
                kind.equals(VLAN) ? vlan(data) : Optional.empty(),
                kind.equals(MACVLAN) ? macvlanMode(data) : Optional.empty(),
                kind.equals(BRIDGE) ? Optional.of(bridge(data)) : Optional.empty(),
                info.string(IFLA_INFO_SLAVE_KIND)
                        .filter(BRIDGE::equals)
                        .map(port -> port(info.nested(IFLA_INFO_SLAVE_DATA))),
                mac(attributes, IFLA_PERM_ADDRESS, type),
                attributes.u32(LinkRequests.IFLA_GROUP).orElse(0),
                attributes
                                .get(IFLA_OPERSTATE)
                                .map(AttributeReader.Attribute::u8)
                                .orElse(0)
                        == IF_OPER_UP);
    }

    private static String kind(AttributeReader info, AttributeReader data, int type) {
        String kind = info.string(LinkRequests.IFLA_INFO_KIND).orElse(type == ARPHRD_LOOPBACK ? "loopback" : "");
        boolean tap = kind.equals(TUN)
                && data.get(IFLA_TUN_TYPE).map(AttributeReader.Attribute::u8).orElse(0) == IFF_TAP;
        return tap ? TAP : kind;
    }

    private static Optional<MacAddress> mac(AttributeReader attributes, int which, int type) {
        return attributes
                .get(which)
                .map(AttributeReader.Attribute::value)
                .filter(octets -> type == ARPHRD_ETHER && octets.length == MacAddress.LENGTH)
                .map(MacAddress::of);
    }

    private static Optional<VlanId> vlan(AttributeReader data) {
        return data.get(LinkRequests.IFLA_VLAN_ID)
                .map(AttributeReader.Attribute::u16)
                .filter(vid -> vid >= VlanId.MIN && vid <= VlanId.MAX)
                .map(VlanId::new);
    }

    private static Optional<MacvlanMode> macvlanMode(AttributeReader data) {
        int number = data.u32(LinkRequests.IFLA_MACVLAN_MODE).orElse(0);
        return Stream.of(MacvlanMode.values())
                .filter(mode -> LinkRequests.number(mode) == number)
                .findFirst();
    }

    private static BridgeOptions bridge(AttributeReader data) {
        return new BridgeOptions(
                data.get(LinkRequests.IFLA_BR_VLAN_FILTERING)
                                .map(AttributeReader.Attribute::u8)
                                .orElse(0)
                        != 0,
                data.get(LinkRequests.IFLA_BR_VLAN_DEFAULT_PVID)
                        .map(pvid -> OptionalInt.of(pvid.u16()))
                        .orElse(OptionalInt.empty()),
                stp(data));
    }

    private static Bridge.Stp stp(AttributeReader data) {
        return new Bridge.Stp(
                data.u32(LinkRequests.IFLA_BR_STP_STATE).orElse(0) != 0,
                data.get(LinkRequests.IFLA_BR_PRIORITY)
                        .map(AttributeReader.Attribute::u16)
                        .orElse(Bridge.Stp.DEFAULT_PRIORITY),
                Duration.ofMillis((long) LinkRequests.TICK_MILLIS
                        * data.u32(LinkRequests.IFLA_BR_FORWARD_DELAY).orElse(0)),
                bridgeId(data, IFLA_BR_BRIDGE_ID),
                bridgeId(data, IFLA_BR_ROOT_ID),
                data.u32(IFLA_BR_ROOT_PATH_COST).orElse(0));
    }

    /** As bridge/bridge_id in sysfs shows it: {@code 8000.0a1b2c3d4e5f}; empty if there is none. */
    private static String bridgeId(AttributeReader data, int which) {
        return data.get(which)
                .map(AttributeReader.Attribute::value)
                .filter(octets -> octets.length == BRIDGE_ID)
                .map(octets -> HexFormat.of().formatHex(octets, 0, 2) + "."
                        + HexFormat.of().formatHex(octets, 2, BRIDGE_ID))
                .orElse("");
    }

    private static PortOptions port(AttributeReader data) {
        int state =
                data.get(IFLA_BRPORT_STATE).map(AttributeReader.Attribute::u8).orElse(0);
        return new PortOptions(
                state < PORT_STATES.size() ? PORT_STATES.get(state) : Bridge.PortState.DISABLED,
                data.u32(IFLA_BRPORT_COST).orElse(0),
                data.get(IFLA_BRPORT_PRIORITY)
                        .map(AttributeReader.Attribute::u16)
                        .orElse(0));
    }

    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    public boolean hasCarrier() {
        return (flags & IFF_LOWER_UP) != 0;
    }

    public boolean isBridge() {
        return kind.equals(BRIDGE);
    }

    /**
     * The name, or {@code ?INDEX} where it is one that Netyard would not print or write: the kernel lets foreign software use control
     * characters.
     */
    public InterfaceName interfaceName() {
        try {
            return new InterfaceName(name);
        } catch (IllegalArgumentException e) {
            return new InterfaceName("?" + index);
        }
    }
}
