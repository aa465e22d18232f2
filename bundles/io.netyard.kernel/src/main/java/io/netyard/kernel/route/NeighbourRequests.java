package io.netyard.kernel.route;

import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.kernel.AttributeWriter;
import io.netyard.kernel.NetlinkRequest;
import java.net.Inet4Address;
import java.net.InetAddress;

/** Requests about neighbour tables (ARP and IPv6 ND) and about the forwarding databases of bridges, which share a message type. */
public final class NeighbourRequests {

    // linux/rtnetlink.h
    static final int RTM_NEWNEIGH = 28;
    private static final int RTM_DELNEIGH = 29;
    private static final int RTM_GETNEIGH = 30;

    // linux/neighbour.h
    static final int NDA_DST = 1;
    static final int NDA_LLADDR = 2;
    static final int NDA_VLAN = 5;
    static final int NDA_MASTER = 9;
    static final int NUD_PERMANENT = 0x80;

    private NeighbourRequests() {}

    /** Asks for the IPv4 and IPv6 neighbours of all interfaces; to be sent as a dump. */
    public static NetlinkRequest dump(String subject) {
        byte[] payload = new AttributeWriter(Headers.ndmsg(Headers.AF_UNSPEC, 0, 0)).toBytes();
        return new NetlinkRequest(RTM_GETNEIGH, 0, payload, "list the neighbours of", subject);
    }

    /**
     * Asks for a bridge's forwarding database; to be sent as a dump. A kernel whose socket does not check strictly (NETLINK_GET_STRICT_CHK)
     * answers for all bridges, and any adds the ports' own address filters: see {@link NeighbourReply#isForwardingEntryOf}.
     *
     * @param bridge its ifindex
     */
    public static NetlinkRequest dumpFdb(int bridge, String subject) {
        byte[] payload = new AttributeWriter(Headers.ndmsg(Headers.AF_BRIDGE, 0, 0))
                .u32(NDA_MASTER, bridge)
                .toBytes();
        return new NetlinkRequest(RTM_GETNEIGH, 0, payload, "list the forwarding database of", subject);
    }

    /** Sets a permanent neighbour, whatever was known of it before. */
    public static NetlinkRequest set(int index, InetAddress neighbour, MacAddress mac, String subject) {
        byte[] payload = new AttributeWriter(Headers.ndmsg(family(neighbour), index, NUD_PERMANENT))
                .bytes(NDA_DST, neighbour.getAddress())
                .bytes(NDA_LLADDR, mac.octets())
                .toBytes();
        return new NetlinkRequest(
                RTM_NEWNEIGH,
                NetlinkRequest.CREATE | NetlinkRequest.REPLACE,
                payload,
                "set neighbour " + IpPrefix.text(neighbour) + " of",
                subject);
    }

    private static int family(InetAddress neighbour) {
        return neighbour instanceof Inet4Address ? Headers.AF_INET : Headers.AF_INET6;
    }

    /** Deletes one neighbour entry, whatever its state. */
    public static NetlinkRequest delete(int index, InetAddress neighbour, String subject) {
        byte[] payload = new AttributeWriter(Headers.ndmsg(family(neighbour), index, NUD_PERMANENT))
                .bytes(NDA_DST, neighbour.getAddress())
                .toBytes();
        return new NetlinkRequest(
                RTM_DELNEIGH, 0, payload, "forget neighbour " + IpPrefix.text(neighbour) + " of", subject);
    }
}
