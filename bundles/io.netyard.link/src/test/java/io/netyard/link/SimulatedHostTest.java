package io.netyard.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.link.SimulatedHost.Kind;
import io.netyard.link.SimulatedHost.Reaction;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Questions and answers as two Linux hosts (6.18) exchanged them, taken by tcpdump: ours must be the same where it matters. */
class SimulatedHostTest {

    private static final int IP = 14;

    private static final int TCP_CHECKSUM_6 = IP + 40 + 16;

    /** Who-has 203.0.113.10 */
    private static final byte[] ARP_REQUEST = bytes(
            """
                    ffff ffff ffff 0200 0000 000a 0806 0001 0800 0604 0001 0200 0000 000a cb00 7102
                    0000 0000 0000 cb00 710a
                    """);

    private static final byte[] ARP_REPLY = bytes(
            """
                    0200 0000 000a 0200 0000 000b 0806 0001 0800 0604 0002 0200 0000 000b cb00 710a
                    0200 0000 000a cb00 7102
                    """);

    /** {@code ping -c1 -s 8 -p aa55 203.0.113.10} */
    private static final byte[] ECHO_REQUEST = bytes(
            """
                    0200 0000 000b 0200 0000 000a 0800 4500 0024 40fc 4000 4001 81cf cb00 7102 cb00
                    710a 0800 dddf 6fc9 0001 aa55 0000 0000 0000
                    """);

    private static final byte[] ECHO_REPLY = bytes(
            """
                    0200 0000 000a 0200 0000 000b 0800 4500 0024 c552 0000 4001 3d79 cb00 710a cb00
                    7102 0000 e5df 6fc9 0001 aa55 0000 0000 0000
                    """);

    /** Who has fd00::10 */
    private static final byte[] SOLICITATION = bytes(
            """
                    3333 ff00 0010 0200 0000 000a 86dd 6000 0000 0020 3aff fd00 0000 0000 0000 0000
                    0000 0000 0002 ff02 0000 0000 0000 0000 0001 ff00 0010 8700 7d71 0000 0000 fd00
                    0000 0000 0000 0000 0000 0000 0010 0101 0200 0000 000a
                    """);

    private static final byte[] ADVERTISEMENT = bytes(
            """
                    0200 0000 000a 0200 0000 000b 86dd 6000 0000 0020 3aff fd00 0000 0000 0000 0000
                    0000 0000 0010 fd00 0000 0000 0000 0000 0000 0000 0002 8800 1c74 6000 0000 fd00
                    0000 0000 0000 0000 0000 0000 0010 0201 0200 0000 000b
                    """);

    /** {@code ping -c1 -s 8 -p aa55 fd00::10} */
    private static final byte[] ECHO_REQUEST_6 = bytes(
            """
                    0200 0000 000b 0200 0000 000a 86dd 6005 7624 0010 3a40 fd00 0000 0000 0000 0000
                    0000 0000 0002 fd00 0000 0000 0000 0000 0000 0000 0010 8000 6b7f 6fcb 0001 aa55
                    0000 0000 0000
                    """);

    private static final byte[] ECHO_REPLY_6 = bytes(
            """
                    0200 0000 000a 0200 0000 000b 86dd 600f d20f 0010 3a40 fd00 0000 0000 0000 0000
                    0000 0000 0010 fd00 0000 0000 0000 0000 0000 0000 0002 8100 6a7f 6fcb 0001 aa55
                    0000 0000 0000
                    """);

    /** A SYN to 203.0.113.10, port 80 */
    private static final byte[] SYN = bytes(
            """
                    0200 0000 000b 0200 0000 000a 0800 4500 003c 8c38 4000 4006 3676 cb00 7102 cb00
                    710a 89d0 0050 6a7f 8db4 0000 0000 a002 faf0 783c 0000 0204 05b4 0402 080a dbc0
                    c9e7 0000 0000 0103 030a
                    """);

