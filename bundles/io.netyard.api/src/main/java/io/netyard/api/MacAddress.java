package io.netyard.api;

import java.util.regex.Pattern;

/**
 * An Ethernet hardware address.
 *
 * @param bits the 48 bits, first octet on the wire in the highest of them
 */
public record MacAddress(long bits) {

    /** In bytes (ETH_ALEN, linux/if_ether.h). */
    public static final int LENGTH = 6;

    private static final Pattern COLON_FORM = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");

    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("a MAC address has 48 bits");
        }
    }

    /** @param text six octets in hexadecimal with colons between, as iproute2 prints them */
    public static MacAddress parse(String text) {
        if (!COLON_FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a MAC address such as 02:00:00:00:00:01".formatted(Text.printable(text)));
        }
        return new MacAddress(Long.parseLong(text.replace(":", ""), 16));
    }

    /** @param octets exactly {@value #LENGTH} */
    public static MacAddress of(byte[] octets) {
        if (octets.length != LENGTH) {
            throw new IllegalArgumentException("a MAC address has 6 octets, not " + octets.length);
        }
        long bits = 0;
        for (byte octet : octets) {
            bits = bits << 8 | octet & 0xff;
        }
        return new MacAddress(bits);
    }

    public byte[] octets() {
        byte[] octets = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            octets[i] = (byte) (bits >>> 8 * (LENGTH - 1 - i));
        }
        return octets;
    }

    /** True if an interface can own it: not a group address (I/G bit) and not all zero. */
    public boolean isUnicast() {
        return bits != 0 && (bits >>> 40 & 1) == 0;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (byte octet : octets()) {
            text.append(text.isEmpty() ? "" : ":").append("%02x".formatted(octet & 0xff));
        }
        return text.toString();
    }
}
