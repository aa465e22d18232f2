package io.netyard.kernel.packet;

import io.netyard.api.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An Ethernet frame without its check sequence (IEEE 802.3, 3.1.1), with the tags that it carries (IEEE 802.1Q, 9.3).
 *
 * @param tags VIDs, outer one first
 * @param etherType of the payload, behind all tags (linux/if_ether.h)
 */
public record EthernetFrame(
        MacAddress destination, MacAddress source, List<Integer> tags, int etherType, byte[] payload) {

    public static final int IPV4 = 0x0800;
    public static final int ARP = 0x0806;
    public static final int IPV6 = 0x86dd;

    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    /** Two addresses and the type. In bytes. */
    private static final int HEADER = 14;

    /** Type and tag control information. In bytes. */
    private static final int TAG = 4;

    private static final int CUSTOMER_TAG = 0x8100;
    private static final int SERVICE_TAG = 0x88a8;

    /** ETH_ZLEN, linux/if_ether.h. In bytes. */
    private static final int SHORTEST = 60;

    public EthernetFrame {
        tags = List.copyOf(tags);
    }

    /** With all tags as customer tags (0x8100), filled up with zeros to the shortest length of a frame. */
    public byte[] toBytes() {
        int length = HEADER + TAG * tags.size() + payload.length;
        ByteBuffer out = ByteBuffer.allocate(Math.max(SHORTEST, length))
                .put(destination.octets())
                .put(source.octets());
        tags.forEach(vid -> out.putShort((short) CUSTOMER_TAG).putShort(vid.shortValue()));
        return out.putShort((short) etherType).put(payload).array();
    }

    /**
     * @param bytes from the destination address on; what is behind the payload cannot be told from it
     * @param outer VID of a tag that stands before those in the bytes: the kernel keeps the outermost one beside the frame
     * @return empty if it is cut short
     */
    public static Optional<EthernetFrame> of(byte[] bytes, OptionalInt outer) {
        if (bytes.length < HEADER) {
            return Optional.empty();
        }
        List<Integer> tags = new ArrayList<>();
        outer.ifPresent(tags::add);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int at = 2 * MacAddress.LENGTH;
        int type = in.getShort(at) & 0xffff;
        while (type == CUSTOMER_TAG || type == SERVICE_TAG) {
            if (bytes.length < at + TAG + 2) {
                return Optional.empty();
            }
            tags.add(in.getShort(at + 2) & 0x0fff);
            at += TAG;
            type = in.getShort(at) & 0xffff;
        }
        return Optional.of(new EthernetFrame(
                MacAddress.of(Arrays.copyOf(bytes, MacAddress.LENGTH)),
                MacAddress.of(Arrays.copyOfRange(bytes, MacAddress.LENGTH, 2 * MacAddress.LENGTH)),
                tags,
                type,
                Arrays.copyOfRange(bytes, at + 2, bytes.length)));
    }
}
