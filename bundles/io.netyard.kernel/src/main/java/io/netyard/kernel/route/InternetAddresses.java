package io.netyard.kernel.route;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Octets of a netlink attribute, read as an address. */
final class InternetAddresses {

    private static final int IPV4_OCTETS = 4;
    private static final int IPV6_OCTETS = 16;

    private InternetAddresses() {}

    /** Empty unless there are 4 or 16 octets. Never turns an IPv4-mapped IPv6 address into an IPv4 one, as InetAddress would. */
    static Optional<InetAddress> of(byte[] octets) {
        try {
            return switch (octets.length) {
                case IPV4_OCTETS -> Optional.of(InetAddress.getByAddress(octets));
                case IPV6_OCTETS -> Optional.of(Inet6Address.getByAddress(null, octets, -1));
                default -> Optional.empty();
            };
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the JDK refuses an address of the right length", e);
        }
    }
}
