package io.netyard.routing;

import io.netyard.api.routing.RouteEntry;
import java.util.Map;

/** Who makes routes, by the protocol number they carry: RTPROT_*, linux/rtnetlink.h, in iproute2's words. */
final class Origins {

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0, "unspec"),
            Map.entry(1, "redirect"),
            Map.entry(2, "kernel"),
            Map.entry(3, "boot"),
            Map.entry(4, "static"),
            Map.entry(8, "gated"),
            Map.entry(9, "ra"),
            Map.entry(10, "mrt"),
            Map.entry(11, "zebra"),
            Map.entry(12, "bird"),
            Map.entry(13, "dnrouted"),
            Map.entry(14, "xorp"),
            Map.entry(15, "ntk"),
            Map.entry(16, "dhcp"),
            Map.entry(18, "keepalived"),
            Map.entry(42, "babel"),
            Map.entry(RouteEntry.NETYARD_PROTOCOL, RouteEntry.NETYARD),
            Map.entry(186, "bgp"),
            Map.entry(187, "isis"),
            Map.entry(188, "ospf"),
            Map.entry(189, "rip"),
            Map.entry(192, "eigrp"));

    private Origins() {}

    static String name(int protocol) {
        return NAMES.getOrDefault(protocol, Integer.toString(protocol));
    }
}
