package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.kernel.libc.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Messages (struct nlmsghdr, linux/netlink.h) to and from bytes, one receive's worth at a time. No socket here. */
final class NetlinkDatagram {

    /** Size of struct nlmsghdr, in bytes. */
    private static final int HEADER = 16;

    /** NLMSG_ALIGNTO, in bytes. */
    private static final int ALIGNMENT = 4;

    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;

    private static final int NLM_F_REQUEST = 0x01;
    private static final int NLM_F_CAPPED = 0x100;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;

    private static final ByteOrder HOST = ByteOrder.nativeOrder();

    private NetlinkDatagram() {}

    /** @param flags NLM_F_* beyond the request's own and NLM_F_REQUEST */
    static byte[] encode(NetlinkRequest request, int flags, int sequence) {
        int length = HEADER + request.payload().length;
        return ByteBuffer.allocate(length)
                .order(HOST)
                .putInt(length)
                .putShort((short) request.type())
                .putShort((short) (request.flags() | flags | NLM_F_REQUEST))
                .putInt(sequence)
                .putInt(0)
                .put(request.payload())
                .array();
    }

    /** The messages in a datagram that nobody has asked for; what is cut short is left out. */
    static List<NetlinkMessage> decode(byte[] datagram) {
        List<NetlinkMessage> messages = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(datagram).order(HOST);
        int start = 0;
        while (start + HEADER <= datagram.length) {
            int length = in.getInt(start);
            if (length < HEADER || length > datagram.length - start) {
                break;
            }
            messages.add(new NetlinkMessage(
                    in.getShort(start + 4) & 0xffff,
                    in.getShort(start + 6) & 0xffff,
                    Arrays.copyOfRange(datagram, start + HEADER, start + length)));
            start += aligned(length);
        }
        return messages;
    }

    /**
     * The messages in a datagram that answer the request with that sequence number. Others are the rest of an answer that
     * an earlier request gave up waiting for.
     *
     * @throws KernelException if a length in it points outside of it
     */
    static List<NetlinkMessage> decode(byte[] datagram, int sequence, NetlinkRequest request) {
        List<NetlinkMessage> messages = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(datagram).order(HOST);
        int start = 0;
        while (start + HEADER <= datagram.length) {
            int length = in.getInt(start);
            if (length < HEADER || length > datagram.length - start) {
                throw new KernelException(
                        request.operation(), request.subject(), LibC.EPROTO, "netlink message cut short");
            }
            if (in.getInt(start + 8) == sequence) {
                messages.add(new NetlinkMessage(
                        in.getShort(start + 4) & 0xffff,
                        in.getShort(start + 6) & 0xffff,
                        Arrays.copyOfRange(datagram, start + HEADER, start + length)));
            }
            start += aligned(length);
        }
        return messages;
    }

    /**
     * Looks at an NLMSG_ERROR (struct nlmsgerr: a negative errno, the request's header, the rest of the request unless
     * capped, attributes) or an NLMSG_DONE (a negative errno, attributes).
     *
     * @throws KernelException if it says that the request failed
     */
    static void requireSuccess(NetlinkMessage message, NetlinkRequest request) {
        byte[] payload = message.payload();
        if (payload.length < Integer.BYTES) {
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(payload).order(HOST);
        int errno = -in.getInt(0);
        if (errno <= 0) {
            return;
        }
        String text = "";
        if ((message.flags() & NLM_F_ACK_TLVS) != 0) {
            int attributes = Integer.BYTES;
            if (message.type() == NLMSG_ERROR) {
                boolean capped = (message.flags() & NLM_F_CAPPED) != 0;
                attributes += capped ? HEADER : aligned(in.getInt(Integer.BYTES));
            }
            text = new AttributeReader(payload, attributes)
                    .string(NLMSGERR_ATTR_MSG)
                    .orElse("");
        }
        throw new KernelException(request.operation(), request.subject(), errno, text);
    }

    private static int aligned(int length) {
        return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
