package io.netyard.api.lab;

import io.netyard.api.InterfaceName;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** One thing that a lab promises and that can be measured. Those that send frames send one probe each, watched at many points. */
public sealed interface Check {

    /**
     * An ICMP echo request and its answer.
     *
     * @param reachable true: {@code to} must answer {@code from}; false: it must not
     */
    record Ping(String from, Target to, boolean reachable) implements Check {}

    /**
     * An ARP request and its answer, which must come from the asked node's own hardware address.
     *
     * @param from a node that shares a subnet with {@code to}
     */
    record Arp(String from, Target to, boolean reachable) implements Check {}

    /**
     * VLAN tables that must be exactly as the lab has them.
     *
     * @param switchName name of the switch, as in the lab file
     * @param device one port or the bridge itself; empty for all ports and the bridge
     */
    record VlanTable(String switchName, Optional<InterfaceName> device) implements Check {}

    /**
     * What sends a frame: an interface of a node.
     *
     * @param device empty for the node's first interface with an address, else for its bridge
     */
    record Source(String node, Optional<InterfaceName> device) {
        @Override
        public String toString() {
            return node + device.map(name -> ":" + name).orElse("");
        }
    }

    /**
     * What is to be seen of a frame at a point.
     *
     * @param sight empty if it must not come by
     */
    record Watch(Point at, Optional<Sight> sight) {}

    /**
     * One broadcast frame, an ARP request that nobody answers.
     *
     * @param tags VIDs that the sender itself puts on, outer one first; empty for an ordinary untagged frame
     * @param watches in order; also the sender's own interface may be among them
     */
    record Broadcast(Source from, List<Integer> tags, List<Watch> watches) implements Check {}

    /**
     * One echo request and its answer, watched on their way after both ends have found each other.
     *
     * @param requests in order
     * @param replies at the same points in the same order
     */
    record See(String from, Target to, List<Watch> requests, List<Watch> replies) implements Check {}

    /**
     * One echo request, followed with its source address, which translation may change on the way.
     *
     * @param answered whether the answer must come back
     * @param watches in order
     */
    record Trace(String from, Target to, boolean answered, List<Watch> watches) implements Check {}

    /**
     * Whom a node takes for the owner of an address, once it has asked.
     *
     * @param address in the subnet of an interface of {@code node}
     */
    record Neighbour(String node, InetAddress address, Identity identity) implements Check {}

    /** Whose hardware address it is that a node knows for an IP address. */
    enum Identity {
        /** The one of the interface that has the address. */
        REAL,
        /** Another. */
        FORGED,
        /** It knows none. */
        NONE
    }

    /**
     * A TCP connection attempt to a port where somebody listens.
     *
     * @param label the target in words, such as {@code internet:8080}
     * @param port 1 to 65535
     * @param server where the listener is; empty if the address belongs to no node of the lab
     * @param peer the address that the server must see as its client's; empty if that does not matter
     */
    record Tcp(
            String from,
            String label,
            Target to,
            int port,
            Optional<Server> server,
            Connection connection,
            Optional<InetAddress> peer)
            implements Check {}

    /** @param port differs from the one asked for where the destination is translated */
    record Server(String node, int port) {}

    /** What becomes of a TCP connection attempt. */
    enum Connection {
        /** Established, and data has come through. */
        OK,
        /** No answer in time, or the network says that there is no way. */
        FAIL,
        /** Answered by a reset. */
        REFUSED
    }
}
