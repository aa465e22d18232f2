package io.netyard.proof;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * ICMP echo messages: bytes to records and back, no socket. ICMPv4 as in RFC 792 ("Echo or Echo Reply Message"), ICMPv6
 * as in RFC 4443, 4.1 and 4.2; both have the same layout and differ in their type numbers and in who reckons the
 * checksum.
 *
 * @param identifier 16 bits
 * @param sequence 16 bits
 * @param payload comes back as it was sent
 * @param ttl of the IP header that came with the message; empty if there was none
 */
record Echo(int identifier, int sequence, byte[] payload, OptionalInt ttl) {

    // RFC 792
    private static final int V4_REQUEST = 8;
    private static final int V4_REPLY = 0;

    // RFC 4443
    private static final int V6_REQUEST = 128;
    private static final int V6_REPLY = 129;

    /** Type, code, checksum, identifier, sequence number. In bytes. */
    private static final int HEADER = 8;

    /** An IPv4 header without options (RFC 791, 3.1). In bytes. */
    private static final int IPV4_HEADER = 20;

    private static final int IPV4_TTL = 8;

    /** A request with its checksum. */
    static byte[] requestV4(int identifier, int sequence, byte[] payload) {
        byte[] message = message(V4_REQUEST, identifier, sequence, payload);
        ByteBuffer.wrap(message).putShort(2, (short) checksum(message, 0));
        return message;
    }

    /** A request without a checksum: it covers IPv6 addresses, and the kernel fills it in (RFC 3542, 3.1). */
    static byte[] requestV6(int identifier, int sequence, byte[] payload) {
        return message(V6_REQUEST, identifier, sequence, payload);
    }

    private static byte[] message(int type, int identifier, int sequence, byte[] payload) {
        return ByteBuffer.allocate(HEADER + payload.length)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) 0)
                .putShort((short) identifier)
                .putShort((short) sequence)
                .put(payload)
                .array();
    }

    /**
     * @param packet IPv4 header and ICMP message, as a raw socket gives them
     * @return empty if it is no echo reply, is cut short, or its checksum is wrong
     */
    static Optional<Echo> replyV4(byte[] packet) {
        if (packet.length < IPV4_HEADER || packet[0] >> 4 != 4) {
            return Optional.empty();
        }
        int header = (packet[0] & 0x0f) * 4;
        if (header < IPV4_HEADER || packet.length < header + HEADER || checksum(packet, header) != 0) {
            return Optional.empty();
        }
        return reply(V4_REPLY, packet, header, OptionalInt.of(packet[IPV4_TTL] & 0xff));
    }

    /**
     * @param message ICMPv6 message without an IP header; the kernel has checked its checksum
     * @return empty if it is no echo reply or is cut short
     */
    static Optional<Echo> replyV6(byte[] message) {
        return message.length < HEADER ? Optional.empty() : reply(V6_REPLY, message, 0, OptionalInt.empty());
    }

    private static Optional<Echo> reply(int type, byte[] bytes, int start, OptionalInt ttl) {
        if ((bytes[start] & 0xff) != type || bytes[start + 1] != 0) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return Optional.of(new Echo(
                in.getShort(start + 4) & 0xffff,
                in.getShort(start + 6) & 0xffff,
                Arrays.copyOfRange(bytes, start + HEADER, bytes.length),
                ttl));
    }

    /**
     * The Internet checksum (RFC 1071): the complement of the ones' complement sum of all 16-bit words, an odd last byte filled up
     * with zero. Over bytes that hold their own correct checksum it is 0.
     */
    static int checksum(byte[] bytes, int start) {
        int sum = 0;
        for (int i = start; i < bytes.length; i += 2) {
            int low = i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0;
            sum += (bytes[i] & 0xff) << 8 | low;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }
}
