package io.netyard.api;

/**
 * Largest packet an interface carries, in bytes of network-layer payload: the IP header counts, the 14-byte Ethernet
 * header and a 4-byte 802.1Q tag do not.
 *
 * @param bytes {@value #MIN} to {@value #MAX}, the bounds of Ethernet-like devices (ETH_MIN_MTU and ETH_MAX_MTU,
 *     linux/if_ether.h)
 */
public record Mtu(int bytes) {

    public static final int MIN = 68;
    public static final int MAX = 65_535;

    public Mtu {
        if (bytes < MIN || bytes > MAX) {
            throw new IllegalArgumentException("MTU must be %d..%d bytes, was %d".formatted(MIN, MAX, bytes));
        }
    }

    @Override
    public String toString() {
        return Integer.toString(bytes);
    }
}
