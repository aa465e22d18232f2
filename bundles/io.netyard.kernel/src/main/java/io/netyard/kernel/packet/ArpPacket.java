package io.netyard.kernel.packet;

import io.netyard.api.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * ARP for IPv4 over Ethernet (RFC 826).
 *
 * @param operation {@link #REQUEST} or {@link #REPLY}
 * @param targetMac all zero in a request
 */
public record ArpPacket(
        int operation, MacAddress senderMac, Inet4Address sender, MacAddress targetMac, Inet4Address target) {

    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    /** In bytes. */
    public static final int LENGTH = 28;

    private static final MacAddress UNKNOWN = new MacAddress(0);

    /** Hardware type Ethernet, protocol type IPv4, lengths of their addresses. */
    private static final byte[] ETHERNET_IPV4 = {0, 1, 8, 0, MacAddress.LENGTH, 4};

    public static ArpPacket request(MacAddress senderMac, Inet4Address sender, Inet4Address target) {
        return new ArpPacket(REQUEST, senderMac, sender, UNKNOWN, target);
    }

    public static ArpPacket reply(
            MacAddress senderMac, Inet4Address sender, MacAddress targetMac, Inet4Address target) {
        return new ArpPacket(REPLY, senderMac, sender, targetMac, target);
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(LENGTH)
                .put(ETHERNET_IPV4)
                .putShort((short) operation)
                .put(senderMac.octets())
                .put(sender.getAddress())
                .put(targetMac.octets())
                .put(target.getAddress())
                .array();
    }

    /**
     * This packet in a frame from its sender.
     *
     * @param tags VIDs, outer one first
     * @param trailer stands behind the packet, where the frame would be filled up to its shortest length
     */
    public EthernetFrame frame(MacAddress destination, List<Integer> tags, byte[] trailer) {
        byte[] payload = ByteBuffer.allocate(LENGTH + trailer.length)
                .put(toBytes())
                .put(trailer)
                .array();
        return new EthernetFrame(destination, senderMac, tags, EthernetFrame.ARP, payload);
    }

    /** @return empty if the frame carries none, or one for other kinds of addresses */
    public static Optional<ArpPacket> of(EthernetFrame frame) {
        byte[] bytes = frame.payload();
        if (frame.etherType() != EthernetFrame.ARP
                || bytes.length < LENGTH
                || !Arrays.equals(bytes, 0, ETHERNET_IPV4.length, ETHERNET_IPV4, 0, ETHERNET_IPV4.length)) {
            return Optional.empty();
        }
        return Optional.of(new ArpPacket(
                ByteBuffer.wrap(bytes).getShort(6),
                MacAddress.of(Arrays.copyOfRange(bytes, 8, 14)),
                ipv4(bytes, 14),
                MacAddress.of(Arrays.copyOfRange(bytes, 18, 24)),
                ipv4(bytes, 24)));
    }

    private static Inet4Address ipv4(byte[] bytes, int at) {
        try {
            return (Inet4Address) InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
