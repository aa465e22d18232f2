package io.netyard.kernel.route;

import io.netyard.kernel.AttributeReader;
import io.netyard.kernel.AttributeWriter;
import io.netyard.kernel.NetlinkMessage;
import io.netyard.kernel.NetlinkRequest;
import java.util.OptionalInt;

/**
 * The numbers by which one network namespace refers to others (linux/net_namespace.h): local to the namespace that uses them, given out by
 * the kernel when it first has to name the other one, e.g. in IFLA_LINK_NETNSID.
 */
public final class NamespaceIds {

    // linux/rtnetlink.h
    private static final int RTM_NEWNSID = 88;
    private static final int RTM_DELNSID = 89;
    private static final int RTM_GETNSID = 90;

    // linux/net_namespace.h
    private static final int NETNSA_NSID = 1;
    private static final int NETNSA_FD = 3;

    /** NETNSA_NSID_NOT_ASSIGNED */
    private static final int NOT_ASSIGNED = -1;

    private NamespaceIds() {}

    /** @param descriptor an open file descriptor of the namespace asked about */
    public static NetlinkRequest get(int descriptor, String subject) {
        byte[] payload = new AttributeWriter(new byte[Headers.RTGENMSG])
                .u32(NETNSA_FD, descriptor)
                .toBytes();
        return new NetlinkRequest(RTM_GETNSID, 0, payload, "find the id of", subject);
    }

    /** Gives another namespace an id in the one that this is sent in; the kernel chooses. */
    public static NetlinkRequest create(int descriptor, String subject) {
        byte[] payload = new AttributeWriter(new byte[Headers.RTGENMSG])
                .u32(NETNSA_NSID, NOT_ASSIGNED)
                .u32(NETNSA_FD, descriptor)
                .toBytes();
        return new NetlinkRequest(RTM_NEWNSID, 0, payload, "give an id to", subject);
    }

    /** The id of a namespace that has ended; empty if the message is about something else. */
    public static OptionalInt ended(NetlinkMessage notification) {
        return notification.type() == RTM_DELNSID
                ? new AttributeReader(notification.payload(), Headers.RTGENMSG).u32(NETNSA_NSID)
                : OptionalInt.empty();
    }

    /** Empty if the asking namespace has no number for the other one (NETNSA_NSID_NOT_ASSIGNED). */
    public static OptionalInt of(NetlinkMessage reply) {
        if (reply.type() != RTM_NEWNSID) {
            return OptionalInt.empty();
        }
        OptionalInt id = new AttributeReader(reply.payload(), Headers.RTGENMSG).u32(NETNSA_NSID);
        return id.orElse(NOT_ASSIGNED) < 0 ? OptionalInt.empty() : id;
    }
}
