package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.api.KernelException;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The datagrams were captured from Linux 6.18 on a little-endian host; the numbers are those of netlink(7). */
class NetlinkDatagramTest {

    private static final NetlinkRequest REQUEST = new NetlinkRequest(
            20, NetlinkRequest.CREATE | NetlinkRequest.EXCL, new byte[8], "add address", "10.0.0.1/33");

    @BeforeAll
    static void capturedBytesAreLittleEndian() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "bytes captured on a little-endian host");
    }

    @Test
    void aRequestIsItsHeaderAndItsPayload() {
        assertThat(NetlinkDatagram.encode(REQUEST, 0x04, 0x21))
                .isEqualTo(bytes("18000000 1400 0506 21000000 00000000 0000000000000000"));
    }

    @Test
    void anAcknowledgementIsNoError() {
        NetlinkMessage ack =
                only("24000000 0200 0001 11000000 e2350000 00000000 20000000 1000 0500 11000000 00000000", 0x11);

        assertThatCode(() -> NetlinkDatagram.requireSuccess(ack, REQUEST)).doesNotThrowAnyException();
    }

    @Test
    void aRefusalCarriesErrnoAndTheKernelsText() {
        KernelException refusal = refusal(
                """
                44000000 0200 0003 21000000 9c370000 eaffffff 20000000 1400 0506 21000000 00000000
                2000 0100 697076343a20496e76616c696420707265666978206c656e67746800
                """,
                0x21);

        assertThat(refusal.errno()).isEqualTo(22);
        assertThat(refusal)
                .hasMessageContaining("add address 10.0.0.1/33")
                .hasMessageContaining("ipv4: Invalid prefix length");
    }

    /** Without NETLINK_CAP_ACK the whole request comes back before the text. */
    @Test
    void theTextIsFoundBehindARepeatedRequest() {
        KernelException refusal = refusal(
                """
                54000000 0200 0002 21000000 ec7dbbd5 eaffffff 20000000 1400 0506 21000000 00000000
                  0221000001000000 0800 0200 0a000001
                2000 0100 697076343a20496e76616c696420707265666978206c656e67746800
                """,
                0x21);

        assertThat(refusal).hasMessageContaining("ipv4: Invalid prefix length");
    }

    /** A dump is refused by its NLMSG_DONE. */
    @Test
    void aRefusedDumpCarriesErrnoAndText() {
        KernelException refusal = refusal(
                """
                50000000 0300 0202 16000000 e2350000 eaffffff
                3c00 0100 697076343a20496e76616c69642076616c75657320696e2068656164657220666f7220616464726573732064756d70207265717565737400
                """,
                0x16);

        assertThat(refusal.errno()).isEqualTo(22);
        assertThat(refusal).hasMessageContaining("ipv4: Invalid values in header for address dump request");
    }

    @Test
    void aRefusalWithoutTextIsARefusal() {
        assertThat(refusal("14000000 0300 2200 17000000 e2350000 edffffff", 0x17)
                        .isAbsent())
                .isTrue();
    }

    @Test
    void severalMessagesInOneDatagramComeOutInOrder() {
        String address = "4c000000 1400 2200 15000000 e2350000 0208 80fe 01000000 08000100 7f000001 08000200 7f000001"
                + "07000300 6c6f0000 08000800 80000000 14000600 ffffffff ffffffff 0c630700 0c630700";
        String done = "14000000 0300 2200 15000000 e2350000 00000000";

        List<NetlinkMessage> messages = NetlinkDatagram.decode(bytes(address + done), 0x15, REQUEST);

        assertThat(messages).extracting(NetlinkMessage::type).isEqualTo(List.of(20, 3));
        assertThat(new AttributeReader(messages.get(0).payload(), 8).string(3)).hasValue("lo");
    }

    @Test
    void whatIsLeftOfAnEarlierAnswerIsPassedOver() {
        byte[] late = bytes("14000000 0300 2200 15000000 e2350000 00000000");

        assertThat(NetlinkDatagram.decode(late, 0x16, REQUEST)).isEmpty();
    }

    @Test
    void aLengthThatPointsOutsideIsAnError() {
        for (String length : List.of("15000000", "0f000000", "ffffff7f", "000000ff")) {
            byte[] malformed = bytes(length + "0300 2200 15000000 e2350000 00000000");

            assertThatThrownBy(() -> NetlinkDatagram.decode(malformed, 0x15, REQUEST))
                    .isInstanceOf(KernelException.class)
                    .hasMessageContaining("cut short");
        }
    }

    private static NetlinkMessage only(String datagram, int sequence) {
        List<NetlinkMessage> messages = NetlinkDatagram.decode(bytes(datagram), sequence, REQUEST);
        assertThat(messages).hasSize(1);
        return messages.get(0);
    }

    private static KernelException refusal(String datagram, int sequence) {
        NetlinkMessage message = only(datagram, sequence);
        return catchThrowableOfType(KernelException.class, () -> NetlinkDatagram.requireSuccess(message, REQUEST));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
}
