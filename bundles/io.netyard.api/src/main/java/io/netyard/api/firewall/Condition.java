package io.netyard.api.firewall;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Something that is true of a packet or not. A condition with {@code not} is true if the packet <em>has</em> the field and the
 * field holds none of the values: {@code source not 10.0.0.1} says nothing about ARP. At layer link a tag in front does not hide a
 * field: conditions on addresses hold for tagged frames as for untagged ones.
 *
 * <p>{@link #toString()} gives the words of {@link Rule#parse}.
 */
public sealed interface Condition {

    /** The family of packets that alone can meet it; empty if that is no matter. */
    default Optional<Frames> implied() {
        return Optional.empty();
    }

    /** The interface a packet came in by; at layer link the port, not the bridge. */
    record In(Set<InterfaceName> interfaces, boolean not) implements Condition {

        public In {
            interfaces = requireSome(interfaces);
        }

        @Override
        public String toString() {
            return text("in", interfaces, not);
        }
    }

    /** The interface a packet is about to leave by; at layer link the port. */
    record Out(Set<InterfaceName> interfaces, boolean not) implements Condition {

        public Out {
            interfaces = requireSome(interfaces);
        }

        @Override
        public String toString() {
            return text("out", interfaces, not);
        }
    }

    /** What a frame carries. */
    enum Frames implements Condition {
        /** ARP (Ethertype 0x0806, RFC 826), tagged or not. */
        ARP,
        /** IPv4 (0x0800), tagged or not. */
        IPV4,
        /** IPv6 (0x86dd), tagged or not. */
        IPV6,
        /** Any frame with an 802.1Q or 802.1ad tag (0x8100, 0x88a8). At point ingress: as it came in. */
        TAGGED;

        @Override
        public Optional<Frames> implied() {
            return Optional.of(this);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The Ethernet source address. Layer link only. */
    record SourceMac(Set<MacAddress> addresses, boolean not) implements Condition {

        public SourceMac {
            addresses = requireSome(addresses);
        }

        @Override
        public String toString() {
            return text("source-mac", addresses, not);
        }
    }

    /** The sender's IPv4 address in an ARP packet (ar$spa of RFC 826). Layer link only. */
    record ArpSource(Set<IpPrefix> addresses, boolean not) implements Condition {

        public ArpSource {
            addresses = requireSome(addresses);
        }

        @Override
        public Optional<Frames> implied() {
            return Optional.of(Frames.ARP);
        }

        @Override
        public String toString() {
            return text("arp-source", texts(addresses), not);
        }
    }

    /** The sender's hardware address in an ARP packet (ar$sha of RFC 826). Layer link only. */
    record ArpSourceMac(Set<MacAddress> addresses, boolean not) implements Condition {

        public ArpSourceMac {
            addresses = requireSome(addresses);
        }

        @Override
        public Optional<Frames> implied() {
            return Optional.of(Frames.ARP);
        }

        @Override
        public String toString() {
            return text("arp-source-mac", addresses, not);
        }
    }

    /** The source address of an IP packet. All of one family. */
    record Source(Set<IpPrefix> addresses, boolean not) implements Condition {

        public Source {
            addresses = requireOneFamily(addresses);
        }

        @Override
        public Optional<Frames> implied() {
            return Optional.of(family(addresses));
        }

        @Override
        public String toString() {
            return text("source", texts(addresses), not);
        }
    }

    /** The destination address of an IP packet. All of one family. */
    record Destination(Set<IpPrefix> addresses, boolean not) implements Condition {

        public Destination {
            addresses = requireOneFamily(addresses);
        }

        @Override
        public Optional<Frames> implied() {
            return Optional.of(family(addresses));
        }

        @Override
        public String toString() {
            return text("destination", texts(addresses), not);
        }
    }

    /** The address that an IPv6 neighbour solicitation or advertisement is about (RFC 4861, 4.3 and 4.4: Target Address). */
    record NdTarget(Set<IpPrefix> addresses, boolean not) implements Condition {

        public NdTarget {
            addresses = requireOneFamily(addresses);
            if (family(addresses) != Frames.IPV6) {
                throw new IllegalArgumentException("nd-target takes IPv6 addresses");
            }
        }

        @Override
        public Optional<Frames> implied() {
            return Optional.of(Frames.IPV6);
        }

        @Override
        public String toString() {
            return text("nd-target", texts(addresses), not);
        }
    }

    /** The protocol above IP, 0 to 255, by IANA's number; with IPv6 that behind the extension headers. */
    record Transport(int protocol) implements Condition {

        public static final Transport ICMP = new Transport(1);
        public static final Transport TCP = new Transport(6);
        public static final Transport UDP = new Transport(17);
        public static final Transport ICMPV6 = new Transport(58);

        public Transport {
            if (protocol < 0 || protocol > 255) {
                throw new IllegalArgumentException("a protocol must be 0..255, was " + protocol);
            }
        }

        /** True if it has ports. */
        public boolean hasPorts() {
            return equals(TCP) || equals(UDP);
        }

        @Override
        public Optional<Frames> implied() {
            return equals(ICMP)
                    ? Optional.of(Frames.IPV4)
                    : equals(ICMPV6) ? Optional.of(Frames.IPV6) : Optional.empty();
        }

        @Override
        public String toString() {
            return switch (protocol) {
                case 1 -> "icmp";
                case 6 -> "tcp";
                case 17 -> "udp";
                case 58 -> "icmpv6";
                default -> "protocol " + protocol;
            };
        }
    }

    /** The source port; the rule has {@link Transport} TCP or UDP too. */
    record SourcePorts(Set<PortRange> ports) implements Condition {

        public SourcePorts {
            ports = requireSome(ports);
        }

        @Override
        public String toString() {
            return text("sport", ports, false);
        }
    }

    /** The destination port; the rule has {@link Transport} TCP or UDP too. */
    record DestinationPorts(Set<PortRange> ports) implements Condition {

        public DestinationPorts {
            ports = requireSome(ports);
        }

        @Override
        public String toString() {
            return text("dport", ports, false);
        }
    }

    /** The type of an ICMP or ICMPv6 message, 0 to 255; the rule has {@link Transport} ICMP or ICMPV6 too. */
    record IcmpTypes(Set<Integer> types) implements Condition {

        public IcmpTypes {
            types = requireSome(types);
            if (types.stream().anyMatch(type -> type < 0 || type > 255)) {
                throw new IllegalArgumentException("an ICMP type must be 0..255");
            }
        }

        @Override
        public String toString() {
            return text("type", types, false);
        }
    }

    /** What connection tracking says of the packet. */
    record State(Set<Tracked> states) implements Condition {

        public State {
            states = requireSome(states);
        }

        @Override
        public String toString() {
            return text("state", states, false);
        }
    }

    /** States of connection tracking (linux/netfilter/nf_conntrack_common.h). */
    enum Tracked {
        NEW,
        ESTABLISHED,
        RELATED,
        INVALID;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static <T> Set<T> requireSome(Set<T> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a condition needs at least one value");
        }
        return Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    private static Set<IpPrefix> requireOneFamily(Set<IpPrefix> addresses) {
        if (addresses.stream().map(IpPrefix::isIpv4).distinct().count() > 1) {
            throw new IllegalArgumentException("IPv4 and IPv6 addresses in one condition: write a rule for each");
        }
        return requireSome(addresses);
    }

    private static Frames family(Set<IpPrefix> addresses) {
        return addresses.iterator().next().isIpv4() ? Frames.IPV4 : Frames.IPV6;
    }

    private static Set<String> texts(Set<IpPrefix> prefixes) {
        return prefixes.stream().map(Condition::text).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Without the length if that is the whole address. */
    private static String text(IpPrefix prefix) {
        boolean whole = prefix.length() == prefix.address().getAddress().length * 8;
        return whole ? IpPrefix.text(prefix.address()) : prefix.toString();
    }

    private static String text(String word, Collection<?> values, boolean not) {
        return values.stream().map(Object::toString).collect(Collectors.joining(",", word + (not ? " not " : " "), ""));
    }
}
