package io.netyard.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.IpPrefix;
import io.netyard.kernel.packet.EthernetFrame;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layouts of RFC 826, RFC 791 with RFC 792, and RFC 8200 with RFC 4443. */
class MarkedTest {

    private static final Token TOKEN = new Token(0x1122334455667788L, 3, 1);
    private static final String MARK = "1122334455667788 00000003 00000001";

    private static final String ETHERNET = "020000000002 020000000001";
    private static final String IPV4 = "0800 4500 002c 0000 4000 40 01 0000 c0a80501 c0a80502 ";
    private static final String IPV6 = "86dd 60000000 0018 3a 40 fd00%s01 fd00%s02 ".replace("%s", "00".repeat(13));

    @Test
    void aBroadcastCarriesItBehindTheArpPacket() {
        assertThat(marked("0806 0001 0800 06 04 0001 020000000001 c0a80501 000000000000 c0a80502" + MARK + "0000"))
                .contains(new Marked(Marked.Kind.BROADCAST, TOKEN, Optional.empty()));
    }

    @Test
    void anEchoCarriesItAsPayload() {
        // Filled up to the shortest length of a frame: these two bytes are not part of it.
        assertThat(marked(IPV4 + "08 00 0000 0001 0000" + MARK + "0000"))
                .contains(new Marked(Marked.Kind.REQUEST, TOKEN, address("192.168.5.1")));
        assertThat(marked(IPV4 + "00 00 0000 0001 0000" + MARK + "0000"))
                .contains(new Marked(Marked.Kind.REPLY, TOKEN, address("192.168.5.1")));
        assertThat(marked(IPV6 + "80 00 0000 0001 0000" + MARK))
                .contains(new Marked(Marked.Kind.REQUEST, TOKEN, address("fd00::1")));
        assertThat(marked(IPV6 + "81 00 0000 0001 0000" + MARK))
                .contains(new Marked(Marked.Kind.REPLY, TOKEN, address("fd00::1")));
    }

    @Test
    void anythingElseCarriesNone() {
        assertThat(marked("0806 0001 0800 06 04 0001 020000000001 c0a80501 000000000000 c0a80502"))
                .as("without a trailer")
                .isEmpty();
        assertThat(marked(IPV4 + "03 00 0000 0001 0000" + MARK))
                .as("unreachable")
                .isEmpty();
        assertThat(marked(IPV4.replace("40 01", "40 06") + "08 00 0000 0001 0000" + MARK))
                .as("TCP")
                .isEmpty();
        assertThat(marked(IPV4 + "08 00 0000")).as("cut short").isEmpty();
        assertThat(marked(IPV6 + "80 00")).as("cut short").isEmpty();
        assertThat(marked("88cc 0000")).as("LLDP").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.5.1/24, 192.168.5.254, 192.168.5.253",
        "192.168.5.1/24, 192.168.5.9, 192.168.5.254",
        "203.0.113.2/30, 203.0.113.1, 203.0.113.2",
        "192.168.5.9/32, 192.168.5.9, 192.168.5.9",
        "10.0.0.0/31, 10.0.0.1, 10.0.0.0",
        "10.0.0.1/0, 10.0.0.1, 255.255.255.254"
    })
    void theAddressThatABroadcastAsksForIsNobodys(String own, String taken, String unused) {
        IpPrefix prefix = IpPrefix.parse(own);
        Set<InetAddress> known = new HashSet<>(Set.of(prefix.address()));
        known.add(IpPrefix.parseAddress(taken));
        assertThat(FrameRun.unused(prefix, known)).isEqualTo(IpPrefix.parseAddress(unused));
    }

    private static Optional<Marked> marked(String typeAndPayload) {
        byte[] bytes = HexFormat.of().parseHex((ETHERNET + typeAndPayload).replaceAll("\\s", ""));
        return EthernetFrame.of(bytes, OptionalInt.empty()).flatMap(Marked::of);
    }

    private static Optional<InetAddress> address(String text) {
        return Optional.of(IpPrefix.parseAddress(text));
    }
}
