package io.netyard.kernel.route;

import io.netyard.api.IpPrefix;
import io.netyard.kernel.AttributeWriter;
import io.netyard.kernel.NetlinkRequest;

/** Requests about the IPv4 and IPv6 addresses of interfaces. */
public final class AddressRequests {

    // linux/rtnetlink.h
    static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_GETADDR = 22;

    // linux/if_addr.h
    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;
    static final int IFA_FLAGS = 8;
    private static final int IFA_F_NODAD = 2;

    private AddressRequests() {}

    /** Asks for all addresses of both families; to be sent as a dump. */
    public static NetlinkRequest dump(String subject) {
        byte[] payload = new AttributeWriter(Headers.ifaddrmsg(Headers.AF_UNSPEC, 0, 0, 0)).toBytes();
        return new NetlinkRequest(RTM_GETADDR, 0, payload, "list the addresses of", subject);
    }

    /** Adds an address. An IPv6 one skips duplicate address detection and is usable at once. */
    public static NetlinkRequest add(int index, IpPrefix address, String subject) {
        return new NetlinkRequest(
                RTM_NEWADDR,
                NetlinkRequest.CREATE | NetlinkRequest.EXCL,
                payload(index, address, address.isIpv4() ? 0 : IFA_F_NODAD),
                "add address " + address + " to",
                subject);
    }

    public static NetlinkRequest remove(int index, IpPrefix address, String subject) {
        return new NetlinkRequest(
                RTM_DELADDR, 0, payload(index, address, 0), "remove address " + address + " from", subject);
    }

    private static byte[] payload(int index, IpPrefix address, int flags) {
        byte[] octets = address.address().getAddress();
        int family = address.isIpv4() ? Headers.AF_INET : Headers.AF_INET6;
        return new AttributeWriter(Headers.ifaddrmsg(family, address.length(), flags, index))
                .bytes(IFA_LOCAL, octets)
                .bytes(IFA_ADDRESS, octets)
                .toBytes();
    }
}
