package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttributesTest {

    @BeforeEach
    void bytesBelowAreOfALittleEndianHost() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    /** IFLA_LINKINFO as a kernel sent it for {@code ip link add type bridge vlan_filtering 1}, shortened to two attributes. */
    @Test
    void writesNestedAttributesWithLengthsAndPadding() {
        byte[] written = new AttributeWriter(new byte[0])
                .nested(18, info -> info.string(1, "bridge").nested(2, data -> data.u8(7, 1)))
                .toBytes();

        assertThat(HexFormat.of().formatHex(written))
                .isEqualTo(
                        "1c001200" // 28 bytes, IFLA_LINKINFO
                                + "0b000100627269646765"
                                + "0000" // 11 bytes, IFLA_INFO_KIND "bridge" NUL, one byte of padding
                                + "0c000200" // 12 bytes, IFLA_INFO_DATA
                                + "05000700" + "01000000"); // 5 bytes, IFLA_BR_VLAN_FILTERING 1, three bytes of padding
    }

    @Test
    void readsBackWhatItWrote() {
        AttributeReader read = new AttributeReader(
                new AttributeWriter(new byte[16])
                        .u32(4, 1400)
                        .be16(5, 0x8100)
                        .string(3, "veth11")
                        .nestedFlagged(18, inner -> inner.u16(1, 4094))
                        .toBytes(),
                16);

        assertThat(read.u32(4)).hasValue(1400);
        assertThat(read.get(5).orElseThrow().value()).containsExactly(0x81, 0x00);
        assertThat(read.string(3)).contains("veth11");
        assertThat(read.nested(18).get(1).orElseThrow().u16()).isEqualTo(4094);
        assertThat(read.get(99)).isEmpty();
    }

    /** A kernel newer than we are sends more; a broken message must not take us down. */
    @Test
    void stopsAtALengthThatLeavesTheMessage() {
        byte[] bytes = HexFormat.of().parseHex("08000400" + "78050000" + "ff000300" + "61");

        AttributeReader read = new AttributeReader(bytes, 0);

        assertThat(read.u32(4)).hasValue(1400);
        assertThat(read.all()).hasSize(1);
    }

    @Test
    void theLastOfSeveralWins() {
        byte[] twice = new AttributeWriter(new byte[0]).u32(1, 1).u32(1, 2).toBytes();

        assertThat(new AttributeReader(twice, 0).u32(1)).hasValue(2);
        assertThat(new AttributeReader(twice, 0).all(1)).hasSize(2);
    }

    @Test
    void anAttributeHasSixteenBitsForItsLength() {
        assertThatThrownBy(() -> new AttributeWriter(new byte[0]).bytes(1, new byte[70_000]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
