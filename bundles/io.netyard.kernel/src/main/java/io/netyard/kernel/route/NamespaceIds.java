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
    private static final int RTM_GETNSID = 90;

    // linux/net_namespace.h
    private static final int NETNSA_NSID = 1;
    private static final int NETNSA_FD = 3;

    private NamespaceIds() {}

    /** @param descriptor an open file descriptor of the namespace asked about */
    public static NetlinkRequest get(int descriptor, String subject) {
        byte[] payload = new AttributeWriter(new byte[Headers.RTGENMSG])
                .u32(NETNSA_FD, descriptor)
                .toBytes();
        return new NetlinkRequest(RTM_GETNSID, 0, payload, "find the id of", subject);
    }

    /** Empty if the asking namespace has no number for the other one (NETNSA_NSID_NOT_ASSIGNED, -1). */
    public static OptionalInt of(NetlinkMessage reply) {
        if (reply.type() != RTM_NEWNSID) {
            return OptionalInt.empty();
        }
        OptionalInt id = new AttributeReader(reply.payload(), Headers.RTGENMSG).u32(NETNSA_NSID);
        return id.orElse(-1) < 0 ? OptionalInt.empty() : id;
    }
}
