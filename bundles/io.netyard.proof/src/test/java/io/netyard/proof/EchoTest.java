package io.netyard.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/**
 * Bytes captured on lo (AF_PACKET, SOCK_DGRAM) while {@code ping -c1 -s16 127.0.0.1} and {@code ping -6 -c1 -s16 ::1}
 * ran, iputils 20221126 on Linux 6.
 */
class EchoTest {

    private static final byte[] V4_REQUEST = hex(
            """
            4500002c 6d704000 4001cf5e 7f000001 7f000001
            0800cb94 52c50001
            b358066b 00000000 1fe10000 00000000
            """);

    private static final byte[] V4_REPLY = hex(
            """
            4500002c 6d710000 40010f5e 7f000001 7f000001
            0000d394 52c50001
            b358066b 00000000 1fe10000 00000000
            """);

    /** Without its IPv6 header, as a raw socket gives it. */
    private static final byte[] V6_REQUEST =
            hex("""
            80003fa9 52c60001
            b358066b 00000000 31770200 00000000
            """);

    private static final byte[] V6_REPLY =
            hex("""
            81003ea9 52c60001
            b358066b 00000000 31770200 00000000
            """);

    @Test
    void aRequestIsWhatPingSends() {
        byte[] payload = Arrays.copyOfRange(V4_REQUEST, 28, V4_REQUEST.length);
        assertThat(Echo.requestV4(0x52c5, 1, payload)).isEqualTo(Arrays.copyOfRange(V4_REQUEST, 20, V4_REQUEST.length));
    }

    @Test
    void anIpv6RequestLeavesTheChecksumToTheKernel() {
        byte[] expected = V6_REQUEST.clone();
        ByteBuffer.wrap(expected).putShort(2, (short) 0);
        assertThat(Echo.requestV6(0x52c6, 1, Arrays.copyOfRange(V6_REQUEST, 8, V6_REQUEST.length)))
                .isEqualTo(expected);
    }

    @Test
    void aReplyIsReadWithTheTtlOfItsHeader() {
        Echo echo = Echo.replyV4(V4_REPLY).orElseThrow();
        assertThat(echo.identifier()).isEqualTo(0x52c5);
        assertThat(echo.sequence()).isEqualTo(1);
        assertThat(echo.payload()).isEqualTo(hex("b358066b 00000000 1fe10000 00000000"));
        assertThat(echo.ttl()).isEqualTo(OptionalInt.of(64));
    }

    @Test
    void anIpv6ReplyHasNoHeaderAndNoTtl() {
        Echo echo = Echo.replyV6(V6_REPLY).orElseThrow();
        assertThat(echo.identifier()).isEqualTo(0x52c6);
        assertThat(echo.payload()).isEqualTo(hex("b358066b 00000000 31770200 00000000"));
        assertThat(echo.ttl()).isEmpty();
    }

    @Test
    void headerOptionsAreSkipped() {
        byte[] withOption = new byte[V4_REPLY.length + 4];
        System.arraycopy(V4_REPLY, 0, withOption, 0, 20);
        System.arraycopy(V4_REPLY, 20, withOption, 24, V4_REPLY.length - 20);
        withOption[0] = 0x46;
        assertThat(Echo.replyV4(withOption)).get().extracting(Echo::identifier).isEqualTo(0x52c5);
    }

    @Test
    void requestsAreNoReplies() {
        assertThat(Echo.replyV4(V4_REQUEST)).isEmpty();
        assertThat(Echo.replyV6(V6_REQUEST)).isEmpty();
    }

    @Test
    void whatWasDamagedOnTheWayIsRefused() {
        byte[] damaged = V4_REPLY.clone();
        damaged[30] ^= 1;
        assertThat(Echo.replyV4(damaged)).isEmpty();
    }

    @Test
    void whatIsCutShortIsRefused() {
        for (int length = 0; length < 28; length++) {
            assertThat(Echo.replyV4(Arrays.copyOf(V4_REPLY, length))).isEmpty();
        }
        for (int length = 0; length < 8; length++) {
            assertThat(Echo.replyV6(Arrays.copyOf(V6_REPLY, length))).isEmpty();
        }
    }

    /** The example of RFC 1071, section 3: the sum of these bytes is ddf2. */
    @Test
    void checksum() {
        assertThat(Echo.checksum(hex("0001f203f4f5f6f7"), 0)).isEqualTo(~0xddf2 & 0xffff);
        assertThat(Echo.checksum(hex("ff"), 0)).isEqualTo(0x00ff);
    }

    @Test
    void tokensComeBackAsTheyWere() {
        Token token = new Token(-5, 379, 2);
        assertThat(Token.of(token.toBytes())).contains(token);
        assertThat(Token.of(new byte[15])).isEmpty();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}
