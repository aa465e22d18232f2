package io.netyard.kernel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import java.net.Inet4Address;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The layouts of IEEE 802.3, 802.1Q and RFC 826, field by field. */
class EthernetFrameTest {

    private static final MacAddress SENDER = MacAddress.parse("02:00:00:00:00:01");

    private static final ArpPacket REQUEST =
            ArpPacket.request(SENDER, (Inet4Address) IpPrefix.parseAddress("192.168.5.1"), (Inet4Address)
                    IpPrefix.parseAddress("192.168.5.2"));

    private static final String ADDRESSES = "ffffffffffff 020000000001";

    private static final String ARP =
            """
            0806
              0001 0800 06 04 0001
              020000000001 c0a80501
              000000000000 c0a80502
            """;

    /** 60 bytes less what stands before. */
    private static String zeros(int bytes) {
        return "00".repeat(bytes);
    }

    @Test
    void anArpRequestIsFilledUpToTheShortestLength() {
        byte[] bytes =
                REQUEST.frame(EthernetFrame.BROADCAST, List.of(), new byte[0]).toBytes();

        assertThat(bytes).isEqualTo(bytes(ADDRESSES + ARP + zeros(18)));
    }

    @Test
    void tagsStandBetweenAddressesAndTypeTheOuterOneFirst() {
        byte[] bytes = REQUEST.frame(EthernetFrame.BROADCAST, List.of(10, 4094), new byte[0])
                .toBytes();

        assertThat(bytes).isEqualTo(bytes(ADDRESSES + "8100 000a 8100 0ffe" + ARP + zeros(10)));
    }

    @Test
    void aTagThatTheKernelKeepsBesideTheFrameIsTheOuterOne() {
        byte[] bytes = bytes(ADDRESSES + "8100 6014" + ARP + zeros(14));

        EthernetFrame frame = EthernetFrame.of(bytes, OptionalInt.of(10)).orElseThrow();

        // 0x6014: priority 3, VID 20
        assertThat(frame.tags()).containsExactly(10, 20);
        assertThat(frame.source()).isEqualTo(SENDER);
        assertThat(frame.destination()).isEqualTo(EthernetFrame.BROADCAST);
        assertThat(ArpPacket.of(frame)).contains(REQUEST);
    }

    @Test
    void serviceTagsAreTagsToo() {
        assertThat(EthernetFrame.of(bytes(ADDRESSES + "88a8 0005" + ARP), OptionalInt.empty())
                        .orElseThrow()
                        .tags())
                .containsExactly(5);
    }

    @Test
    void whatIsCutShortOrOfAnotherKindIsNone() {
        assertThat(EthernetFrame.of(bytes(ADDRESSES), OptionalInt.empty())).isEmpty();
        assertThat(EthernetFrame.of(bytes(ADDRESSES + "8100 000a"), OptionalInt.empty()))
                .isEmpty();
        assertThat(arp(ADDRESSES + "0806 0001 0800 06 04 0001")).isEmpty();
        assertThat(arp(ADDRESSES + ARP.replace("0806", "0800"))).isEmpty();
        // Addresses of another length.
        assertThat(arp(ADDRESSES + ARP.replace("06 04", "08 04"))).isEmpty();
    }

    private static Optional<ArpPacket> arp(String hex) {
        return EthernetFrame.of(bytes(hex), OptionalInt.empty()).flatMap(ArpPacket::of);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
}
