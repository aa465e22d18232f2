package io.netyard.kernel.route;

import static io.netyard.kernel.route.Captured.assertEncodes;

import io.netyard.api.routing.Route;
import io.netyard.api.routing.RouteEntry;
import io.netyard.kernel.NetlinkRequest;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What iproute2 6.1 puts on the wire for the same wish; taken from sendmsg(2) by strace. */
class RouteRequestsTest {

    private static final String SUBJECT = "a test";

    /** RTPROT_BOOT, what iproute2 uses unless told otherwise. */
    private static final int BOOT = 3;

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
                RouteRequests.add(Route.parse("10.9.0.0/16 via 192.168.5.77"), OptionalInt.empty(), BOOT, SUBJECT));
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
                RouteRequests.add(Route.parse("default dev veth11"), OptionalInt.of(2), BOOT, SUBJECT));
    }

    /** {@code ip route add 10.9.0.0/16 via 192.168.5.77 dev veth11 proto 78 src 192.168.5.1 metric 50} */
    @Test
    void everythingThatARouteCanHave() {
        assertEncodes(
                """
                        44000000 1800 0506 a257096b 00000000  # RTM_NEWROUTE, 68 bytes, flags 0x605, sequence, port
                        02 10 00 00 fe 4e 00 01 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        0800 0100 0a090000  # RTA_DST 10.9.0.0
                        0800 0500 c0a8054d  # RTA_GATEWAY 192.168.5.77
                        0800 0700 c0a80501  # RTA_PREFSRC 192.168.5.1
                        0800 0600 32000000  # RTA_PRIORITY 50
                        0800 0400 02000000  # RTA_OIF 2
                        """,
                add("10.9.0.0/16 via 192.168.5.77 dev veth11 metric 50 src 192.168.5.1", OptionalInt.of(2)));
    }

    /** {@code ip route add 192.168.7.9/32 dev veth11 proto 78} */
    @Test
    void routeToOneHost() {
        assertEncodes(
                """
                        2c000000 1800 0506 a257096b 00000000  # RTM_NEWROUTE, 44 bytes, flags 0x605, sequence, port
                        02 20 00 00 fe 4e fd 01 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        0800 0100 c0a80709  # RTA_DST 192.168.7.9
                        0800 0400 02000000  # RTA_OIF 2
                        """,
                add("192.168.7.9/32 dev veth11", OptionalInt.of(2)));
    }

    /** {@code ip route add blackhole 10.0.0.0/8 proto 78} */
    @Test
    void blackhole() {
        assertEncodes(
                """
                        24000000 1800 0506 a357096b 00000000  # RTM_NEWROUTE, 36 bytes, flags 0x605, sequence, port
                        02 08 00 00 fe 4e 00 06 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        0800 0100 0a000000  # RTA_DST 10.0.0.0
                        """,
                add("blackhole 10.0.0.0/8", OptionalInt.empty()));
    }

    /** {@code ip route add 10.10.0.0/16 via inet6 fd00::77 dev veth11 proto 78} */
    @Test
    void ipv4RouteByAnIpv6Gateway() {
        assertEncodes(
                """
                        44000000 1800 0506 a457096b 00000000  # RTM_NEWROUTE, 68 bytes, flags 0x605, sequence, port
                        02 10 00 00 fe 4e 00 01 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        0800 0100 0a0a0000  # RTA_DST 10.10.0.0
                        1600 1200 0a00 fd000000000000000000000000000077 0000  # RTA_VIA AF_INET6 fd00::77
                        0800 0400 02000000  # RTA_OIF 2
                        """,
                add("10.10.0.0/16 via inet6 fd00::77 dev veth11", OptionalInt.of(2)));
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
                RouteRequests.add(Route.parse("fd99::/64 via fd00::77"), OptionalInt.empty(), BOOT, SUBJECT));
    }

    /** {@code ip -6 route add unreachable fd98::/64 proto 78} */
    @Test
    void ipv6Unreachable() {
        assertEncodes(
                """
                        30000000 1800 0506 a357096b 00000000  # RTM_NEWROUTE, 48 bytes, flags 0x605, sequence, port
                        0a 40 00 00 fe 4e 00 07 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        1400 0100 fd980000000000000000000000000000  # RTA_DST fd98::
                        """,
                add("unreachable fd98::/64", OptionalInt.empty()));
    }

    /** {@code ip route del 10.9.0.0/16 via 192.168.5.77 dev veth11 src 192.168.5.1 metric 50} */
    @Test
    void removal() {
        assertEncodes(
                """
                        44000000 1900 0500 6e58096b 00000000  # RTM_DELROUTE, 68 bytes, flags 0x5, sequence, port
                        02 10 00 00 fe 00 ff 00 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        0800 0100 0a090000  # RTA_DST 10.9.0.0
                        0800 0500 c0a8054d  # RTA_GATEWAY 192.168.5.77
                        0800 0700 c0a80501  # RTA_PREFSRC 192.168.5.1
                        0800 0600 32000000  # RTA_PRIORITY 50
                        0800 0400 03000000  # RTA_OIF 3
                        """,
                remove("10.9.0.0/16 via 192.168.5.77 dev veth11 metric 50 src 192.168.5.1", OptionalInt.of(3)));
    }

    /** {@code ip route del blackhole 10.0.0.0/8} */
    @Test
    void removalOfABlackhole() {
        assertEncodes(
                """
                        24000000 1900 0500 a457096b 00000000  # RTM_DELROUTE, 36 bytes, flags 0x5, sequence, port
                        02 08 00 00 fe 00 ff 06 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        0800 0100 0a000000  # RTA_DST 10.0.0.0
                        """,
                remove("blackhole 10.0.0.0/8", OptionalInt.empty()));
    }

    /** {@code ip -6 route del fd99::/64 via fd00::77 metric 1024 dev veth11} */
    @Test
    void removalOfAnIpv6RouteNamesTheMetricThatItHasByDefault() {
        assertEncodes(
                """
                        54000000 1900 0500 6f58096b 00000000  # RTM_DELROUTE, 84 bytes, flags 0x5, sequence, port
                        0a 40 00 00 fe 00 00 00 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        1400 0100 fd990000000000000000000000000000  # RTA_DST fd99::
                        1400 0500 fd000000000000000000000000000077  # RTA_GATEWAY fd00::77
                        0800 0600 00040000  # RTA_PRIORITY 1024
                        0800 0400 03000000  # RTA_OIF 3
                        """,
                remove("fd99::/64 via fd00::77 dev veth11", OptionalInt.of(3)));
    }

    /** {@code ip -6 route del unreachable fd98::/64 metric 1024} */
    @Test
    void removalOfAnIpv6RouteThatLeadsNowhere() {
        assertEncodes(
                """
                        38000000 1900 0500 6f58096b 00000000  # RTM_DELROUTE, 56 bytes, flags 0x5, sequence, port
                        0a 40 00 00 fe 00 00 07 00000000  # struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
                        1400 0100 fd980000000000000000000000000000  # RTA_DST fd98::
                        0800 0600 00040000  # RTA_PRIORITY 1024
                        """,
                remove("unreachable fd98::/64", OptionalInt.empty()));
    }

    private static NetlinkRequest add(String route, OptionalInt index) {
        return RouteRequests.add(Route.parse(route), index, RouteEntry.NETYARD_PROTOCOL, SUBJECT);
    }

    private static NetlinkRequest remove(String route, OptionalInt index) {
        return RouteRequests.remove(Route.parse(route), index, SUBJECT);
    }
}
