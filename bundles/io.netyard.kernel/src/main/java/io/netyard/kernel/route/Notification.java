package io.netyard.kernel.route;

import io.netyard.kernel.NetlinkMessage;
import java.util.Optional;

/** What a message of rtnetlink(7) that nobody has asked for is about. */
public enum Notification {
    /** An interface: there, gone, up, down, renamed, or any other of its properties. */
    LINK,
    ADDRESS,
    /** A route of a table other than the one of local addresses, by others than the kernel itself. */
    ROUTE,
    /** A permanent neighbour was set. */
    NEIGHBOUR_SET,
    /** A neighbour was forgotten or has failed; whether it was a permanent one is not told. */
    NEIGHBOUR_GONE,
    /** The VLAN table of a bridge port or of a bridge. */
    VLAN,
    /** Forwarding, reverse path filter or proxies of an interface. */
    PARAMETER;

    // linux/rtnetlink.h
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_NEWNEIGH = 28;
    private static final int RTM_DELNEIGH = 29;
    private static final int RTM_NEWNETCONF = 80;
    private static final int RTM_DELNETCONF = 81;
    private static final int RTM_NEWVLAN = 112;
    private static final int RTM_DELVLAN = 113;

    private static final int RT_TABLE_LOCAL = 255;
    private static final int RTPROT_KERNEL = 2;

    // linux/neighbour.h
    private static final int NUD_FAILED = 0x20;
    private static final int NUD_PERMANENT = 0x80;

    // Where they are in struct rtmsg and struct ndmsg
    private static final int RTM_TABLE = 4;
    private static final int RTM_PROTOCOL = 5;
    private static final int NDM_STATE = 8;

    /** Empty if it says nothing that anybody has to know: what a bridge has learned, what a neighbour has answered. */
    public static Optional<Notification> of(NetlinkMessage message) {
        return switch (message.type()) {
            case RTM_NEWLINK, RTM_DELLINK -> Optional.of(LINK);
            case RTM_NEWADDR, RTM_DELADDR -> Optional.of(ADDRESS);
            case RTM_NEWROUTE, RTM_DELROUTE -> route(message.payload());
            case RTM_NEWNEIGH, RTM_DELNEIGH -> neighbour(message);
            case RTM_NEWVLAN, RTM_DELVLAN -> Optional.of(VLAN);
            case RTM_NEWNETCONF, RTM_DELNETCONF -> Optional.of(PARAMETER);
            default -> Optional.empty();
        };
    }

    private static Optional<Notification> route(byte[] payload) {
        boolean told = payload.length >= Headers.RTMSG
                && (payload[RTM_TABLE] & 0xff) != RT_TABLE_LOCAL
                && payload[RTM_PROTOCOL] != RTPROT_KERNEL;
        return told ? Optional.of(ROUTE) : Optional.empty();
    }

    private static Optional<Notification> neighbour(NetlinkMessage message) {
        byte[] payload = message.payload();
        if (payload.length < Headers.NDMSG || payload[0] == Headers.AF_BRIDGE) {
            return Optional.empty();
        }
        int state = Headers.read(payload).getShort(NDM_STATE);
        if (message.type() == RTM_NEWNEIGH && (state & NUD_PERMANENT) != 0) {
            return Optional.of(NEIGHBOUR_SET);
        }
        boolean gone = message.type() == RTM_DELNEIGH || (state & NUD_FAILED) != 0;
        return gone ? Optional.of(NEIGHBOUR_GONE) : Optional.empty();
    }
}
