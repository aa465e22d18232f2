package io.netyard.kernel.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.kernel.NetlinkMessage;
import io.netyard.kernel.NetlinkRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Netlink traffic as it was on a real kernel: hexadecimal digits with white space anywhere and comments from {@code #} to the end of a line.
 * Captured on little-endian machines, and read on such only.
 */
final class Captured {

    /** Size of struct nlmsghdr, in bytes. */
    private static final int HEADER = 16;

    // linux/netlink.h: what the transport adds by itself.
    private static final int NLM_F_REQUEST = 1;
    private static final int NLM_F_ACK = 4;
    private static final int NLM_F_DUMP = 0x300;
    private static final int GET_KIND = 2;

    private Captured() {}

    /** All messages of a resource beside this class. */
    static List<NetlinkMessage> messages(String resource) {
        try (InputStream in = Captured.class.getResourceAsStream(resource)) {
            return split(bytes(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void assertEncodes(String captured, NetlinkRequest request) {
        NetlinkMessage expected = split(bytes(captured)).get(0);
        HexFormat hex = HexFormat.of();

        assertThat(hex.formatHex(request.payload())).isEqualTo(hex.formatHex(expected.payload()));
        assertThat(request.type()).isEqualTo(expected.type());
        // The low two bits of a type say new, delete, get or set; for get the flags above mean a dump.
        boolean get = expected.type() % 4 == GET_KIND;
        int added = NLM_F_REQUEST | NLM_F_ACK | (get ? NLM_F_DUMP : 0);
        assertThat(request.flags()).isEqualTo(expected.flags() & ~added);
    }

    private static byte[] bytes(String text) {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "captured on a little-endian machine");
        return HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
    }

    private static List<NetlinkMessage> split(byte[] traffic) {
        List<NetlinkMessage> messages = new ArrayList<>();
        for (int start = 0; start < traffic.length; ) {
            int length = Headers.read(traffic).getInt(start);
            int type = Headers.read(traffic).getShort(start + 4) & 0xffff;
            int flags = Headers.read(traffic).getShort(start + 6) & 0xffff;
            messages.add(new NetlinkMessage(type, flags, Arrays.copyOfRange(traffic, start + HEADER, start + length)));
            start += (length + 3) / 4 * 4;
        }
        return messages;
    }
}
