package io.netyard.api.firewall;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Text;
import io.netyard.api.firewall.Condition.Frames;
import io.netyard.api.firewall.Condition.Tracked;
import io.netyard.api.firewall.Condition.Transport;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One rule: a packet at {@code point} that meets all {@code conditions} is dealt with by {@code action}. It has one text form, in lab
 * files, on the console and in the state that survives a restart:
 *
 * <pre>
 * ingress in veth13,veth23 tagged drop
 * ingress in veth93 arp-source not 192.168.5.9 drop
 * forward in brz.10 out vethn source 192.168.5.0/24 accept
 * forward state established,related accept
 * input in vethn tcp dport 22,8000-8080 drop
 * prerouting in vethn tcp dport 80 dnat 192.168.5.1:8080
 * postrouting out vethn source 192.168.5.0/24 masquerade
 * </pre>
 *
 * @param conditions no kind twice; all must hold; none means every packet
 */
public record Rule(Point point, List<Condition> conditions, Action action) {

    public Rule {
        conditions = List.copyOf(conditions);
        Set<Class<?>> kinds = new LinkedHashSet<>();
        for (Condition condition : conditions) {
            if (condition != Frames.TAGGED && !kinds.add(condition.getClass())) {
                throw new IllegalArgumentException(
                        "'%s': a condition of this kind is there already".formatted(condition));
            }
        }
        families(conditions);
        requireTransport(conditions);
    }

    /** The one condition of that kind, if it has one. Of {@link Frames} it is that which is not {@link Frames#TAGGED}. */
    public <T extends Condition> Optional<T> condition(Class<T> kind) {
        return conditions.stream()
                .filter(condition -> condition != Frames.TAGGED)
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst();
    }

    /** The interfaces that it names, in its order. */
    public Set<InterfaceName> interfaces() {
        Set<InterfaceName> names = new LinkedHashSet<>();
        condition(Condition.In.class).ifPresent(in -> names.addAll(in.interfaces()));
        condition(Condition.Out.class).ifPresent(out -> names.addAll(out.interfaces()));
        return names;
    }

    /** Whether it holds at given interfaces only, and not at all but given ones. */
    public boolean isForGivenInterfaces() {
        return condition(Condition.In.class).filter(in -> !in.not()).isPresent()
                || condition(Condition.Out.class).filter(out -> !out.not()).isPresent();
    }

    /** Whether it is about tagged frames only. */
    public boolean tagged() {
        return conditions.contains(Frames.TAGGED);
    }

    /** The one family of packets that can meet it ({@link Frames#ARP}, IPV4 or IPV6); empty if several can. */
    public Optional<Frames> family() {
        Set<Frames> families = families(conditions);
        return families.stream().findFirst();
    }

    private static Set<Frames> families(List<Condition> conditions) {
        Set<Frames> families = conditions.stream()
                .map(Condition::implied)
                .flatMap(Optional::stream)
                .filter(family -> family != Frames.TAGGED)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (families.size() > 1) {
            throw new IllegalArgumentException("no packet is %s at once"
                    .formatted(families.stream().map(Frames::toString).collect(Collectors.joining(" and "))));
        }
        return families;
    }

