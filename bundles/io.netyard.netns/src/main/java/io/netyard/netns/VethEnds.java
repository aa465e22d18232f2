package io.netyard.netns;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkRequests;

/**
 * The veth pairs that lead out of a namespace. They are all of it that others can see, and the kernel removes them some time
 * after the last holder has gone; deleted by request they are gone when the request returns.
 */
final class VethEnds {

    private VethEnds() {}

    /** Deletes them all, and so their other ends. A namespace that has ended meanwhile has none. */
    static void deleteAll(NetnsRef where) {
        try (NetlinkSocket socket = NetlinkSocket.open(where)) {
            for (LinkReply link : LinkReply.listOf(socket.dump(LinkRequests.dump(where.toString())))) {
                if (link.kind().equals(LinkReply.VETH)) {
                    delete(socket, link, where);
                }
            }
        } catch (RequestException e) {
            // Has ended.
        }
    }

    private static void delete(NetlinkSocket socket, LinkReply link, NetnsRef where) {
        try {
            socket.execute(LinkRequests.delete(link.index(), link.interfaceName() + " in " + where));
        } catch (KernelException e) {
            // Its other end may be in here too, and has taken it along.
            if (!e.isAbsent()) {
                throw e;
            }
        }
    }
}
