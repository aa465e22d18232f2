package io.netyard.proof;

import io.netyard.kernel.packet.ArpPacket;
import io.netyard.kernel.packet.EthernetFrame;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A frame of ours among all that pass, told by its token: address translation on the way changes addresses and identifiers, but no
 * payload.
 *
 * @param source address in its IP header; empty for an ARP request
 */
record Marked(Kind kind, Token token, Optional<InetAddress> source) {

    enum Kind {
        /** An ARP request with the token where it would be filled up to the shortest length of a frame. */
        BROADCAST,
        REQUEST,
        REPLY
    }

    // RFC 791, 3.1
    private static final int IPV4_HEADER = 20;
    private static final int IPV4_LENGTH = 2;
    private static final int IPV4_PROTOCOL = 9;
    private static final int IPV4_SOURCE = 12;
    private static final int ICMP = 1;

    // RFC 8200, 3
    private static final int IPV6_HEADER = 40;
    private static final int IPV6_LENGTH = 4;
    private static final int IPV6_NEXT_HEADER = 6;
    private static final int IPV6_SOURCE = 8;
    private static final int ICMPV6 = 58;

    // RFC 792, RFC 4443
    private static final int ICMP_HEADER = 8;
    private static final int V4_REQUEST = 8;
    private static final int V4_REPLY = 0;
    private static final int V6_REQUEST = 128;
    private static final int V6_REPLY = 129;

    static Optional<Marked> of(EthernetFrame frame) {
        return switch (frame.etherType()) {
            case EthernetFrame.ARP -> broadcast(frame);
            case EthernetFrame.IPV4 -> ipv4(frame.payload());
            case EthernetFrame.IPV6 -> ipv6(frame.payload());
            default -> Optional.empty();
        };
    }

    private static Optional<Marked> broadcast(EthernetFrame frame) {
        int end = ArpPacket.LENGTH + Token.LENGTH;
        if (frame.payload().length < end) {
            return Optional.empty();
        }
        return Token.of(Arrays.copyOfRange(frame.payload(), ArpPacket.LENGTH, end))
                .map(token -> new Marked(Kind.BROADCAST, token, Optional.empty()));
    }

    private static Optional<Marked> ipv4(byte[] packet) {
        if (packet.length < IPV4_HEADER || packet[0] >> 4 != 4 || packet[IPV4_PROTOCOL] != ICMP) {
            return Optional.empty();
        }
        int header = (packet[0] & 0x0f) * 4;
        int length = ByteBuffer.wrap(packet).getShort(IPV4_LENGTH) & 0xffff;
        return echo(packet, header, length, V4_REQUEST, V4_REPLY, IPV4_SOURCE, 4);
    }

    private static Optional<Marked> ipv6(byte[] packet) {
        if (packet.length < IPV6_HEADER || packet[IPV6_NEXT_HEADER] != ICMPV6) {
            return Optional.empty();
        }
        int length = IPV6_HEADER + (ByteBuffer.wrap(packet).getShort(IPV6_LENGTH) & 0xffff);
        return echo(packet, IPV6_HEADER, length, V6_REQUEST, V6_REPLY, IPV6_SOURCE, 16);
    }

    private static Optional<Marked> echo(
            byte[] packet, int header, int length, int request, int reply, int source, int addressLength) {
        if (length > packet.length || length < header + ICMP_HEADER) {
            return Optional.empty();
        }
        int type = packet[header] & 0xff;
        if (type != request && type != reply) {
            return Optional.empty();
        }
        InetAddress from;
        try {
            from = InetAddress.getByAddress(Arrays.copyOfRange(packet, source, source + addressLength));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
        return Token.of(Arrays.copyOfRange(packet, header + ICMP_HEADER, length))
                .map(token -> new Marked(type == request ? Kind.REQUEST : Kind.REPLY, token, Optional.of(from)));
    }
}
