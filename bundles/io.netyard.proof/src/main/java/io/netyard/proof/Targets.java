package io.netyard.proof;

import io.netyard.api.IpPrefix;
import io.netyard.api.lab.RunningLab.Address;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Chooses the address at which one node asks another. */
final class Targets {

    private Targets() {}

    /**
     * The first address of the target that shares a subnet with one of the source's; else its first of a family that the source
     * has. Never an IPv6 link-local one: every interface has one, and it says nothing about the lab's networks.
     *
     * @return empty if there is none
     */
    static Optional<InetAddress> choose(List<IpPrefix> source, List<IpPrefix> target) {
        List<IpPrefix> from = usable(source);
        List<IpPrefix> to = usable(target);
        return to.stream()
                .filter(address -> from.stream().anyMatch(own -> shareSubnet(own, address)))
                .findFirst()
                .or(() -> to.stream()
                        .filter(address -> from.stream().anyMatch(own -> own.isIpv4() == address.isIpv4()))
                        .findFirst())
                .map(IpPrefix::address);
    }

    /** The address from which a node asks for one by ARP: the one that shares a subnet with it, else its first of IPv4. */
    static Optional<Address> sender(List<Address> own, Inet4Address target) {
        List<Address> ipv4 =
                own.stream().filter(address -> address.prefix().isIpv4()).toList();
        return ipv4.stream()
                .filter(address -> address.prefix().contains(target))
                .findFirst()
                .or(() -> ipv4.stream().findFirst());
    }

    private static List<IpPrefix> usable(List<IpPrefix> addresses) {
        return addresses.stream()
                .filter(prefix -> !prefix.address().isLinkLocalAddress() || prefix.isIpv4())
                .toList();
    }

    /** One side may have the whole address as its prefix and reach the other by a route. */
    private static boolean shareSubnet(IpPrefix a, IpPrefix b) {
        return a.contains(b.address()) || b.contains(a.address());
    }
}
