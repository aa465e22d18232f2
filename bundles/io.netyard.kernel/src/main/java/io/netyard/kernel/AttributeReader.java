package io.netyard.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Netlink attributes (struct nlattr, linux/netlink.h) as received. Types nobody asks for are kept and harmless; a
 * length that points outside the message ends the list there, as the kernel's own parser does.
 */
public final class AttributeReader {

    private static final int HEADER = 4;
    private static final int ALIGNMENT = 4;

    /** NLA_TYPE_MASK: what remains of nla_type without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
    private static final int TYPE_MASK = 0x3fff;

    /** @param type without flags */
    public record Attribute(int type, byte[] value) {

        public int u8() {
            return value.length < 1 ? 0 : value[0] & 0xff;
        }

        public int u16() {
            return value.length < 2 ? 0 : buffer().getShort() & 0xffff;
        }

        /** As a signed int: right for indexes and flags; mask it for large counters. */
        public int u32() {
            return value.length < 4 ? 0 : buffer().getInt();
        }

        public long u64() {
            return value.length < 8 ? 0 : buffer().getLong();
        }

        /** Up to the first NUL. */
        public String string() {
            int end = 0;
            while (end < value.length && value[end] != 0) {
                end++;
            }
            return new String(value, 0, end, StandardCharsets.UTF_8);
        }

        public AttributeReader nested() {
            return new AttributeReader(value, 0);
        }

        private ByteBuffer buffer() {
            return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
        }
    }

    private final List<Attribute> attributes = new ArrayList<>();

    /** @param offset where the first attribute starts: the size of the family's header, in bytes */
    public AttributeReader(byte[] message, int offset) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        int position = offset;
        while (position + HEADER <= message.length) {
            int length = in.getShort(position) & 0xffff;
            int type = in.getShort(position + 2) & TYPE_MASK;
            if (length < HEADER || position + length > message.length) {
                break;
            }
            attributes.add(new Attribute(type, Arrays.copyOfRange(message, position + HEADER, position + length)));
            position += (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
    }

    /** All, in the order received; a type may occur more than once. */
    public List<Attribute> all() {
        return List.copyOf(attributes);
    }

    public List<Attribute> all(int type) {
        return attributes.stream().filter(attribute -> attribute.type() == type).toList();
    }

    /** The last one of this type, as the kernel's nla_parse keeps the last. */
    public Optional<Attribute> get(int type) {
        for (int i = attributes.size() - 1; i >= 0; i--) {
            if (attributes.get(i).type() == type) {
                return Optional.of(attributes.get(i));
            }
        }
        return Optional.empty();
    }

    public OptionalInt u32(int type) {
        return get(type).map(a -> OptionalInt.of(a.u32())).orElse(OptionalInt.empty());
    }

    public OptionalLong u64(int type) {
        return get(type).map(a -> OptionalLong.of(a.u64())).orElse(OptionalLong.empty());
    }

    public Optional<String> string(int type) {
        return get(type).map(Attribute::string);
    }

    /** Empty reader if absent, so that look-ups can be chained. */
    public AttributeReader nested(int type) {
        return get(type).map(Attribute::nested).orElseGet(() -> new AttributeReader(new byte[0], 0));
    }
}
