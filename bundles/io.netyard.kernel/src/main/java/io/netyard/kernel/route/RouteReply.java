package io.netyard.kernel.route;

import io.netyard.api.IpPrefix;
import io.netyard.kernel.AttributeReader;
import io.netyard.kernel.NetlinkMessage;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A unicast route, as RTM_NEWROUTE describes it. Of a route with several next hops (RTA_MULTIPATH) neither gateway nor interface is told.
 *
 * @param table number of its routing table; {@link #MAIN} is where routes go unless told otherwise
 * @param destination of length 0 for a default route
 * @param gateway empty for a network that is directly attached
 * @param index ifindex of the interface to leave by
 * @param protocol RTPROT_*, linux/rtnetlink.h: who made it; 2 is the kernel itself
 */
public record RouteReply(
        int table, IpPrefix destination, Optional<InetAddress> gateway, OptionalInt index, int protocol) {

    /** RT_TABLE_MAIN. */
    public static final int MAIN = RouteRequests.RT_TABLE_MAIN;

    /** Those of {@code messages} that describe an IPv4 or IPv6 unicast route, in their order. */
    public static List<RouteReply> listOf(List<NetlinkMessage> messages) {
        return messages.stream()
                .filter(message -> message.type() == RouteRequests.RTM_NEWROUTE
                        && message.payload().length >= Headers.RTMSG
                        && message.payload()[7] == RouteRequests.RTN_UNICAST)
                .map(RouteReply::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<RouteReply> of(NetlinkMessage message) {
        byte[] header = message.payload();
        int addressBytes;
        switch (header[0]) {
            case Headers.AF_INET -> addressBytes = 4;
            case Headers.AF_INET6 -> addressBytes = 16;
            default -> {
                return Optional.empty();
            }
        }
        AttributeReader attributes = new AttributeReader(header, Headers.RTMSG);
        byte[] destination = attributes
                .get(RouteRequests.RTA_DST)
                .map(AttributeReader.Attribute::value)
                .orElse(new byte[addressBytes]);
        return InternetAddresses.of(destination)
                .map(address -> new RouteReply(
                        attributes.u32(RouteRequests.RTA_TABLE).orElse(header[4] & 0xff),
                        new IpPrefix(address, header[1] & 0xff),
                        attributes
                                .get(RouteRequests.RTA_GATEWAY)
                                .flatMap(gateway -> InternetAddresses.of(gateway.value())),
                        attributes.u32(RouteRequests.RTA_OIF),
                        header[5] & 0xff));
    }
}
