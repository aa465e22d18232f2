package io.netyard.link;

import io.netyard.api.MacAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a simulated host does with a frame; without input or output. Answers ARP (RFC 826), neighbour solicitations (RFC 4861, 7.2.4), echo
 * requests (RFC 792, RFC 4443) and TCP SYNs, these with RST (RFC 9293, 3.10.7.1). Anything else, fragments and frames with VLAN tags included,
 * is passed over in silence.
 *
 * <p>Checksums of what comes in are not looked at: the way here is memory.
 */
final class SimulatedHost {

    private static final int ARP = 28;
    private static final int ARP_REQUEST = 1;
    private static final int ARP_REPLY = 2;

    /** Ethernet, IPv4, lengths 6 and 4. */
    private static final byte[] ARP_FOR_IPV4 = {0, 1, 8, 0, 6, 4};

    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int ICMP = 8;
    private static final int TCP = 20;

    private static final int ICMP_ECHO_REPLY = 0;
    private static final int ICMP_ECHO_REQUEST = 8;
    private static final int ICMPV6_ECHO_REQUEST = 128;
    private static final int ICMPV6_ECHO_REPLY = 129;
    private static final int NEIGHBOUR_SOLICITATION = 135;
    private static final int NEIGHBOUR_ADVERTISEMENT = 136;

    /** Solicited and override; not a router. RFC 4861, 4.4. */
    private static final int SOLICITED_OVERRIDE = 0x6000_0000;

    private static final int OPTION_TARGET_LINK_LAYER_ADDRESS = 2;

    /** Neighbour discovery is ignored unless it comes with this: nobody has forwarded it. RFC 4861, 7.1.1. */
    private static final int ND_HOP_LIMIT = 255;

    private static final int HOP_LIMIT = 64;

    private static final int FIN = 0x01;
    private static final int SYN = 0x02;
    private static final int RST = 0x04;
    private static final int ACK = 0x10;

    private final byte[] mac;
    private final Set<InetAddress> addresses;

    SimulatedHost(MacAddress mac, List<InetAddress> addresses) {
        this.mac = mac.octets();
        this.addresses = new HashSet<>(addresses);
    }

    /** What the host made of a frame. */
    enum Kind {
        /** Nothing for it, or nothing to answer. */
        IGNORED,
        /** ARP or neighbour discovery. */
        RESOLUTION,
        ECHO,
        TCP
    }

    /**
     * @param answer the frame to send back
     * @param asker who sent an IP packet to one of its addresses, whether that is answered or not
     */
    record Reaction(Kind kind, Optional<byte[]> answer, Optional<InetAddress> asker) {

        private static final Reaction NONE = new Reaction(Kind.IGNORED, Optional.empty(), Optional.empty());
    }

    Reaction to(byte[] frame) {
        if (frame.length < Frames.ETHERNET) {
            return Reaction.NONE;
        }
        return switch (Frames.u16(frame, 12)) {
            case Frames.ETH_P_ARP -> arp(frame);
            case Frames.ETH_P_IP -> ipv4(frame);
            case Frames.ETH_P_IPV6 -> ipv6(frame);
            default -> Reaction.NONE;
        };
    }

    private Reaction arp(byte[] frame) {
        int at = Frames.ETHERNET;
        if (frame.length < at + ARP
                || !Arrays.equals(frame, at, at + ARP_FOR_IPV4.length, ARP_FOR_IPV4, 0, ARP_FOR_IPV4.length)
                || Frames.u16(frame, at + 6) != ARP_REQUEST) {
            return Reaction.NONE;
        }
        byte[] sender = Arrays.copyOfRange(frame, at + 8, at + 18);
        byte[] target = Arrays.copyOfRange(frame, at + 24, at + 28);
        if (!isMine(target)) {
            return Reaction.NONE;
        }
        byte[] answer = ethernet(frame, Frames.ETH_P_ARP, ARP)
                .put(ARP_FOR_IPV4)
                .putShort((short) ARP_REPLY)
                .put(mac)
                .put(target)
                .put(sender)
                .array();
        return new Reaction(Kind.RESOLUTION, Optional.of(answer), Optional.empty());
    }

