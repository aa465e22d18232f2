package io.netyard.testing.attack;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.api.lab.Check.Identity;
import io.netyard.kernel.IcmpSocket;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.PacketSocket;
import io.netyard.kernel.route.NeighbourReply;
import io.netyard.kernel.route.NeighbourRequests;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** A host that means no ill: what it believes, and packets that it sends in good faith. */
public final class Victim {

    private Victim() {}

    /** The hardware address of an interface. */
    public static MacAddress mac(NetnsRef where, InterfaceName device) {
        try (PacketSocket socket = PacketSocket.sender(where, device)) {
            return socket.mac();
        }
    }

    /** Whom a namespace takes for the owner of an address now, ARP and IPv6 neighbour discovery alike. It does not ask first. */
    public static Identity neighbour(NetnsRef where, InetAddress address, MacAddress real) {
        return entries(where).stream()
                .filter(entry -> entry.address().equals(Optional.of(address)))
                .flatMap(entry -> entry.mac().stream())
                .findFirst()
                .map(mac -> mac.equals(real) ? Identity.REAL : Identity.FORGED)
                .orElse(Identity.NONE);
    }

    /** Forgets all that a namespace has learned of its neighbours. */
    public static void forget(NetnsRef where) {
        try (NetlinkSocket socket = NetlinkSocket.open(where)) {
            for (NeighbourReply entry : entries(where)) {
                if (entry.isLearned() && entry.address().isPresent()) {
                    try {
                        socket.execute(NeighbourRequests.delete(
                                entry.index(), entry.address().get(), where.toString()));
                    } catch (KernelException e) {
                        if (!e.isAbsent()) {
                            throw e;
                        }
                    }
                }
            }
        }
    }

    private static List<NeighbourReply> entries(NetnsRef where) {
        try (NetlinkSocket socket = NetlinkSocket.open(where)) {
            return NeighbourReply.listOf(socket.dump(NeighbourRequests.dump(where.toString())));
        }
    }

    /** Sends one marked echo request, the way that the kernel of the namespace finds. */
    public static void ping(NetnsRef where, InetAddress target, Mark mark) {
        boolean ipv6 = target instanceof Inet6Address;
        try (IcmpSocket socket = IcmpSocket.open(where, ipv6)) {
            socket.send(ipv6 ? Packets.echoRequest6(mark) : Packets.echoRequest(mark), target, 0);
        }
    }
}
