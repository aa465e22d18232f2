package io.netyard.proof;

import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.route.NeighbourReply;
import io.netyard.kernel.route.NeighbourRequests;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/** What a namespace has learned of its neighbours by ARP and IPv6 neighbour discovery. */
final class Neighbours {

    private Neighbours() {}

    /** The hardware address that a namespace knows for an IP address; empty while it knows none. */
    static Optional<MacAddress> lookup(NetnsRef netns, InetAddress address) {
        try (NetlinkSocket socket = NetlinkSocket.open(netns)) {
            return NeighbourReply.listOf(socket.dump(NeighbourRequests.dump(netns.toString()))).stream()
                    .filter(entry -> entry.address().equals(Optional.of(address)))
                    .flatMap(entry -> entry.mac().stream())
                    .findFirst();
        }
    }

    /** Forgets what was learned of these addresses; entries that someone put there stay. */
    static void forget(NetnsRef netns, Set<InetAddress> addresses) {
        try (NetlinkSocket socket = NetlinkSocket.open(netns)) {
            for (NeighbourReply entry : NeighbourReply.listOf(socket.dump(NeighbourRequests.dump(netns.toString())))) {
                if (entry.isLearned()
                        && entry.address().filter(addresses::contains).isPresent()) {
                    forget(socket, entry, netns.toString());
                }
            }
        }
    }

    private static void forget(NetlinkSocket socket, NeighbourReply entry, String subject) {
        try {
            socket.execute(
                    NeighbourRequests.delete(entry.index(), entry.address().orElseThrow(), subject));
        } catch (KernelException e) {
            if (!e.isAbsent()) {
                throw e;
            }
        }
    }
}
