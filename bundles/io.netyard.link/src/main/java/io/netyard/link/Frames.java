package io.netyard.link;

import java.nio.ByteBuffer;

/** Arithmetic on Ethernet and Internet packets that several protocols share. */
final class Frames {

    /** Destination, source and EtherType. In bytes. */
    static final int ETHERNET = 14;

    // linux/if_ether.h
    static final int ETH_P_IP = 0x0800;
    static final int ETH_P_ARP = 0x0806;
    static final int ETH_P_IPV6 = 0x86dd;

    // netinet/in.h
    static final int IPPROTO_ICMP = 1;
    static final int IPPROTO_TCP = 6;
    static final int IPPROTO_ICMPV6 = 58;

    private Frames() {}

    /**
     * The Internet checksum (RFC 1071).
     *
     * @param sum what has been added up so far, as by {@link #sum}
     */
    static int checksum(byte[] bytes, int offset, int length, long sum) {
        long total = sum + sum(bytes, offset, length);
        while (total >>> 16 != 0) {
            total = (total & 0xffff) + (total >>> 16);
        }
        return (int) ~total & 0xffff;
    }

    /** The sum of 16-bit words, an odd last octet padded with zero, without carries folded. */
    static long sum(byte[] bytes, int offset, int length) {
        long sum = 0;
        for (int i = 0; i < length; i += 2) {
            int high = bytes[offset + i] & 0xff;
            int low = i + 1 < length ? bytes[offset + i + 1] & 0xff : 0;
            sum += high << 8 | low;
        }
        return sum;
    }

    /** What TCP and ICMPv6 add of the IP header (RFC 9293, 3.1; RFC 8200, 8.1): addresses, length and protocol. */
    static long pseudoHeader(byte[] source, byte[] destination, int protocol, int length) {
        return sum(source, 0, source.length) + sum(destination, 0, destination.length) + protocol + length;
    }

    static int u16(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
    }

    static void putU16(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >> 8);
        bytes[offset + 1] = (byte) value;
    }

    static int u32(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).getInt(offset);
    }
}
