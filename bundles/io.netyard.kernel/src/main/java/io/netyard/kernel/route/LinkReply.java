package io.netyard.kernel.route;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.VlanId;
import io.netyard.kernel.AttributeReader;
import io.netyard.kernel.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An interface, as RTM_NEWLINK describes it.
 *
 * @param index ifindex in its namespace
 * @param flags IFF_*, linux/if.h
 * @param name as received; see {@link #interfaceName()}
 * @param kind IFLA_INFO_KIND, {@code loopback} for a loopback device, or empty
 * @param mac empty for devices that are not Ethernet
 * @param mtu in bytes
 * @param controller IFLA_MASTER
 * @param link IFLA_LINK: ifindex of a veth's peer or of a subinterface's parent, in the namespace that {@code linkNetnsid} names
 * @param linkNetnsid IFLA_LINK_NETNSID; empty if {@code link} is in the interface's own namespace
 * @param alias IFLA_IFALIAS
 * @param vlan the VID of a VLAN subinterface
 * @param bridge options of a bridge
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
        Optional<BridgeOptions> bridge) {

    /** The kind of a bridge. */
    public static final String BRIDGE = "bridge";

    /** The kind of a VLAN subinterface. */
    public static final String VLAN = "vlan";

    /** The kind of either end of a veth pair. */
    public static final String VETH = "veth";

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
    public record BridgeOptions(boolean vlanFiltering, OptionalInt defaultPvid) {}

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
        String kind = info.string(LinkRequests.IFLA_INFO_KIND).orElse(type == ARPHRD_LOOPBACK ? "loopback" : "");
        return new LinkReply(
                header.getInt(4),
                header.getInt(8),
                attributes.string(LinkRequests.IFLA_IFNAME).orElse(""),
                kind,
                attributes
                        .get(LinkRequests.IFLA_ADDRESS)
                        .map(AttributeReader.Attribute::value)
                        .filter(octets -> type == ARPHRD_ETHER && octets.length == MacAddress.LENGTH)
                        .map(MacAddress::of),
                attributes.u32(LinkRequests.IFLA_MTU).orElse(0),
                attributes.u32(LinkRequests.IFLA_MASTER),
                attributes.u32(LinkRequests.IFLA_LINK),
                attributes.u32(LinkRequests.IFLA_LINK_NETNSID),
                attributes.string(LinkRequests.IFLA_IFALIAS),
                kind.equals(VLAN) ? vlan(data) : Optional.empty(),
                kind.equals(BRIDGE) ? Optional.of(bridge(data)) : Optional.empty());
    }

    private static Optional<VlanId> vlan(AttributeReader data) {
        return data.get(LinkRequests.IFLA_VLAN_ID)
                .map(AttributeReader.Attribute::u16)
                .filter(vid -> vid >= VlanId.MIN && vid <= VlanId.MAX)
                .map(VlanId::new);
    }

    private static BridgeOptions bridge(AttributeReader data) {
        return new BridgeOptions(
                data.get(LinkRequests.IFLA_BR_VLAN_FILTERING)
                                .map(AttributeReader.Attribute::u8)
                                .orElse(0)
                        != 0,
                data.get(LinkRequests.IFLA_BR_VLAN_DEFAULT_PVID)
                        .map(pvid -> OptionalInt.of(pvid.u16()))
                        .orElse(OptionalInt.empty()));
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
