package io.netyard.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Writes a fixed header and then netlink attributes (struct nlattr, linux/netlink.h) one after another. Lengths and
 * padding are this class's business; the caller names types and values. Integers are in the host's byte order unless
 * the method says otherwise. Not for use by several threads.
 */
public final class AttributeWriter {

    /** Size of struct nlattr, in bytes. */
    private static final int HEADER = 4;

    /** NLA_ALIGNTO, in bytes. */
    private static final int ALIGNMENT = 4;

    /** NLA_F_NESTED. */
    private static final int NESTED = 0x8000;

    private ByteBuffer out = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

    /** @param header the family's own header, e.g. struct ifinfomsg; already in the host's byte order */
    public AttributeWriter(byte[] header) {
        raw(header);
    }

    public AttributeWriter u8(int type, int value) {
        return put(type, () -> room(1).put((byte) value));
    }

    public AttributeWriter u16(int type, int value) {
        return put(type, () -> room(2).putShort((short) value));
    }

    public AttributeWriter u32(int type, int value) {
        return put(type, () -> room(4).putInt(value));
    }

    /** In network byte order, as e.g. IFLA_VLAN_PROTOCOL wants it. */
    public AttributeWriter be16(int type, int value) {
        return bytes(type, new byte[] {(byte) (value >> 8), (byte) value});
    }

    /** NUL-terminated UTF-8. */
    public AttributeWriter string(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return bytes(type, Arrays.copyOf(text, text.length + 1));
    }

    public AttributeWriter bytes(int type, byte[] value) {
        return put(type, () -> raw(value));
    }

    /** An attribute of attributes, without NLA_F_NESTED: rtnetlink's older ones predate the flag. */
    public AttributeWriter nested(int type, Consumer<AttributeWriter> body) {
        return put(type, () -> body.accept(this));
    }

    /** An attribute of attributes with NLA_F_NESTED set, which strictly checking parts of the kernel insist on. */
    public AttributeWriter nestedFlagged(int type, Consumer<AttributeWriter> body) {
        return put(type | NESTED, () -> body.accept(this));
    }

    /** A nested attribute that starts with a fixed header, e.g. VETH_INFO_PEER's ifinfomsg. */
    public AttributeWriter nested(int type, byte[] header, Consumer<AttributeWriter> body) {
        return put(type, () -> {
            raw(header);
            body.accept(this);
        });
    }

    /** Header and attributes written so far. */
    public byte[] toBytes() {
        return Arrays.copyOf(out.array(), out.position());
    }

    private void raw(byte[] bytes) {
        room(bytes.length).put(bytes);
    }

    private AttributeWriter put(int type, Runnable payload) {
        int start = out.position();
        room(HEADER).position(start + HEADER);
        payload.run();
        int length = out.position() - start;
        if (length > 0xffff) {
            throw new IllegalArgumentException("netlink attribute %d has %d bytes; 65535 fit".formatted(type, length));
        }
        out.putShort(start, (short) length).putShort(start + 2, (short) type);
        while (out.position() % ALIGNMENT != 0) {
            room(1).put((byte) 0);
        }
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(out.capacity() * 2, out.position() + bytes))
                    .order(ByteOrder.nativeOrder());
            larger.put(out.flip());
            out = larger;
        }
        return out;
    }
}