    private Reaction ipv4(byte[] frame) {
        int at = Frames.ETHERNET;
        if (frame.length < at + IPV4 || (frame[at] & 0xf0) != 0x40 || !isToMe(frame)) {
            return Reaction.NONE;
        }
        int header = (frame[at] & 0x0f) * 4;
        int total = Frames.u16(frame, at + 2);
        boolean fragment = (Frames.u16(frame, at + 6) & 0x3fff) != 0;
        byte[] source = Arrays.copyOfRange(frame, at + 12, at + 16);
        byte[] destination = Arrays.copyOfRange(frame, at + 16, at + 20);
        if (header < IPV4 || total < header || at + total > frame.length || !isMine(destination)) {
            return Reaction.NONE;
        }
        byte[] payload = Arrays.copyOfRange(frame, at + header, at + total);
        int protocol = frame[at + 9] & 0xff;
        Optional<InetAddress> asker = Optional.of(address(source));
        if (fragment) {
            return new Reaction(Kind.IGNORED, Optional.empty(), asker);
        }
        Optional<byte[]> reply = Optional.empty();
        Kind kind = Kind.IGNORED;
        if (protocol == Frames.IPPROTO_ICMP && payload.length >= ICMP && payload[0] == ICMP_ECHO_REQUEST) {
            kind = Kind.ECHO;
            reply = Optional.of(echo(payload, ICMP_ECHO_REPLY, 0));
        } else if (protocol == Frames.IPPROTO_TCP) {
            reply = reset(payload, destination, source);
            kind = reply.isPresent() ? Kind.TCP : Kind.IGNORED;
        }
        return new Reaction(kind, reply.map(packet -> inIpv4(frame, destination, source, protocol, packet)), asker);
    }

    private Reaction ipv6(byte[] frame) {
        int at = Frames.ETHERNET;
        if (frame.length < at + IPV6 || (frame[at] & 0xf0) != 0x60) {
            return Reaction.NONE;
        }
        int length = Frames.u16(frame, at + 4);
        int protocol = frame[at + 6] & 0xff;
        byte[] source = Arrays.copyOfRange(frame, at + 8, at + 24);
        byte[] destination = Arrays.copyOfRange(frame, at + 24, at + 40);
        if (at + IPV6 + length > frame.length) {
            return Reaction.NONE;
        }
        byte[] payload = Arrays.copyOfRange(frame, at + IPV6, at + IPV6 + length);
        if (protocol == Frames.IPPROTO_ICMPV6
                && payload.length >= ICMP + 16
                && (payload[0] & 0xff) == NEIGHBOUR_SOLICITATION
                && (frame[at + 7] & 0xff) == ND_HOP_LIMIT) {
            return advertise(frame, source, Arrays.copyOfRange(payload, 8, 24));
        }
        if (!isToMe(frame) || !isMine(destination)) {
            return Reaction.NONE;
        }
        Optional<byte[]> reply = Optional.empty();
        Kind kind = Kind.IGNORED;
        if (protocol == Frames.IPPROTO_ICMPV6 && payload.length >= ICMP && (payload[0] & 0xff) == ICMPV6_ECHO_REQUEST) {
            kind = Kind.ECHO;
            reply = Optional.of(echo(
                    payload,
                    ICMPV6_ECHO_REPLY,
                    Frames.pseudoHeader(destination, source, Frames.IPPROTO_ICMPV6, payload.length)));
        } else if (protocol == Frames.IPPROTO_TCP) {
            reply = reset(payload, destination, source);
            kind = reply.isPresent() ? Kind.TCP : Kind.IGNORED;
        }
        return new Reaction(
                kind,
                reply.map(packet -> inIpv6(frame, destination, source, protocol, HOP_LIMIT, packet)),
                Optional.of(address(source)));
    }

