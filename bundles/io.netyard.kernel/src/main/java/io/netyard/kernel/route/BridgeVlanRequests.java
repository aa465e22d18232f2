package io.netyard.kernel.route;

import io.netyard.api.VlanId;
import io.netyard.kernel.AttributeWriter;
import io.netyard.kernel.NetlinkRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Requests about the VLAN tables of bridge ports and of bridges themselves (linux/if_bridge.h): link messages of family AF_BRIDGE, whose
 * attributes mean something else than in ordinary ones.
 */
public final class BridgeVlanRequests {

    // linux/rtnetlink.h
    private static final int RTM_SETLINK = 19;
    private static final int RTEXT_FILTER_BRVLAN_COMPRESSED = 4;

    // linux/if_bridge.h
    private static final int IFLA_BRIDGE_FLAGS = 0;
    static final int IFLA_BRIDGE_VLAN_INFO = 2;
    private static final int BRIDGE_FLAGS_SELF = 2;
    static final int BRIDGE_VLAN_INFO_PVID = 0x02;
    static final int BRIDGE_VLAN_INFO_UNTAGGED = 0x04;
    static final int BRIDGE_VLAN_INFO_RANGE_BEGIN = 0x08;
    static final int BRIDGE_VLAN_INFO_RANGE_END = 0x10;

    private BridgeVlanRequests() {}

    /** Asks for the tables of all bridges and ports, neighbouring VIDs with equal flags as one range; to be sent as a dump. */
    public static NetlinkRequest dump(String subject) {
        byte[] payload = new AttributeWriter(Headers.ifinfomsg(Headers.AF_BRIDGE, 0, 0, 0))
                .u32(LinkRequests.IFLA_EXT_MASK, RTEXT_FILTER_BRVLAN_COMPRESSED)
                .toBytes();
        return new NetlinkRequest(LinkRequests.RTM_GETLINK, 0, payload, "list the VLAN tables of", subject);
    }

    /**
     * @param index ifindex of a port, or of the bridge if {@code self}
     * @param first to {@code last}, inclusive
     * @param self into the bridge's own table
     */
    public static NetlinkRequest add(
            int index, VlanId first, VlanId last, boolean pvid, boolean untagged, boolean self, String subject) {
        int flags = (pvid ? BRIDGE_VLAN_INFO_PVID : 0) | (untagged ? BRIDGE_VLAN_INFO_UNTAGGED : 0);
        return new NetlinkRequest(
                RTM_SETLINK,
                0,
                payload(index, first, last, flags, self),
                "add %s to the VLAN table of".formatted(range(first, last)),
                subject);
    }

    /** As {@link #add}; VIDs that are not in the table are no error. */
    public static NetlinkRequest remove(int index, VlanId first, VlanId last, boolean self, String subject) {
        return new NetlinkRequest(
                LinkRequests.RTM_DELLINK,
                0,
                payload(index, first, last, 0, self),
                "remove %s from the VLAN table of".formatted(range(first, last)),
                subject);
    }

    private static byte[] payload(int index, VlanId first, VlanId last, int flags, boolean self) {
        return new AttributeWriter(Headers.ifinfomsg(Headers.AF_BRIDGE, index, 0, 0))
                .nested(LinkRequests.IFLA_AF_SPEC, spec -> {
                    if (self) {
                        spec.u16(IFLA_BRIDGE_FLAGS, BRIDGE_FLAGS_SELF);
                    }
                    if (first.equals(last)) {
                        spec.bytes(IFLA_BRIDGE_VLAN_INFO, info(flags, first));
                    } else {
                        spec.bytes(IFLA_BRIDGE_VLAN_INFO, info(flags | BRIDGE_VLAN_INFO_RANGE_BEGIN, first));
                        spec.bytes(IFLA_BRIDGE_VLAN_INFO, info(flags | BRIDGE_VLAN_INFO_RANGE_END, last));
                    }
                })
                .toBytes();
    }

    /** struct bridge_vlan_info, in the host's byte order. */
    private static byte[] info(int flags, VlanId vid) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putShort((short) flags)
                .putShort((short) vid.value())
                .array();
    }

    private static String range(VlanId first, VlanId last) {
        return first.equals(last) ? "VID " + first : "VIDs %s-%s".formatted(first, last);
    }
}
