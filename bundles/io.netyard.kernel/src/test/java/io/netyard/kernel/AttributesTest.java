package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bytes were captured from iproute2 and from Linux 6.18, both on a little-endian host. */
class AttributesTest {

    private static final byte[] IFINFOMSG = new byte[16];

    @BeforeAll
    static void capturedBytesAreLittleEndian() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "bytes captured on a little-endian host");
    }

    /** What {@code ip link add vp0 mtu 1400 type veth peer name vp1} sends, from its ifinfomsg on. */
    @Test
    void nestedAttributesAreWrittenAsIproute2WritesThem() {
        byte[] written = new AttributeWriter(IFINFOMSG)
                .u32(4, 1400)
                .string(3, "vp0")
                .nested(18, info -> info.bytes(1, ascii("veth"))
                        .nested(2, data -> data.nested(1, IFINFOMSG, peer -> peer.string(3, "vp1"))))
                .toBytes();

        assertThat(hex(written))
                .isEqualTo(
                        """
                        00000000000000000000000000000000
                        0800 0400 78050000
                        0800 0300 76703000
                        2c00 1200
                          0800 0100 76657468
                          2000 0200
                            1c00 0100
                              00000000000000000000000000000000
                              0800 0300 76703100
                        """
                                .replaceAll("\\s", ""));
    }

    /** What {@code ip link add link lo vl5 type vlan proto 802.1ad id 5} sends as IFLA_LINKINFO. */
    @Test
    void aProtocolIsWrittenInNetworkByteOrderAndPadded() {
        byte[] written = new AttributeWriter(new byte[0])
                .nested(18, info -> info.bytes(1, ascii("vlan"))
                        .nested(2, data -> data.be16(5, 0x88a8).u16(1, 5)))
                .toBytes();

        assertThat(hex(written))
                .isEqualTo("2000 1200 0800 0100 766c616e 1400 0200 0600 0500 88a8 0000 0600 0100 0500 0000"
                        .replace(" ", ""));
    }

    @Test
    void anAttributeLongerThanItsLengthFieldCanSayIsRefused() {
        AttributeWriter writer = new AttributeWriter(new byte[0]);

        assertThatThrownBy(() -> writer.bytes(1, new byte[0xffff])).isInstanceOf(IllegalArgumentException.class);
    }

    /** The kernel's answer to {@code ip -4 addr show dev lo}, from its ifaddrmsg (8 bytes) on. */
    @Test
    void attributesAreReadWhetherAnyoneKnowsThemOrNot() {
        byte[] answer = bytes("0208 80fe 01000000"
                + "0800 0100 7f000001"
                + "0800 0200 7f000001"
                + "0700 0300 6c6f0000"
                + "0800 0800 80000000"
                + "1400 0600 ffffffffffffffff0c6307000c630700");

        AttributeReader reader = new AttributeReader(answer, 8);

        assertThat(reader.string(3)).hasValue("lo");
        assertThat(reader.u32(8)).hasValue(0x80);
        assertThat(reader.get(1).orElseThrow().value()).containsExactly(127, 0, 0, 1);
        assertThat(reader.get(99)).isEmpty();
        assertThat(reader.nested(99).all()).isEmpty();
        assertThat(reader.all()).extracting(AttributeReader.Attribute::type).isEqualTo(List.of(1, 2, 3, 8, 6));
    }

    @Test
    void flagsAreNotPartOfTheType() {
        assertThat(new AttributeReader(bytes("0800 1280 01000000"), 0).u32(18)).hasValue(1);
        assertThat(new AttributeWriter(new byte[0])
                        .nestedFlagged(18, inner -> inner.u8(1, 7))
                        .toBytes())
                .isEqualTo(bytes("0c00 1280 0500 0100 07000000"));
    }

    /** As nla_ok() and nla_next() of the kernel have it: what stands before the malformed one is still good. */
    @Test
    void aLengthThatPointsOutsideEndsTheList() {
        assertThat(new AttributeReader(bytes("0800 0100 2a000000 0900 0200 2b000000"), 0).all())
                .hasSize(1);
        assertThat(new AttributeReader(bytes("0300 0100 2a000000"), 0).all()).isEmpty();
        assertThat(new AttributeReader(bytes("0000"), 0).all()).isEmpty();
        assertThat(new AttributeReader(bytes("0800 0100"), 8).all()).isEmpty();
    }

    /** As nla_parse() of the kernel has it. */
    @Test
    void theLastOfSeveralWins() {
        byte[] twice = new AttributeWriter(new byte[0]).u32(1, 1).u32(1, 2).toBytes();

        assertThat(new AttributeReader(twice, 0).u32(1)).hasValue(2);
        assertThat(new AttributeReader(twice, 0).all(1)).hasSize(2);
    }

    @Test
    void aValueShorterThanItsTypeReadsAsNothing() {
        AttributeReader.Attribute octet =
                new AttributeReader(bytes("0500 0100 ff000000"), 0).get(1).orElseThrow();

        assertThat(octet.u8()).isEqualTo(255);
        assertThat(octet.u16()).isZero();
        assertThat(octet.u32()).isZero();
        assertThat(octet.u64()).isZero();
    }

    @Test
    void whatIsWrittenGrowsAsNeeded() {
        byte[] large = new byte[40_000];
        ByteBuffer.wrap(large).putInt(39_996, 0x01020304);

        byte[] written =
                new AttributeWriter(IFINFOMSG).bytes(7, large).u32(8, 9).toBytes();

        assertThat(new AttributeReader(written, 16).get(7).orElseThrow().value())
                .isEqualTo(large);
        assertThat(new AttributeReader(written, 16).u32(8)).hasValue(9);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
