package io.netyard.netns;

import io.netyard.kernel.NetlinkRequest;
import io.netyard.kernel.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The one interface that every network namespace is born with. */
final class Loopback {

    /** RTM_NEWLINK, linux/rtnetlink.h. */
    private static final int NEW_LINK = 16;

    /** IFF_UP, linux/if.h. */
    private static final int UP = 1;

    /** The kernel gives lo the first index (LOOPBACK_IFINDEX, include/net/flow.h). */
    private static final int INDEX = 1;

    private Loopback() {}

    /** Brings {@code lo} of the socket's namespace up; the kernel adds 127.0.0.1/8 and ::1/128 by itself. */
    static void up(NetlinkSocket socket) {
        socket.execute(new NetlinkRequest(NEW_LINK, 0, request(), "bring up", "lo"));
    }

    /** struct ifinfomsg: family, type, index, flags, change mask. */
    static byte[] request() {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .put((byte) 0)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(INDEX)
                .putInt(UP)
                .putInt(UP)
                .array();
    }
}
