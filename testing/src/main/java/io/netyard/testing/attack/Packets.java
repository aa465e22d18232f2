package io.netyard.testing.attack;

import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** IP packets as bytes, with correct checksums and whatever addresses the caller likes. */
public final class Packets {

    // RFC 791, 3.1
    private static final int IPV4_HEADER = 20;
    private static final int IPV4_CHECKSUM = 10;
    private static final int DONT_FRAGMENT = 0x4000;

    // RFC 8200, 3
    private static final int IPV6_HEADER = 40;

    // IANA protocol numbers
    private static final int ICMP = 1;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;

    // RFC 792, RFC 4443, RFC 4861
    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REQUEST_V6 = 128;
    private static final int ROUTER_ADVERTISEMENT = 134;
    private static final int NEIGHBOUR_SOLICITATION = 135;
    private static final int NEIGHBOUR_ADVERTISEMENT = 136;
    private static final int ICMP_CHECKSUM = 2;

    /** What a hop limit of neighbour discovery must be (RFC 4861, 6.1.2, 7.1.2). */
    private static final int NEVER_ROUTED = 255;

    private static final int TTL = 64;

    private Packets() {}

    /** An ICMP message by itself, as a raw ICMP socket wants it. */
    public static byte[] echoRequest(Mark mark) {
        return withChecksum(
                ByteBuffer.allocate(8 + Mark.LENGTH)
                        .put((byte) ECHO_REQUEST)
                        .put(8, mark.bytes())
                        .array(),
                ICMP_CHECKSUM,
                0);
    }

    public static byte[] echoRequest(Inet4Address source, Inet4Address target, Mark mark) {
        return ipv4(source, target, ICMP, echoRequest(mark));
    }

    /** An ICMPv6 message by itself, without the checksum, which a raw ICMPv6 socket fills in (RFC 3542, 3.1). */
    public static byte[] echoRequest6(Mark mark) {
        return ByteBuffer.allocate(8 + Mark.LENGTH)
                .put((byte) ECHO_REQUEST_V6)
                .put(8, mark.bytes())
                .array();
    }

    public static byte[] echoRequest(Inet6Address source, Inet6Address target, Mark mark) {
        return icmpv6(source, target, TTL, echoRequest6(mark));
    }

    /** @param sourcePort,targetPort 0 to 65535 */
    public static byte[] udp(Inet4Address source, int sourcePort, Inet4Address target, int targetPort, byte[] payload) {
        // A checksum of zero: there is none (RFC 768).
        byte[] datagram = ByteBuffer.allocate(8 + payload.length)
                .putShort((short) sourcePort)
                .putShort((short) targetPort)
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array();
        return ipv4(source, target, UDP, datagram);
    }

    /**
     * "I am your router" (RFC 4861, 4.2), with a prefix for addresses (4.6.2).
     *
     * @param source must be a link-local address
     * @param router hardware address that the router claims to have
     * @param prefix first 64 bits count
     */
    public static byte[] routerAdvertisement(Inet6Address source, MacAddress router, Inet6Address prefix) {
        ByteBuffer message = ByteBuffer.allocate(16 + 8 + 32)
                .put((byte) ROUTER_ADVERTISEMENT)
                .put(new byte[3])
                // Hop limit, flags, lifetime in seconds, reachable time, retransmission timer
                .put((byte) TTL)
                .put((byte) 0)
                .putShort((short) 1800)
                .putInt(0)
                .putInt(0);
        // Source link-layer address
        message.put((byte) 1).put((byte) 1).put(router.octets());
        // Prefix of 64 bits, on-link and autonomous, valid and preferred for an hour
        message.put((byte) 3)
                .put((byte) 4)
                .put((byte) 64)
                .put((byte) 0xc0)
                .putInt(3600)
                .putInt(3600)
                .putInt(0)
                .put(prefix.getAddress());
        return icmpv6(source, address6("ff02::1"), NEVER_ROUTED, message.array());
    }

    /** "This address is at my hardware address" (RFC 4861, 4.4), solicited and overriding. */
    public static byte[] neighbourAdvertisement(
            Inet6Address source, Inet6Address target, Inet6Address claimed, MacAddress at) {
        byte[] message = ByteBuffer.allocate(24 + 8)
                .put((byte) NEIGHBOUR_ADVERTISEMENT)
                .put(new byte[3])
                .putInt(0x6000_0000)
                .put(claimed.getAddress())
                // Target link-layer address
                .put((byte) 2)
                .put((byte) 1)
                .put(at.octets())
                .array();
        return icmpv6(source, target, NEVER_ROUTED, message);
    }

    /** "Who has this address?" (RFC 4861, 4.3), from a hardware address; whoever answers also takes that for the source's. */
    public static byte[] neighbourSolicitation(Inet6Address source, Inet6Address asked, MacAddress from) {
        byte[] message = ByteBuffer.allocate(24 + 8)
                .put((byte) NEIGHBOUR_SOLICITATION)
                .put(new byte[7])
                .put(asked.getAddress())
                // Source link-layer address
                .put((byte) 1)
                .put((byte) 1)
                .put(from.octets())
                .array();
        return icmpv6(source, solicitedNode(asked), NEVER_ROUTED, message);
    }

    /** RFC 4291, 2.7.1. */
    static Inet6Address solicitedNode(Inet6Address address) {
        byte[] bytes = address6("ff02::1:ff00:0").getAddress();
        System.arraycopy(address.getAddress(), 13, bytes, 13, 3);
        return address6(bytes);
    }

    private static byte[] ipv4(Inet4Address source, Inet4Address target, int protocol, byte[] payload) {
        byte[] packet = ByteBuffer.allocate(IPV4_HEADER + payload.length)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (IPV4_HEADER + payload.length))
                .putShort((short) 0)
                .putShort((short) DONT_FRAGMENT)
                .put((byte) TTL)
                .put((byte) protocol)
                .putShort((short) 0)
                .put(source.getAddress())
                .put(target.getAddress())
                .put(payload)
                .array();
        int sum = 0;
        for (int i = 0; i < IPV4_HEADER; i += 2) {
            sum += ByteBuffer.wrap(packet).getShort(i) & 0xffff;
        }
        ByteBuffer.wrap(packet).putShort(IPV4_CHECKSUM, (short) fold(sum));
        return packet;
    }

    private static byte[] icmpv6(Inet6Address source, Inet6Address target, int hopLimit, byte[] message) {
        // The pseudo-header of RFC 8200, 8.1 counts.
        int pseudo = sum(source.getAddress()) + sum(target.getAddress()) + message.length + ICMPV6;
        return ByteBuffer.allocate(IPV6_HEADER + message.length)
                .putInt(0x6000_0000)
                .putShort((short) message.length)
                .put((byte) ICMPV6)
                .put((byte) hopLimit)
                .put(source.getAddress())
                .put(target.getAddress())
                .put(withChecksum(message, ICMP_CHECKSUM, pseudo))
                .array();
    }

    private static byte[] withChecksum(byte[] message, int at, int start) {
        ByteBuffer.wrap(message).putShort(at, (short) fold(start + sum(message)));
        return message;
    }

    /** RFC 1071. */
    private static int sum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | (i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0);
        }
        return sum;
    }

    private static int fold(int sum) {
        int folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return ~folded & 0xffff;
    }

    private static Inet6Address address6(String text) {
        return (Inet6Address) IpPrefix.parseAddress(text);
    }

    private static Inet6Address address6(byte[] bytes) {
        try {
            return (Inet6Address) InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }
}