    private static void requireTransport(List<Condition> conditions) {
        Optional<Transport> transport = conditions.stream()
                .filter(Transport.class::isInstance)
                .map(Transport.class::cast)
                .findFirst();
        for (Condition condition : conditions) {
            boolean ports =
                    condition instanceof Condition.SourcePorts || condition instanceof Condition.DestinationPorts;
            if (ports && !transport.map(Transport::hasPorts).orElse(false)) {
                throw new IllegalArgumentException("'%s' needs tcp or udp before it".formatted(condition));
            }
            if (condition instanceof Condition.IcmpTypes
                    && transport
                            .filter(is -> is.equals(Transport.ICMP) || is.equals(Transport.ICMPV6))
                            .isEmpty()) {
                throw new IllegalArgumentException("'%s' needs icmp or icmpv6 before it".formatted(condition));
            }
        }
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    public static Rule parse(String text) {
        Iterator<String> words = List.of(text.trim().split("\\s+")).iterator();
        Point point = oneOf(Point.values(), words.next(), "a rule begins with where it holds");
        List<Condition> conditions = new ArrayList<>();
        Action action = null;
        while (words.hasNext()) {
            String word = words.next();
            if (action != null) {
                throw new IllegalArgumentException(
                        "'%s' stands after '%s', which ends a rule".formatted(Text.printable(word), action));
            }
            Optional<Action> last = action(word, words);
            if (last.isPresent()) {
                action = last.get();
            } else {
                conditions.add(condition(word, words));
            }
        }
        if (action == null) {
            throw new IllegalArgumentException(
                    "'%s' does not say what to do; end it with accept, drop, reject, masquerade, snat ADDRESS or dnat ADDRESS[:PORT]"
                            .formatted(Text.printable(text.trim())));
        }
        return new Rule(point, conditions, action);
    }

    private static Optional<Action> action(String word, Iterator<String> words) {
        return switch (word) {
            case "accept" -> Optional.of(Action.ACCEPT);
            case "drop" -> Optional.of(Action.DROP);
            case "reject" -> Optional.of(Action.REJECT);
            case "masquerade" -> Optional.of(Action.MASQUERADE);
            case "snat" -> Optional.of(Action.snat(IpPrefix.parseAddress(value(word, words))));
            case "dnat" -> Optional.of(dnat(value(word, words)));
            default -> Optional.empty();
        };
    }

    private static Action dnat(String to) {
        int colon = to.lastIndexOf(':');
        boolean bracketed = to.startsWith("[");
        if (bracketed && to.endsWith("]")) {
            return Action.dnat(IpPrefix.parseAddress(to.substring(1, to.length() - 1)), OptionalInt.empty());
        }
        if (colon < 0 || !bracketed && to.indexOf(':') != colon) {
            return Action.dnat(IpPrefix.parseAddress(to), OptionalInt.empty());
        }
        String host = to.substring(0, colon);
        if (bracketed) {
            host = host.substring(1, Math.max(1, host.length() - 1));
        }
        return Action.dnat(
                IpPrefix.parseAddress(host), OptionalInt.of(number(to.substring(colon + 1), PortRange.LARGEST)));
    }

    private static Condition condition(String word, Iterator<String> words) {
        return switch (word) {
            case "arp", "ipv4", "ipv6", "tagged" -> Frames.valueOf(word.toUpperCase(Locale.ROOT));
            case "tcp" -> Transport.TCP;
            case "udp" -> Transport.UDP;
            case "icmp" -> Transport.ICMP;
            case "icmpv6" -> Transport.ICMPV6;
            case "protocol" -> new Transport(number(value(word, words), 255));
            case "in" -> values(word, words, InterfaceName::new, Condition.In::new);
            case "out" -> values(word, words, InterfaceName::new, Condition.Out::new);
            case "source-mac" -> values(word, words, MacAddress::parse, Condition.SourceMac::new);
            case "arp-source" -> values(word, words, IpPrefix::parse, Condition.ArpSource::new);
            case "arp-source-mac" -> values(word, words, MacAddress::parse, Condition.ArpSourceMac::new);
            case "source" -> values(word, words, IpPrefix::parse, Condition.Source::new);
            case "destination" -> values(word, words, IpPrefix::parse, Condition.Destination::new);
            case "nd-target" -> values(word, words, IpPrefix::parse, Condition.NdTarget::new);
            case "sport" -> new Condition.SourcePorts(set(value(word, words), Rule::ports));
            case "dport" -> new Condition.DestinationPorts(set(value(word, words), Rule::ports));
            case "type" -> new Condition.IcmpTypes(set(value(word, words), text -> number(text, 255)));
            case "state" ->
                new Condition.State(
                        set(value(word, words), text -> oneOf(Tracked.values(), text, "a connection's state")));
            default ->
                throw new IllegalArgumentException(
                        "'%s' is no condition and no action; conditions are in, out, arp, ipv4, ipv6, tagged, source-mac, arp-source, arp-source-mac, source, destination, nd-target, tcp, udp, icmp, icmpv6, protocol, sport, dport, type, state"
                                .formatted(Text.printable(word)));
        };
    }

    private interface Maker<T> {
        Condition make(Set<T> values, boolean not);
    }

    private static <T> Condition values(String word, Iterator<String> words, Function<String, T> parse, Maker<T> make) {
        String value = value(word, words);
        boolean not = value.equals("not");
        return make.make(set(not ? value(word + " not", words) : value, parse), not);
    }

    private static String value(String word, Iterator<String> words) {
        if (!words.hasNext()) {
            throw new IllegalArgumentException("'%s' needs a value".formatted(word));
        }
        return words.next();
    }

    private static <T> Set<T> set(String text, Function<String, T> parse) {
        Set<T> values = new LinkedHashSet<>();
        for (String value : text.split(",", -1)) {
            values.add(parse.apply(value));
        }
        return values;
    }

    private static PortRange ports(String text) {
        int dash = text.indexOf('-');
        int first = number(dash < 0 ? text : text.substring(0, dash), PortRange.LARGEST);
        return new PortRange(first, dash < 0 ? first : number(text.substring(dash + 1), PortRange.LARGEST));
    }

    private static int number(String text, int largest) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > largest) {
            throw new IllegalArgumentException(
                    "'%s' is no number from 0 to %d".formatted(Text.printable(text), largest));
        }
        return Integer.parseInt(text);
    }

    private static <T extends Enum<T>> T oneOf(T[] values, String word, String what) {
        for (T value : values) {
            if (value.toString().equals(word)) {
                return value;
            }
        }
        throw new IllegalArgumentException("%s: %s, not '%s'"
                .formatted(
                        what,
                        List.of(values).stream().map(Object::toString).collect(Collectors.joining(", ")),
                        Text.printable(word)));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(point.toString());
        conditions.forEach(condition -> text.append(' ').append(condition));
        return text.append(' ').append(action).toString();
    }
}
