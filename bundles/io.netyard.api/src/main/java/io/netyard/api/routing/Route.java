package io.netyard.api.routing;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.Text;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A route of the main table, in the words of iproute2: {@code default via 192.168.5.254}, {@code 192.168.6.0/24 dev veth99.20},
 * {@code blackhole 10.0.0.0/8}.
 *
 * @param destination the network, without host bits; of length 0 for a default route
 * @param gateway next hop; it may be IPv6 although the destination is IPv4 ({@code via inet6 fe80::1}), not the other way round
 * @param device the interface to leave by. With a gateway it may be left out: the kernel then looks for the one that reaches the gateway
 * @param metric 1 to 4,294,967,295, the smallest is used first; empty for the kernel's default: 0 (the best) in IPv4, 1,024 in IPv6
 * @param source the address that packets of this host get ({@code src})
 */
public record Route(
        Kind kind,
        IpPrefix destination,
        Optional<InetAddress> gateway,
        Optional<InterfaceName> device,
        OptionalLong metric,
        Optional<InetAddress> source) {

    /** The metric of an IPv6 route for which none was asked (IP6_RT_PRIO_USER, net/ipv6/ip6_route). */
    public static final long IPV6_DEFAULT_METRIC = 1_024;

    private static final long METRIC_MAX = 0xffff_ffffL;

    private static final String EXAMPLES =
            "; write it as in: default via 192.168.5.254, 192.168.6.0/24 dev veth99.20," + " blackhole 10.0.0.0/8";

    /** What becomes of the packet. */
    public enum Kind {
        /** It is sent on. */
        UNICAST,
        /** It is dropped in silence. */
        BLACKHOLE,
        /** It is dropped and the sender told that the host is unreachable. */
        UNREACHABLE,
        /** It is dropped and the sender told that this is prohibited. */
        PROHIBIT;

        /** As iproute2 writes it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Route {
        boolean ipv4 = destination.isIpv4();
        IpPrefix network = network(destination);
        if (!network.equals(destination)) {
            throw new IllegalArgumentException(
                    "a route leads to a network: %s has host bits, write %s".formatted(destination, network));
        }
        if (kind == Kind.UNICAST && gateway.isEmpty() && device.isEmpty()) {
            throw new IllegalArgumentException(
                    "the route to %s needs a gateway (via) or an interface (dev)".formatted(destination));
        }
        if (kind != Kind.UNICAST && (gateway.isPresent() || device.isPresent())) {
            throw new IllegalArgumentException(
                    "the %s route to %s leads nowhere: leave out via and dev".formatted(kind, destination));
        }
        if (!ipv4 && gateway.filter(Inet4Address.class::isInstance).isPresent()
                || source.filter(address -> address instanceof Inet4Address != ipv4)
                        .isPresent()) {
            throw new IllegalArgumentException("the route to %s mixes IPv4 and IPv6".formatted(destination));
        }
        if (metric.isPresent() && (metric.getAsLong() < 1 || metric.getAsLong() > METRIC_MAX)) {
            throw new IllegalArgumentException("a metric is 1 to %d, not %d".formatted(METRIC_MAX, metric.getAsLong()));
        }
        if (!ipv4 && metric.isPresent() && metric.getAsLong() == IPV6_DEFAULT_METRIC) {
            metric = OptionalLong.empty();
        }
    }

    private static IpPrefix network(IpPrefix prefix) {
        byte[] octets = prefix.address().getAddress();
        int hostBits = octets.length * 8 - prefix.length();
        BigInteger bits = new BigInteger(1, octets).shiftRight(hostBits).shiftLeft(hostBits);
        byte[] masked = new byte[octets.length];
        for (int i = 0; i < masked.length; i++) {
            masked[i] = bits.shiftRight(8 * (masked.length - 1 - i)).byteValue();
        }
        try {
            return new IpPrefix(InetAddress.getByAddress(masked), prefix.length());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A unicast route by a gateway, the interface left to the kernel. */
    public static Route via(IpPrefix destination, InetAddress gateway) {
        return new Route(
                Kind.UNICAST,
                destination,
                Optional.of(gateway),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty());
    }

    /** A unicast route to a network that is on the link itself. */
    public static Route by(IpPrefix destination, InterfaceName device) {
        return new Route(
                Kind.UNICAST,
                destination,
                Optional.empty(),
                Optional.of(device),
                OptionalLong.empty(),
                Optional.empty());
    }

    /**
     * Reads {@code [KIND] DESTINATION [via [inet6] ADDRESS] [dev IFACE] [metric NUMBER] [src ADDRESS]}; the destination is a prefix, an
     * address (then of full length) or {@code default}, which is of the gateway's or source's family, IPv4 without either.
     *
     * @throws IllegalArgumentException if it is not such a text, with a message for the user
     */
    public static Route parse(String text) {
        Deque<String> words = new ArrayDeque<>(List.of(text.strip().split("\\s+")));
        if (text.isBlank()) {
            throw wrong("a route is missing");
        }
        Kind kind = Kind.UNICAST;
        for (Kind each : Kind.values()) {
            if (each.toString().equals(words.peek())) {
                kind = each;
                words.remove();
                break;
            }
        }
        if (words.isEmpty()) {
            throw wrong("'%s' names no destination".formatted(Text.printable(text)));
        }
        String first = words.remove();
        Optional<IpPrefix> destination =
                first.equals("default") ? Optional.empty() : Optional.of(IpPrefix.parse(first));
        Optional<InetAddress> gateway = Optional.empty();
        boolean foreignGateway = false;
        Optional<InterfaceName> device = Optional.empty();
        OptionalLong metric = OptionalLong.empty();
        Optional<InetAddress> source = Optional.empty();
        while (!words.isEmpty()) {
            String word = words.remove();
            String value = words.poll();
            if (value == null) {
                throw wrong("'%s' in '%s' needs a value".formatted(Text.printable(word), Text.printable(text)));
            }
            boolean again =
                    switch (word) {
                        case "via" -> gateway.isPresent();
                        case "dev" -> device.isPresent();
                        case "metric" -> metric.isPresent();
                        case "src" -> source.isPresent();
                        default ->
                            throw wrong("'%s' in '%s' is not understood"
                                    .formatted(Text.printable(word), Text.printable(text)));
                    };
            if (again) {
                throw wrong("'%s' stands twice in '%s'".formatted(word, Text.printable(text)));
            }
            switch (word) {
                case "via" -> {
                    foreignGateway = value.equals("inet6");
                    gateway = Optional.of(IpPrefix.parseAddress(foreignGateway ? next(words, text) : value));
                }
                case "dev" -> device = Optional.of(new InterfaceName(value));
                case "metric" -> metric = OptionalLong.of(number(value));
                default -> source = Optional.of(IpPrefix.parseAddress(value));
            }
        }
        boolean ipv6 = !foreignGateway && gateway.filter(Route::isIpv6).isPresent()
                || source.filter(Route::isIpv6).isPresent();
        IpPrefix to = destination.orElseGet(() -> IpPrefix.parse(ipv6 ? "::/0" : "0.0.0.0/0"));
        return new Route(kind, to, gateway, device, metric, source);
    }

    private static String next(Deque<String> words, String text) {
        if (words.isEmpty()) {
            throw wrong("'inet6' in '%s' needs an address".formatted(Text.printable(text)));
        }
        return words.remove();
    }

    private static long number(String text) {
        if (!text.matches("\\d{1,10}")) {
            throw wrong("metric '%s' is not a number".formatted(Text.printable(text)));
        }
        return Long.parseLong(text);
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + EXAMPLES);
    }

    private static boolean isIpv6(InetAddress address) {
        return !(address instanceof Inet4Address);
    }

    public boolean isDefault() {
        return destination.length() == 0;
    }

    /**
     * True if {@code found}, as read from the kernel, is what this one asks for: all parts are equal, except that what is left to the kernel
     * here (interface, source) may be anything there.
     */
    public boolean isMetBy(Route found) {
        return kind == found.kind
                && destination.equals(found.destination)
                && gateway.equals(found.gateway)
                && (device.isEmpty() || device.equals(found.device))
                && metric.equals(found.metric)
                && (source.isEmpty() || source.equals(found.source));
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
        boolean ipv4 = destination.isIpv4();
        StringBuilder text = new StringBuilder();
        if (kind != Kind.UNICAST) {
            text.append(kind).append(' ');
        }
        boolean familyIsClear = ipv4 || gateway.isPresent() || source.isPresent();
        text.append(isDefault() && familyIsClear ? "default" : destination);
        gateway.ifPresent(address ->
                text.append(ipv4 && isIpv6(address) ? " via inet6 " : " via ").append(IpPrefix.text(address)));
        device.ifPresent(name -> text.append(" dev ").append(name));
        metric.ifPresent(number -> text.append(" metric ").append(number));
        source.ifPresent(address -> text.append(" src ").append(IpPrefix.text(address)));
        return text.toString();
    }
}
