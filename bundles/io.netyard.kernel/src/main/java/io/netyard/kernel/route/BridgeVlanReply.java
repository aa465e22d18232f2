package io.netyard.kernel.route;

import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.kernel.AttributeReader;
import io.netyard.kernel.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The VLAN table of one bridge port or of one bridge.
 *
 * @param index ifindex of the port or bridge
 * @param vlans in order of VID; empty on a kernel without bridge VLAN tables
 */
public record BridgeVlanReply(int index, List<VlanEntry> vlans) {

    /** The tables in {@code messages}: answers to {@link BridgeVlanRequests#dump}. */
    public static List<BridgeVlanReply> listOf(List<NetlinkMessage> messages) {
        return messages.stream()
                .filter(message -> message.type() == LinkRequests.RTM_NEWLINK
                        && message.payload().length >= Headers.IFINFOMSG
                        && message.payload()[0] == Headers.AF_BRIDGE)
                .map(BridgeVlanReply::of)
                .toList();
    }

    private static BridgeVlanReply of(NetlinkMessage message) {
        List<VlanEntry> vlans = new ArrayList<>();
        int rangeStart = 0;
        for (AttributeReader.Attribute attribute : new AttributeReader(message.payload(), Headers.IFINFOMSG)
                .nested(LinkRequests.IFLA_AF_SPEC)
                .all(BridgeVlanRequests.IFLA_BRIDGE_VLAN_INFO)) {
            if (attribute.value().length < 4) {
                continue;
            }
            ByteBuffer info = Headers.read(attribute.value());
            int flags = info.getShort(0) & 0xffff;
            int vid = info.getShort(2) & 0xffff;
            if (vid < VlanId.MIN || vid > VlanId.MAX) {
                continue;
            }
            if ((flags & BridgeVlanRequests.BRIDGE_VLAN_INFO_RANGE_BEGIN) != 0) {
                rangeStart = vid;
                continue;
            }
            boolean rangeEnd = (flags & BridgeVlanRequests.BRIDGE_VLAN_INFO_RANGE_END) != 0 && rangeStart > 0;
            for (int each = rangeEnd ? rangeStart : vid; each <= vid; each++) {
                vlans.add(new VlanEntry(
                        new VlanId(each),
                        (flags & BridgeVlanRequests.BRIDGE_VLAN_INFO_PVID) != 0,
                        (flags & BridgeVlanRequests.BRIDGE_VLAN_INFO_UNTAGGED) != 0));
            }
            rangeStart = 0;
        }
        return new BridgeVlanReply(Headers.read(message.payload()).getInt(4), List.copyOf(vlans));
    }
}
