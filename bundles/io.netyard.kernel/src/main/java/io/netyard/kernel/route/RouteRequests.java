package io.netyard.kernel.route;

import io.netyard.api.IpPrefix;
import io.netyard.api.routing.Route;
import io.netyard.kernel.AttributeWriter;
import io.netyard.kernel.NetlinkRequest;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/** Requests about routes of the main table. */
public final class RouteRequests {

    // linux/rtnetlink.h
    static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_GETROUTE = 26;
    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    static final int RTA_PRIORITY = 6;
    static final int RTA_PREFSRC = 7;
    static final int RTA_MULTIPATH = 9;
    static final int RTA_TABLE = 15;
    static final int RTA_VIA = 18;
    static final int RT_TABLE_MAIN = 254;
    static final int RTN_UNICAST = 1;
    static final int RTN_BLACKHOLE = 6;
    static final int RTN_UNREACHABLE = 7;
    static final int RTN_PROHIBIT = 8;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RT_SCOPE_NOWHERE = 255;

    private RouteRequests() {}

    /** Asks for all routes of both families; to be sent as a dump. */
    public static NetlinkRequest dump(String subject) {
        return new NetlinkRequest(RTM_GETROUTE, 0, new byte[Headers.RTMSG], "list the routes of", subject);
    }

    /**
     * @param index ifindex of the route's device; empty if it has none
     * @param protocol rtm_protocol: who makes it
     */
    public static NetlinkRequest add(Route route, OptionalInt index, int protocol, String subject) {
        IpPrefix destination = route.destination();
        boolean onLink = destination.isIpv4()
                && route.kind() == Route.Kind.UNICAST
                && route.gateway().isEmpty();
        AttributeWriter request =
                start(destination, protocol, onLink ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE, number(route.kind()));
        gateway(request, route);
        route.source().ifPresent(address -> request.bytes(RTA_PREFSRC, address.getAddress()));
        route.metric().ifPresent(metric -> request.u32(RTA_PRIORITY, (int) metric));
        index.ifPresent(oif -> request.u32(RTA_OIF, oif));
        return new NetlinkRequest(
                RTM_NEWROUTE,
                NetlinkRequest.CREATE | NetlinkRequest.EXCL,
                request.toBytes(),
                "add route '%s' in".formatted(route),
                subject);
    }

    /** Deletes the first route that has all that is given: an IPv4 route without a metric is any with that destination. */
    public static NetlinkRequest remove(Route route, OptionalInt index, String subject) {
        IpPrefix destination = route.destination();
        boolean ipv4 = destination.isIpv4();
        // Unicast is left out, as iproute2 does: 0 is any.
        int type = route.kind() == Route.Kind.UNICAST ? 0 : number(route.kind());
        AttributeWriter request = start(destination, 0, ipv4 ? RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE, type);
        gateway(request, route);
        route.source().ifPresent(address -> request.bytes(RTA_PREFSRC, address.getAddress()));
        if (route.metric().isPresent() || !ipv4) {
            request.u32(RTA_PRIORITY, (int) route.metric().orElse(Route.IPV6_DEFAULT_METRIC));
        }
        index.ifPresent(oif -> request.u32(RTA_OIF, oif));
        return new NetlinkRequest(RTM_DELROUTE, 0, request.toBytes(), "remove route '%s' in".formatted(route), subject);
    }

    private static void gateway(AttributeWriter request, Route route) {
        route.gateway().ifPresent(address -> {
            byte[] octets = address.getAddress();
            if (address instanceof Inet4Address == route.destination().isIpv4()) {
                request.bytes(RTA_GATEWAY, octets);
            } else {
                request.bytes(RTA_VIA, via(address));
            }
        });
    }

    /** struct rtvia, linux/rtnetlink.h: the family in two bytes, the address. */
    private static byte[] via(InetAddress address) {
        byte[] octets = address.getAddress();
        return ByteBuffer.allocate(2 + octets.length)
                .order(ByteOrder.nativeOrder())
                .putShort((short) (address instanceof Inet4Address ? Headers.AF_INET : Headers.AF_INET6))
                .put(octets)
                .array();
    }

    private static int number(Route.Kind kind) {
        return switch (kind) {
            case UNICAST -> RTN_UNICAST;
            case BLACKHOLE -> RTN_BLACKHOLE;
            case UNREACHABLE -> RTN_UNREACHABLE;
            case PROHIBIT -> RTN_PROHIBIT;
        };
    }

    private static AttributeWriter start(IpPrefix destination, int protocol, int scope, int type) {
        // struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, and 4 bytes of flags
        byte[] header = new byte[Headers.RTMSG];
        header[0] = (byte) (destination.isIpv4() ? Headers.AF_INET : Headers.AF_INET6);
        header[1] = (byte) destination.length();
        header[4] = (byte) RT_TABLE_MAIN;
        header[5] = (byte) protocol;
        header[6] = (byte) scope;
        header[7] = (byte) type;
        AttributeWriter request = new AttributeWriter(header);
        if (destination.length() > 0) {
            request.bytes(RTA_DST, destination.address().getAddress());
        }
        return request;
    }
}
