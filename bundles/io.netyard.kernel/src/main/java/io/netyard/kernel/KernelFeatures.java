package io.netyard.kernel;

import io.netyard.api.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.Callable;

/**
 * What this kernel can do, found by doing it in a namespace that is thrown away at once. Versions and configuration files
 * say less: features are modules, and some kernels ignore a wish they do not understand.
 */
public final class KernelFeatures {

    // linux/rtnetlink.h, linux/if_link.h, linux/if_vlan.h
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int IFINFOMSG = 16;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_BR_VLAN_FILTERING = 7;
    private static final int IFLA_VLAN_ID = 1;

    private static final String BRIDGE = "probe0";

    private KernelFeatures() {}

    /** Whether network namespaces can be made here: by this kernel, with these rights. */
    public static boolean canCreateNamespaces() {
        return tries(() -> true);
    }

    /** Whether bridges here can filter by VLAN. The wish is read back: a kernel without it accepts and forgets it. */
    public static boolean bridgeVlanFiltering() {
        return tries(() -> {
            try (NetlinkSocket socket = NetlinkSocket.openHere()) {
                createBridge(socket, true);
                return describe(socket)
                        .nested(IFLA_LINKINFO)
                        .nested(IFLA_INFO_DATA)
                        .get(IFLA_BR_VLAN_FILTERING)
                        .filter(value -> value.u8() == 1)
                        .isPresent();
            }
        });
    }

    /** Whether this kernel makes 802.1Q subinterfaces. */
    public static boolean vlanSubinterfaces() {
        return tries(() -> {
            try (NetlinkSocket socket = NetlinkSocket.openHere()) {
                // One that asks for nothing: a kernel may have 802.1Q and no bridge VLAN filtering.
                createBridge(socket, false);
                int parent = describeIndex(socket);
                create(
                        socket,
                        new AttributeWriter(new byte[IFINFOMSG])
                                .string(IFLA_IFNAME, "probe1")
                                .u32(IFLA_LINK, parent)
                                .nested(IFLA_LINKINFO, info -> info.string(IFLA_INFO_KIND, "vlan")
                                        .nested(IFLA_INFO_DATA, data -> data.u16(IFLA_VLAN_ID, 2))));
                return true;
            }
        });
    }

    private static boolean tries(Callable<Boolean> trial) {
        try {
            return NamespaceThread.callInNew("netyard-probe", trial);
        } catch (KernelException e) {
            // The answer to the question.
            return false;
        }
    }

    private static void createBridge(NetlinkSocket socket, boolean vlanFiltering) {
        create(
                socket,
                new AttributeWriter(new byte[IFINFOMSG])
                        .string(IFLA_IFNAME, BRIDGE)
                        .nested(IFLA_LINKINFO, info -> {
                            info.string(IFLA_INFO_KIND, "bridge");
                            if (vlanFiltering) {
                                info.nested(IFLA_INFO_DATA, data -> data.u8(IFLA_BR_VLAN_FILTERING, 1));
                            }
                        }));
    }

    private static void create(NetlinkSocket socket, AttributeWriter link) {
        socket.execute(new NetlinkRequest(
                RTM_NEWLINK,
                NetlinkRequest.CREATE | NetlinkRequest.EXCL,
                link.toBytes(),
                "create",
                "link for a trial"));
    }

    private static NetlinkMessage get(NetlinkSocket socket) {
        byte[] byName = new AttributeWriter(new byte[IFINFOMSG])
                .string(IFLA_IFNAME, BRIDGE)
                .toBytes();
        return socket.get(new NetlinkRequest(RTM_GETLINK, 0, byName, "read", "link of a trial"));
    }

    private static AttributeReader describe(NetlinkSocket socket) {
        return new AttributeReader(get(socket).payload(), IFINFOMSG);
    }

    /** ifi_index is the second word of struct ifinfomsg. */
    private static int describeIndex(NetlinkSocket socket) {
        return ByteBuffer.wrap(get(socket).payload())
                .order(ByteOrder.nativeOrder())
                .getInt(4);
    }
}
