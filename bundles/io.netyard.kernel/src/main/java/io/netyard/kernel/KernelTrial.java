package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * One thing that labs need of a kernel, found out by doing it in a namespace that is thrown away at once. Versions and configuration files
 * say less: features are modules, some kernels ignore a wish they do not understand, and some systems let namespaces be made and then
 * refuse what is done in them.
 */
enum KernelTrial {
    /** Network and UTS namespaces, and a host name: what a node consists of. */
    NAMESPACES("making network namespaces") {
        @Override
        boolean works() {
            return true;
        }
    },
    /** A veth pair whose ends are born in different namespaces. */
    CABLE("cables between namespaces (veth)") {
        @Override
        boolean works() {
            NetnsRef far = NamespaceThread.current();
            return NamespaceThread.callInNew(NAME, () -> {
                try (NetlinkSocket socket = NetlinkSocket.openHere();
                        NamespaceDescriptor descriptor = NamespaceDescriptor.open(far)) {
                    createLink(
                            socket,
                            "veth",
                            data -> data.nested(
                                    VETH_INFO_PEER, new byte[IFINFOMSG], peer -> peer.string(IFLA_IFNAME, NAME)
                                            .u32(IFLA_NET_NS_FD, descriptor.number())));
                    return true;
                }
            });
        }
    },
    /** Bridges. */
    BRIDGE("bridges") {
        @Override
        boolean works() {
            try (NetlinkSocket socket = NetlinkSocket.openHere()) {
                createLink(socket, "bridge", data -> {});
                return true;
            }
        }
    },
    /** Bridges that filter by VLAN. The wish is read back: a kernel without it accepts and forgets it. */
    VLAN_FILTERING("bridge VLAN filtering") {
        @Override
        boolean works() {
            try (NetlinkSocket socket = NetlinkSocket.openHere()) {
                createLink(socket, "bridge", data -> data.u8(IFLA_BR_VLAN_FILTERING, 1));
                return new AttributeReader(get(socket).payload(), IFINFOMSG)
                        .nested(IFLA_LINKINFO)
                        .nested(IFLA_INFO_DATA)
                        .get(IFLA_BR_VLAN_FILTERING)
                        .filter(value -> value.u8() == 1)
                        .isPresent();
            }
        }
    },
    /** 802.1Q subinterfaces, here of a bridge that asks for nothing: a kernel may have them and no bridge VLAN filtering. */
    VLAN_SUBINTERFACE("802.1Q subinterfaces") {
        @Override
        boolean works() {
            try (NetlinkSocket socket = NetlinkSocket.openHere()) {
                createLink(socket, "bridge", data -> {});
                // ifi_index is the second word of struct ifinfomsg.
                int parent = ByteBuffer.wrap(get(socket).payload())
                        .order(ByteOrder.nativeOrder())
                        .getInt(4);
                create(
                        socket,
                        new AttributeWriter(new byte[IFINFOMSG])
                                .string(IFLA_IFNAME, "probe1")
                                .u32(IFLA_LINK, parent)
                                .nested(IFLA_LINKINFO, info -> info.string(IFLA_INFO_KIND, "vlan")
                                        .nested(IFLA_INFO_DATA, data -> data.u16(IFLA_VLAN_ID, 2))));
                return true;
            }
        }
    },
    /** Network sysctls of a namespace, written as routers need them. */
    SYSCTL("setting network sysctls") {
        @Override
        boolean works() throws IOException {
            Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
            return true;
        }
    },
    /** Echo requests from inside, which labs are measured with. */
    ECHO("sending ICMP echo requests") {
        @Override
        boolean works() {
            IcmpSocket.open(NamespaceThread.current(), false).close();
            return true;
        }
    };

    /** How a trial ended. */
    enum Outcome {
        WORKS,
        /** The kernel does not know it. */
        MISSING,
        /** The kernel may know it, and did not let us. */
        REFUSED
    }

    // linux/rtnetlink.h, linux/if_link.h, linux/if_vlan.h, linux/veth.h
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int IFINFOMSG = 16;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_BR_VLAN_FILTERING = 7;
    private static final int IFLA_VLAN_ID = 1;
    private static final int VETH_INFO_PEER = 1;

    /** EPERM and EACCES, asm-generic/errno-base.h. */
    private static final Set<Integer> REFUSALS = Set.of(1, 13);

    private static final String NAME = "probe0";

    private final String words;

    KernelTrial(String words) {
        this.words = words;
    }

    /** What was tried, as in "the kernel lacks …" or "… is refused". */
    String words() {
        return words;
    }

    /** Inside a new namespace. False, like an exception of the kernel, means that it is not there. */
    abstract boolean works() throws IOException;

    /** Tries it now, which takes milliseconds. */
    Outcome run() {
        return outcome(() -> NamespaceThread.callInNew("netyard-probe", this::works));
    }

    /** What a trial's end says. */
    static Outcome outcome(Callable<Boolean> trial) {
        try {
            return trial.call() ? Outcome.WORKS : Outcome.MISSING;
        } catch (KernelException e) {
            return REFUSALS.contains(e.errno()) ? Outcome.REFUSED : Outcome.MISSING;
        } catch (Exception e) {
            return isRefusal(e) || isRefusal(e.getCause()) ? Outcome.REFUSED : Outcome.MISSING;
        }
    }

    /** EACCES has a class of its own in Java, EPERM comes as words. */
    private static boolean isRefusal(Throwable failure) {
        return failure instanceof AccessDeniedException
                || failure instanceof FileSystemException other && "Operation not permitted".equals(other.getReason());
    }

    private static void createLink(
            NetlinkSocket socket, String kind, java.util.function.Consumer<AttributeWriter> properties) {
        create(
                socket,
                new AttributeWriter(new byte[IFINFOMSG])
                        .string(IFLA_IFNAME, NAME)
                        .nested(IFLA_LINKINFO, info -> info.string(IFLA_INFO_KIND, kind)
                                .nested(IFLA_INFO_DATA, properties)));
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
                .string(IFLA_IFNAME, NAME)
                .toBytes();
        return socket.get(new NetlinkRequest(RTM_GETLINK, 0, byName, "read", "link of a trial"));
    }
}
