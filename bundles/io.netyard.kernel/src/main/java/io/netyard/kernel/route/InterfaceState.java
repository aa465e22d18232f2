package io.netyard.kernel.route;

import io.netyard.kernel.AttributeReader;
import io.netyard.kernel.AttributeReader.Attribute;
import io.netyard.kernel.AttributeWriter;
import io.netyard.kernel.NetlinkMessage;
import io.netyard.kernel.NetlinkRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The addresses and routes of an interface as the kernel has told them, kept in its own words, so that nothing they have is lost when they are
 * given back to it: labels, lifetimes, scopes, tables, metrics, MTUs. What the kernel makes by itself is left out: its local table, the routes
 * that come with addresses, and those from router advertisements and redirects.
 *
 * @param addresses payloads of RTM_NEWADDR, in hexadecimal digits
 * @param routes payloads of RTM_NEWROUTE, in hexadecimal digits
 */
public record InterfaceState(List<String> addresses, List<String> routes) {

    // linux/rtnetlink.h
    private static final int RTPROT_REDIRECT = 1;
    private static final int RTPROT_KERNEL = 2;
    private static final int RTPROT_RA = 9;
    private static final int RT_TABLE_LOCAL = 255;
    private static final int RTA_CACHEINFO = 12;
    private static final int RTA_NH_ID = 30;
    private static final int RTM_F_CLONED = 0x200;

    /** RTNH_F_PERVASIVE and RTNH_F_ONLINK; the other flags tell what has become of a route, and the kernel refuses them. */
    private static final int ROUTE_FLAGS = 0x2 | 0x4;

    private static final int IFA_F_NODAD = 2;

    public InterfaceState {
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
    }

    /**
     * @param index the interface's
     * @param addresses answer to {@link AddressRequests#dump}
     * @param routes answer to {@link RouteRequests#dump}
     */
    public static InterfaceState of(int index, List<NetlinkMessage> addresses, List<NetlinkMessage> routes) {
        return new InterfaceState(
                addresses.stream()
                        .filter(message -> message.type() == AddressRequests.RTM_NEWADDR
                                && message.payload().length >= Headers.IFADDRMSG
                                && Headers.read(message.payload()).getInt(4) == index)
                        .map(message -> HexFormat.of().formatHex(message.payload()))
                        .toList(),
                routes.stream()
                        .filter(message -> isRoute(message) && isKept(message.payload(), index))
                        .map(message -> HexFormat.of().formatHex(message.payload()))
                        .toList());
    }

    /** True if a route has several next hops and one of them leaves by that interface: such a route cannot be kept for it alone. */
    public static boolean sharesRoute(int index, List<NetlinkMessage> routes) {
        return routes.stream()
                .filter(InterfaceState::isRoute)
                .filter(message -> new AttributeReader(message.payload(), Headers.RTMSG)
                        .get(RouteRequests.RTA_MULTIPATH)
                        .isPresent())
                .flatMap(message -> RouteReply.listOf(List.of(message)).stream())
                .anyMatch(hop -> hop.index().orElse(0) == index);
    }

    private static boolean isRoute(NetlinkMessage message) {
        return message.type() == RouteRequests.RTM_NEWROUTE && message.payload().length >= Headers.RTMSG;
    }

    private static boolean isKept(byte[] route, int index) {
        AttributeReader attributes = new AttributeReader(route, Headers.RTMSG);
        int table = attributes.u32(RouteRequests.RTA_TABLE).orElse(route[4] & 0xff);
        boolean cloned = (Headers.read(route).getInt(8) & RTM_F_CLONED) != 0;
        return attributes.u32(RouteRequests.RTA_OIF).orElse(0) == index
                && table != RT_TABLE_LOCAL
                && !cloned
                && !Set.of(RTPROT_REDIRECT, RTPROT_KERNEL, RTPROT_RA).contains(route[5] & 0xff);
    }

    /**
     * Requests that give an interface its addresses back, to be sent in this order; an address that it has is left as it was kept. IPv6
     * addresses are usable at once: they have been found to be unique before.
     *
     * @param index the interface's, which may be another one by now
     */
    public List<NetlinkRequest> addressRequests(int index, String subject) {
        List<NetlinkRequest> requests = new ArrayList<>();
        for (String hex : addresses) {
            byte[] payload = HexFormat.of().parseHex(hex);
            Headers.read(payload).putInt(4, index);
            int flags = new AttributeReader(payload, Headers.IFADDRMSG)
                    .u32(AddressRequests.IFA_FLAGS)
                    .orElse(payload[2] & 0xff);
            if (payload[0] == Headers.AF_INET6 && (flags & IFA_F_NODAD) == 0) {
                byte[] atOnce = without(payload, Headers.IFADDRMSG, Set.of(AddressRequests.IFA_FLAGS))
                        .u32(AddressRequests.IFA_FLAGS, flags | IFA_F_NODAD)
                        .toBytes();
                requests.add(address(atOnce, subject));
            }
            requests.add(address(payload, subject));
        }
        return requests;
    }

    private static NetlinkRequest address(byte[] payload, String subject) {
        String text = AddressReply.listOf(List.of(new NetlinkMessage(AddressRequests.RTM_NEWADDR, 0, payload))).stream()
                .map(reply -> reply.address().toString())
                .findFirst()
                .orElse("an address");
        return new NetlinkRequest(
                AddressRequests.RTM_NEWADDR,
                NetlinkRequest.CREATE | NetlinkRequest.REPLACE,
                payload,
                "give address %s back to".formatted(text),
                subject);
    }

    /**
     * Requests that give an interface its routes back. They are in no useful order: one by a gateway may stand before the one that leads to
     * the gateway.
     *
     * @param index the interface's, which may be another one by now
     */
    public List<NetlinkRequest> routeRequests(int index, String subject) {
        return routes.stream()
                .map(hex -> HexFormat.of().parseHex(hex))
                .map(payload -> new NetlinkRequest(
                        RouteRequests.RTM_NEWROUTE,
                        NetlinkRequest.CREATE | NetlinkRequest.APPEND,
                        route(payload, index),
                        "give route to %s back to".formatted(destination(payload)),
                        subject))
                .toList();
    }

    private static byte[] route(byte[] payload, int index) {
        ByteBuffer header = Headers.read(payload);
        header.putInt(8, header.getInt(8) & ROUTE_FLAGS);
        return without(payload, Headers.RTMSG, Set.of(RouteRequests.RTA_OIF, RTA_CACHEINFO, RTA_NH_ID))
                .u32(RouteRequests.RTA_OIF, index)
                .toBytes();
    }

    private static String destination(byte[] route) {
        return RouteReply.listOf(List.of(new NetlinkMessage(RouteRequests.RTM_NEWROUTE, 0, route))).stream()
                .map(reply -> reply.destination().toString())
                .findFirst()
                .orElse("somewhere");
    }

    private static AttributeWriter without(byte[] payload, int header, Set<Integer> types) {
        AttributeWriter copy = new AttributeWriter(Arrays.copyOf(payload, header));
        for (Attribute attribute : new AttributeReader(payload, header).all()) {
            if (!types.contains(attribute.type())) {
                copy.bytes(attribute.type(), attribute.value());
            }
        }
        return copy;
    }
}
