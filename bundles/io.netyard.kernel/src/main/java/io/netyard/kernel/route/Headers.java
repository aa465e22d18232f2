package io.netyard.kernel.route;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The fixed headers that rtnetlink messages start with, in the host's byte order. */
final class Headers {

    // linux/socket.h
    static final int AF_UNSPEC = 0;
    static final int AF_INET = 2;
    static final int AF_BRIDGE = 7;
    static final int AF_INET6 = 10;

    /** Size of struct ifinfomsg, in bytes. */
    static final int IFINFOMSG = 16;

    /** Size of struct ifaddrmsg, in bytes. */
    static final int IFADDRMSG = 8;

    /** Size of struct ndmsg, in bytes. */
    static final int NDMSG = 12;

    /** Size of struct rtgenmsg with its padding, in bytes. */
    static final int RTGENMSG = 4;

    /** Size of struct rtmsg, in bytes. */
    static final int RTMSG = 12;

    private Headers() {}

    /** struct ifinfomsg, linux/rtnetlink.h. */
    static byte[] ifinfomsg(int family, int index, int flags, int change) {
        return allocate(IFINFOMSG)
                .put((byte) family)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(index)
                .putInt(flags)
                .putInt(change)
                .array();
    }

    /** struct ifaddrmsg, linux/if_addr.h. */
    static byte[] ifaddrmsg(int family, int prefixLength, int flags, int index) {
        return allocate(IFADDRMSG)
                .put((byte) family)
                .put((byte) prefixLength)
                .put((byte) flags)
                .put((byte) 0)
                .putInt(index)
                .array();
    }

    /** struct ndmsg, linux/neighbour.h. */
    static byte[] ndmsg(int family, int index, int state) {
        return allocate(NDMSG)
                .put((byte) family)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(index)
                .putShort((short) state)
                .put((byte) 0)
                .put((byte) 0)
                .array();
    }

    static ByteBuffer read(byte[] payload) {
        return ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }
}
