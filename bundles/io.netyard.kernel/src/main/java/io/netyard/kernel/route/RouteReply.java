package io.netyard.kernel.route;

import io.netyard.api.IpPrefix;
import io.netyard.api.routing.Route;
import io.netyard.kernel.AttributeReader;
import io.netyard.kernel.NetlinkMessage;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A route, or one next hop of a route that has several (RTA_MULTIPATH), as RTM_NEWROUTE describes it.
 *
 * @param table number of its routing table; {@link #MAIN} is where routes go unless told otherwise
 * @param destination of length 0 for a default route
 * @param gateway empty for a network that is directly attached
 * @param index ifindex of the interface to leave by
 * @param metric 0 if there is none
 * @param source RTA_PREFSRC
 * @param protocol RTPROT_*, linux/rtnetlink.h: who made it; 2 is the kernel itself
 */
public record RouteReply(
        int table,
        Route.Kind kind,
        IpPrefix destination,
        Optional<InetAddress> gateway,
        OptionalInt index,
        long metric,
        Optional<InetAddress> source,
        int protocol) {

    /** RT_TABLE_MAIN. */
    public static final int MAIN = RouteRequests.RT_TABLE_MAIN;

    /** RTM_F_CLONED: what the kernel has learned about one destination, kept beside the table. */
    private static final int RTM_F_CLONED = 0x200;

    /** struct rtnexthop: length in two bytes, flags, hops, ifindex in four. */
    private static final int RTNEXTHOP = 8;

    /** struct rtvia up to the address. */
    private static final int RTVIA = 2;

    /** Those of {@code messages} that describe an IPv4 or IPv6 route of a kind that {@link Route.Kind} names, in their order. */
    public static List<RouteReply> listOf(List<NetlinkMessage> messages) {
        return messages.stream()
                .filter(message ->
                        message.type() == RouteRequests.RTM_NEWROUTE && message.payload().length >= Headers.RTMSG)
                .flatMap(message -> of(message.payload()).stream())
                .toList();
    }

    private static List<RouteReply> of(byte[] payload) {
        int family = payload[0];
        Optional<Route.Kind> kind = kind(payload[7]);
        boolean cloned = (Headers.read(payload).getInt(8) & RTM_F_CLONED) != 0;
        if (kind.isEmpty() || cloned || family != Headers.AF_INET && family != Headers.AF_INET6) {
            return List.of();
        }
        AttributeReader attributes = new AttributeReader(payload, Headers.RTMSG);
        byte[] octets = attributes
                .get(RouteRequests.RTA_DST)
                .map(AttributeReader.Attribute::value)
                .orElse(new byte[family == Headers.AF_INET ? 4 : 16]);
        int length = payload[1] & 0xff;
        Optional<IpPrefix> destination = InternetAddresses.of(octets)
                .filter(address -> length <= octets.length * 8)
                .map(address -> new IpPrefix(address, length));
        if (destination.isEmpty()) {
            return List.of();
        }
        Optional<AttributeReader.Attribute> hops = attributes.get(RouteRequests.RTA_MULTIPATH);
        List<Hop> found = hops.isPresent()
                ? hops(hops.get().value())
                : List.of(new Hop(gateway(attributes), attributes.u32(RouteRequests.RTA_OIF)));
        return found.stream()
                .map(hop -> new RouteReply(
                        attributes.u32(RouteRequests.RTA_TABLE).orElse(payload[4] & 0xff),
                        kind.get(),
                        destination.get(),
                        hop.gateway(),
                        hop.index(),
                        attributes.u32(RouteRequests.RTA_PRIORITY).orElse(0) & 0xffff_ffffL,
                        attributes
                                .get(RouteRequests.RTA_PREFSRC)
                                .flatMap(source -> InternetAddresses.of(source.value())),
                        payload[5] & 0xff))
                .toList();
    }

    private static Optional<Route.Kind> kind(int type) {
        return switch (type) {
            case RouteRequests.RTN_UNICAST -> Optional.of(Route.Kind.UNICAST);
            case RouteRequests.RTN_BLACKHOLE -> Optional.of(Route.Kind.BLACKHOLE);
            case RouteRequests.RTN_UNREACHABLE -> Optional.of(Route.Kind.UNREACHABLE);
            case RouteRequests.RTN_PROHIBIT -> Optional.of(Route.Kind.PROHIBIT);
            default -> Optional.empty();
        };
    }

    private record Hop(Optional<InetAddress> gateway, OptionalInt index) {}

    private static Optional<InetAddress> gateway(AttributeReader attributes) {
        return attributes
                .get(RouteRequests.RTA_GATEWAY)
                .flatMap(gateway -> InternetAddresses.of(gateway.value()))
                .or(() -> attributes
                        .get(RouteRequests.RTA_VIA)
                        .map(AttributeReader.Attribute::value)
                        .filter(via -> via.length > RTVIA)
                        .flatMap(via -> InternetAddresses.of(Arrays.copyOfRange(via, RTVIA, via.length))));
    }

    private static List<Hop> hops(byte[] multipath) {
        ByteBuffer in = Headers.read(multipath);
        List<Hop> hops = new ArrayList<>();
        for (int start = 0; start + RTNEXTHOP <= multipath.length; ) {
            int length = in.getShort(start) & 0xffff;
            if (length < RTNEXTHOP || start + length > multipath.length) {
                break;
            }
            AttributeReader attributes =
                    new AttributeReader(Arrays.copyOfRange(multipath, start, start + length), RTNEXTHOP);
            hops.add(new Hop(gateway(attributes), OptionalInt.of(in.getInt(start + 4))));
            start += (length + 3) / 4 * 4;
        }
        return hops;
    }
}
