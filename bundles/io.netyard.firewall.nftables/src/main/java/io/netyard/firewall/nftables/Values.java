package io.netyard.firewall.nftables;

import io.netyard.api.IpPrefix;
import io.netyard.api.firewall.PortRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Values as nft writes them. */
final class Values {

    private Values() {}

    /** One value as it is, several as an anonymous set. */
    static String set(Collection<?> values) {
        if (values.size() == 1) {
            return values.iterator().next().toString();
        }
        return values.stream().map(Object::toString).collect(Collectors.joining(", ", "{ ", " }"));
    }

    /** Networks, none of which lies within another: nft refuses sets with overlaps. */
    static List<IpPrefix> distinct(Collection<IpPrefix> prefixes) {
        List<IpPrefix> kept = new ArrayList<>();
        for (IpPrefix prefix : prefixes.stream()
                .sorted(Comparator.comparingInt(IpPrefix::length))
                .toList()) {
            if (kept.stream().noneMatch(wider -> wider.contains(prefix.address()))) {
                kept.add(prefix);
            }
        }
        return kept;
    }

    /** Ranges that neither overlap nor touch, in order. */
    static List<PortRange> distinctPorts(Collection<PortRange> ranges) {
        List<PortRange> merged = new ArrayList<>();
        for (PortRange range : ranges.stream()
                .sorted(Comparator.comparingInt(PortRange::first))
                .toList()) {
            int last = merged.size() - 1;
            if (last >= 0 && range.first() <= merged.get(last).last() + 1) {
                PortRange before = merged.get(last);
                merged.set(last, new PortRange(before.first(), Math.max(before.last(), range.last())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }

    /** The network's address, without bits of a host in it, and the length unless it is the whole address. */
    static String network(IpPrefix prefix) {
        int bits = prefix.address().getAddress().length * 8;
        if (prefix.length() == bits) {
            return IpPrefix.text(prefix.address());
        }
        byte[] network = bytes(number(prefix).and(mask(bits, prefix.length())), bits / 8);
        return IpPrefix.text(address(network)) + "/" + prefix.length();
    }

    static BigInteger number(IpPrefix prefix) {
        return new BigInteger(1, prefix.address().getAddress());
    }

    static BigInteger mask(int bits, int length) {
        return BigInteger.ONE.shiftLeft(length).subtract(BigInteger.ONE).shiftLeft(bits - length);
    }

    /** 128 bits. */
    static String hex(BigInteger number) {
        return "0x%032x".formatted(number);
    }

    private static byte[] bytes(BigInteger number, int length) {
        byte[] bytes = new byte[length];
        byte[] significant = number.toByteArray();
        for (int i = 0; i < Math.min(length, significant.length); i++) {
            bytes[length - 1 - i] = significant[significant.length - 1 - i];
        }
        return bytes;
    }

    private static java.net.InetAddress address(byte[] bytes) {
        try {
            return java.net.InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