    private static final byte[] RST = bytes(
            """
                    0200 0000 000a 0200 0000 000b 0800 4500 0028 0000 4000 4006 c2c2 cb00 710a cb00
                    7102 0050 89d0 0000 0000 6a7f 8db5 5014 0000 b56d 0000
                    """);

    /** A SYN to fd00::10, port 80 */
    private static final byte[] SYN_6 = bytes(
            """
                    0200 0000 000b 0200 0000 000a 86dd 6002 c6df 0028 0640 fd00 0000 0000 0000 0000
                    0000 0000 0002 fd00 0000 0000 0000 0000 0000 0000 0010 e606 0050 6d53 5ce5 0000
                    0000 a002 fd20 fa41 0000 0204 05a0 0402 080a df27 81dd 0000 0000 0103 030a
                    """);

    private static final byte[] RST_6 = bytes(
            """
                    0200 0000 000a 0200 0000 000b 86dd 6003 fc80 0014 0640 fd00 0000 0000 0000 0000
                    0000 0000 0010 fd00 0000 0000 0000 0000 0000 0000 0002 0050 e606 0000 0000 6d53
                    5ce6 5014 0000 fa2d 0000
                    """);

    private final SimulatedHost host = new SimulatedHost(
            MacAddress.parse("02:00:00:00:00:0b"),
            List.of(IpPrefix.parseAddress("203.0.113.10"), IpPrefix.parseAddress("fd00::10")));

    /** RFC 1071, section 3: the words 0001 f203 f4f5 f6f7 sum up to ddf2. */
    @Test
    void checksumOfTheRfcsExample() {
        byte[] words = HexFormat.of().parseHex("0001f203f4f5f6f7");

        assertThat(Frames.checksum(words, 0, words.length, 0)).isEqualTo(~0xddf2 & 0xffff);
    }

    @Test
    void checksumOfAnOddNumberOfOctets() {
        assertThat(Frames.checksum(new byte[] {0x12, 0x34, 0x56}, 0, 3, 0)).isEqualTo(~(0x1234 + 0x5600) & 0xffff);
    }

    @Test
    void arp() {
        Reaction reaction = host.to(ARP_REQUEST);

        assertThat(reaction.answer()).contains(ARP_REPLY);
        assertThat(reaction.kind()).isEqualTo(Kind.RESOLUTION);
        assertThat(reaction.asker()).isEmpty();
    }

    @Test
    void echo() {
        Reaction reaction = host.to(ECHO_REQUEST);

        assertSameIpv4(reaction.answer().orElseThrow(), ECHO_REPLY);
        assertThat(reaction.kind()).isEqualTo(Kind.ECHO);
        assertThat(reaction.asker()).contains(IpPrefix.parseAddress("203.0.113.2"));
    }

    @Test
    void neighbourSolicitation() {
        assertSameIpv6(host.to(SOLICITATION).answer().orElseThrow(), ADVERTISEMENT);
    }

    @Test
    void echoOverIpv6() {
        Reaction reaction = host.to(ECHO_REQUEST_6);

        assertSameIpv6(reaction.answer().orElseThrow(), ECHO_REPLY_6);
        assertThat(reaction.asker()).contains(IpPrefix.parseAddress("fd00::2"));
    }

    @Test
    void connectionsAreRefused() {
        Reaction reaction = host.to(SYN);

        assertSameIpv4(reaction.answer().orElseThrow(), RST);
        assertThat(reaction.kind()).isEqualTo(Kind.TCP);

        byte[] overIpv6 = host.to(SYN_6).answer().orElseThrow();
        // The captured one was left to the device (checksum offload) and holds the pseudo header's sum alone.
        byte[] real = RST_6.clone();
        System.arraycopy(overIpv6, TCP_CHECKSUM_6, real, TCP_CHECKSUM_6, 2);
        assertSameIpv6(overIpv6, real);
        long pseudoHeader = Frames.pseudoHeader(
                Arrays.copyOfRange(real, IP + 8, IP + 24), Arrays.copyOfRange(real, IP + 24, IP + 40), 6, 20);
        assertThat(Frames.checksum(overIpv6, IP + 40, 20, pseudoHeader)).isZero();
    }

