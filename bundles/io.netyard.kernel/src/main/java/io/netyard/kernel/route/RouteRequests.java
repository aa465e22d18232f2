package io.netyard.kernel.route;

import io.netyard.api.IpPrefix;
import io.netyard.kernel.AttributeWriter;
import io.netyard.kernel.NetlinkRequest;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/** Requests about unicast routes of the main table. */
public final class RouteRequests {

    // linux/rtnetlink.h
    static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_GETROUTE = 26;
    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    static final int RTA_TABLE = 15;
    static final int RT_TABLE_MAIN = 254;
    static final int RTN_UNICAST = 1;
    private static final int RTPROT_BOOT = 3;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RT_SCOPE_NOWHERE = 255;

    private RouteRequests() {}

    /** Asks for all routes of both families; to be sent as a dump. */
    public static NetlinkRequest dump(String subject) {
        return new NetlinkRequest(RTM_GETROUTE, 0, new byte[Headers.RTMSG], "list the routes of", subject);
    }

    /**
     * @param destination the network; of length 0 for the default route. Host bits must be zero, or the kernel refuses
     * @param gateway next hop of the same family
     * @param index ifindex of the interface to leave by; may be empty if there is a gateway
     */
    public static NetlinkRequest add(
            IpPrefix destination, Optional<InetAddress> gateway, OptionalInt index, String subject) {
        int scope = gateway.isPresent() || !destination.isIpv4() ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
        return new NetlinkRequest(
                RTM_NEWROUTE,
                NetlinkRequest.CREATE | NetlinkRequest.EXCL,
                payload(destination, gateway, index, RTPROT_BOOT, scope, RTN_UNICAST),
                "add the route to " + destination + " in",
                subject);
    }

    /** Deletes the first route to {@code destination} that also has the gateway and the interface, as far as they are given. */
    public static NetlinkRequest remove(
            IpPrefix destination, Optional<InetAddress> gateway, OptionalInt index, String subject) {
        return new NetlinkRequest(
                RTM_DELROUTE,
                0,
                payload(destination, gateway, index, 0, destination.isIpv4() ? RT_SCOPE_NOWHERE : 0, 0),
                "remove the route to " + destination + " in",
                subject);
    }

    private static byte[] payload(
            IpPrefix destination, Optional<InetAddress> gateway, OptionalInt index, int protocol, int scope, int type) {
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
        gateway.ifPresent(address -> request.bytes(RTA_GATEWAY, address.getAddress()));
        index.ifPresent(oif -> request.u32(RTA_OIF, oif));
        return request.toBytes();
    }
}
