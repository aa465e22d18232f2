package io.netyard.api;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address together with the length of its network part, as an interface carries it.
 *
 * @param address the host's address; never looked up by name
 * @param length bits of the network part: 0 to 32 (IPv4) or 0 to 128 (IPv6)
 */
public record IpPrefix(InetAddress address, int length) {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    public IpPrefix {
        int bits = address.getAddress().length * 8;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException("prefix length must be 0..%d, was %d".formatted(bits, length));
        }
    }

    /** @param text {@code 192.168.5.1/24} or {@code fd00::1/64}; without a length the whole address counts */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = parseAddress(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new IpPrefix(address, address.getAddress().length * 8);
        }
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}")) {
            throw notAnAddress(text);
        }
        return new IpPrefix(address, Integer.parseInt(length));
    }

    /** A literal address; nothing is resolved. */
    public static InetAddress parseAddress(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            throw notAnAddress(text);
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw notAnAddress(text);
        }
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException(
                "'%s' is not an address such as 192.168.5.1/24 or fd00::1/64".formatted(Text.printable(text)));
    }

    public boolean isIpv4() {
        return address instanceof Inet4Address;
    }

    /** True if {@code other} lies in the network that this prefix names. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int hostBits = mine.length * 8 - length;
        return new BigInteger(1, mine).shiftRight(hostBits).equals(new BigInteger(1, theirs).shiftRight(hostBits));
    }

    /** {@code 192.168.5.1/24} or {@code fd00::1/64}. */
    @Override
    public String toString() {
        return text(address) + "/" + length;
    }

    /** The address as the field writes it: IPv6 in the short form of RFC 5952, section 4. */
    public static String text(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address.getHostAddress();
        }
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        // The longest run of zero groups, the first of several, and never a single one.
        int start = -1;
        int size = 1;
        for (int i = 0; i < groups.length; i++) {
            int end = i;
            while (end < groups.length && groups[end] == 0) {
                end++;
            }
            if (end - i > size) {
                start = i;
                size = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (i == start) {
                text.append("::");
                i += size - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
