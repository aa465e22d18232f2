package io.netyard.firewall.chains;

import io.netyard.api.IpPrefix;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Networks as tools want them. */
public final class Prefixes {

    private Prefixes() {}

    /** The network that a prefix names, without the bits of a host: {@code 10.0.0.0/24} for {@code 10.0.0.1/24}. */
    public static String network(IpPrefix prefix) {
        byte[] bytes = prefix.address().getAddress();
        for (int bit = prefix.length(); bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        try {
            return new IpPrefix(InetAddress.getByAddress(bytes), prefix.length()).toString();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("as long as the address it comes from", e);
        }
    }
}