    /** The same message with another type. */
    private static byte[] echo(byte[] request, int type, long pseudoHeader) {
        byte[] reply = request.clone();
        reply[0] = (byte) type;
        reply[1] = 0;
        Frames.putU16(reply, 2, 0);
        Frames.putU16(reply, 2, Frames.checksum(reply, 0, reply.length, pseudoHeader));
        return reply;
    }

    private Reaction advertise(byte[] frame, byte[] asker, byte[] target) {
        // From the unspecified address somebody asks whether the address is free: the answer goes to all then.
        boolean duplicateCheck = Arrays.equals(asker, new byte[16]);
        if (!isMine(target) || duplicateCheck) {
            return Reaction.NONE;
        }
        byte[] message = ByteBuffer.allocate(32)
                .put((byte) NEIGHBOUR_ADVERTISEMENT)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(SOLICITED_OVERRIDE)
                .put(target)
                .put((byte) OPTION_TARGET_LINK_LAYER_ADDRESS)
                .put((byte) 1)
                .put(mac)
                .array();
        Frames.putU16(
                message,
                2,
                Frames.checksum(
                        message,
                        0,
                        message.length,
                        Frames.pseudoHeader(target, asker, Frames.IPPROTO_ICMPV6, message.length)));
        return new Reaction(
                Kind.RESOLUTION,
                Optional.of(inIpv6(frame, target, asker, Frames.IPPROTO_ICMPV6, ND_HOP_LIMIT, message)),
                Optional.empty());
    }

    /** To a SYN only: {@code <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>}. */
    private static Optional<byte[]> reset(byte[] segment, byte[] from, byte[] to) {
        if (segment.length < TCP) {
            return Optional.empty();
        }
        int flags = segment[13] & 0xff;
        int header = (segment[12] >> 4 & 0x0f) * 4;
        if ((flags & (SYN | ACK | RST)) != SYN || header < TCP || header > segment.length) {
            return Optional.empty();
        }
        int data = segment.length - header + 1 + ((flags & FIN) != 0 ? 1 : 0);
        byte[] reset = ByteBuffer.allocate(TCP)
                .put(segment, 2, 2)
                .put(segment, 0, 2)
                .putInt(0)
                .putInt(Frames.u32(segment, 4) + data)
                .put((byte) (TCP / 4 << 4))
                .put((byte) (RST | ACK))
                .array();
        Frames.putU16(
                reset, 16, Frames.checksum(reset, 0, TCP, Frames.pseudoHeader(from, to, Frames.IPPROTO_TCP, TCP)));
        return Optional.of(reset);
    }

    private byte[] inIpv4(byte[] asked, byte[] from, byte[] to, int protocol, byte[] payload) {
        byte[] answer = ethernet(asked, Frames.ETH_P_IP, IPV4 + payload.length)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (IPV4 + payload.length))
                .putInt(0)
                .put((byte) HOP_LIMIT)
                .put((byte) protocol)
                .putShort((short) 0)
                .put(from)
                .put(to)
                .put(payload)
                .array();
        Frames.putU16(answer, Frames.ETHERNET + 10, Frames.checksum(answer, Frames.ETHERNET, IPV4, 0));
        return answer;
    }

    private byte[] inIpv6(byte[] asked, byte[] from, byte[] to, int protocol, int hopLimit, byte[] payload) {
        return ethernet(asked, Frames.ETH_P_IPV6, IPV6 + payload.length)
                .putInt(0x6000_0000)
                .putShort((short) payload.length)
                .put((byte) protocol)
                .put((byte) hopLimit)
                .put(from)
                .put(to)
                .put(payload)
                .array();
    }

    /** A frame back to whom {@code asked} came from. */
    private ByteBuffer ethernet(byte[] asked, int type, int payload) {
        return ByteBuffer.allocate(Frames.ETHERNET + payload)
                .put(asked, MacAddress.LENGTH, MacAddress.LENGTH)
                .put(mac)
                .putShort((short) type);
    }

    private boolean isToMe(byte[] frame) {
        return Arrays.equals(frame, 0, MacAddress.LENGTH, mac, 0, MacAddress.LENGTH);
    }

    private boolean isMine(byte[] octets) {
        return addresses.contains(address(octets));
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