    @Test
    void whatIsForOthersIsNotAnswered() {
        SimulatedHost other = new SimulatedHost(
                MacAddress.parse("02:00:00:00:00:0b"), List.of(IpPrefix.parseAddress("203.0.113.11")));
        SimulatedHost otherMac = new SimulatedHost(
                MacAddress.parse("02:00:00:00:00:0c"), List.of(IpPrefix.parseAddress("203.0.113.10")));

        for (byte[] frame : List.of(ARP_REQUEST, ECHO_REQUEST, SOLICITATION, ECHO_REQUEST_6, SYN, SYN_6)) {
            assertThat(other.to(frame)).isEqualTo(host.to(new byte[0]));
        }
        assertThat(otherMac.to(ECHO_REQUEST).answer()).isEmpty();
    }

    @Test
    void answersAreNotAnswered() {
        SimulatedHost asker =
                new SimulatedHost(MacAddress.parse("02:00:00:00:00:0a"), List.of(IpPrefix.parseAddress("203.0.113.2")));

        for (byte[] frame : List.of(ARP_REPLY, ECHO_REPLY, RST)) {
            assertThat(asker.to(frame).answer()).isEmpty();
        }
    }

    /** Somebody asks whether the address is free (RFC 4862, 5.4.2): we are not the one to defend it to all. */
    @Test
    void duplicateAddressDetectionIsNotAnswered() {
        byte[] frame = SOLICITATION.clone();
        Arrays.fill(frame, IP + 8, IP + 24, (byte) 0);

        assertThat(host.to(frame).answer()).isEmpty();
    }

    @Test
    void aForwardedSolicitationIsIgnored() {
        byte[] frame = SOLICITATION.clone();
        frame[IP + 7] = 64;

        assertThat(host.to(frame).answer()).isEmpty();
    }

    @Test
    void fragmentsAreNotedAndNotAnswered() {
        byte[] frame = ECHO_REQUEST.clone();
        frame[IP + 6] = 0x20;

        assertThat(host.to(frame).answer()).isEmpty();
        assertThat(host.to(frame).asker()).isPresent();
    }

    /** Wherever a frame is cut off, whatever lengths it claims: nothing is thrown. */
    @Test
    void brokenFramesDoNoHarm() {
        for (byte[] frame : List.of(ARP_REQUEST, ECHO_REQUEST, SOLICITATION, ECHO_REQUEST_6, SYN, SYN_6)) {
            for (int length = 0; length < frame.length; length++) {
                host.to(Arrays.copyOf(frame, length));
            }
            for (int at = 0; at < frame.length; at++) {
                for (int value : new int[] {0, 0x0f, 0x80, 0xff}) {
                    byte[] broken = frame.clone();
                    broken[at] = (byte) value;
                    host.to(broken);
                }
            }
        }
    }

    /** Identification and "don't fragment", which differ from host to host, count only through the checksum. */
    private static void assertSameIpv4(byte[] answer, byte[] real) {
        assertThat(hex(answer, 0, IP + 4)).isEqualTo(hex(real, 0, IP + 4));
        assertThat(hex(answer, IP + 8, IP + 10)).isEqualTo(hex(real, IP + 8, IP + 10));
        assertThat(hex(answer, IP + 12, answer.length)).isEqualTo(hex(real, IP + 12, real.length));
        assertThat(Frames.checksum(answer, IP, 20, 0)).as("with itself in it").isZero();
    }

    /** But for the flow label. */
    private static void assertSameIpv6(byte[] answer, byte[] real) {
        assertThat(hex(answer, 0, IP)).isEqualTo(hex(real, 0, IP));
        assertThat(hex(answer, IP + 4, answer.length)).isEqualTo(hex(real, IP + 4, real.length));
    }

    private static String hex(byte[] bytes, int from, int to) {
        return HexFormat.of().formatHex(bytes, from, to);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
}
