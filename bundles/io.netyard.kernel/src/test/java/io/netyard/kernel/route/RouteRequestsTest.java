package io.netyard.kernel.route;

import static io.netyard.kernel.route.Captured.assertEncodes;

import io.netyard.api.IpPrefix;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What iproute2 6.1 puts on the wire for the same wish; taken from sendmsg(2) by strace. */
class RouteRequestsTest {

    private static final String SUBJECT = "a test";

    /** {@code ip route add 10.9.0.0/16 via 192.168.5.77} */
    @Test
    void routeByGateway() {
        assertEncodes(
                """
                        2c000000 1800 0506 f754066b 00000000  # RTM_NEWROUTE, 44 bytes, flags 0x605, sequence, port
                        02 10 00 00 fe 03 00 01 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        0800 0100 0a090000  # RTA_DST 10.9.0.0
                        0800 0500 c0a8054d  # RTA_GATEWAY 192.168.5.77
                        """,
                RouteRequests.add(
                        IpPrefix.parse("10.9.0.0/16"),
                        Optional.of(IpPrefix.parseAddress("192.168.5.77")),
                        OptionalInt.empty(),
                        SUBJECT));
    }

    /** {@code ip route add default dev veth11} */
    @Test
    void defaultRouteByInterface() {
        assertEncodes(
                """
                        24000000 1800 0506 f754066b 00000000  # RTM_NEWROUTE, 36 bytes, flags 0x605, sequence, port
                        02 00 00 00 fe 03 fd 01 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        0800 0400 02000000  # RTA_OIF 2
                        """,
                RouteRequests.add(IpPrefix.parse("0.0.0.0/0"), Optional.empty(), OptionalInt.of(2), SUBJECT));
    }

    /** {@code ip -6 route add fd99::/64 via fd00::77} */
    @Test
    void ipv6RouteByGateway() {
        assertEncodes(
                """
                        44000000 1800 0506 f954066b 00000000  # RTM_NEWROUTE, 68 bytes, flags 0x605, sequence, port
                        0a 40 00 00 fe 03 00 01 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        1400 0100 fd990000000000000000000000000000  # RTA_DST fd99::
                        1400 0500 fd000000000000000000000000000077  # RTA_GATEWAY fd00::77
                        """,
                RouteRequests.add(
                        IpPrefix.parse("fd99::/64"),
                        Optional.of(IpPrefix.parseAddress("fd00::77")),
                        OptionalInt.empty(),
                        SUBJECT));
    }

    /** {@code ip route del 10.9.0.0/16} */
    @Test
    void removal() {
        assertEncodes(
                """
                        24000000 1900 0500 f854066b 00000000  # RTM_DELROUTE, 36 bytes, flags 0x5, sequence, port
                        02 10 00 00 fe 00 ff 00 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        0800 0100 0a090000  # RTA_DST 10.9.0.0
                        """,
                RouteRequests.remove(IpPrefix.parse("10.9.0.0/16"), Optional.empty(), OptionalInt.empty(), SUBJECT));
    }
}
