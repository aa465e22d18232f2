package io.netyard.firewall.nftables;

import static io.netyard.firewall.nftables.Values.set;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.firewall.Action;
import io.netyard.api.firewall.Condition;
import io.netyard.api.firewall.Condition.Frames;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Point;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Policies as tables of nftables. A policy is one table, a point one chain, and each rule bears its number in the policy as a comment,
 * since nft numbers nothing itself.
 *
 * <p>A chain's policy is always {@code accept}, and what drops the rest is its last rule: a new chain is attached to its hook a moment
 * before its rules count, and an old one detached a moment after they ceased to. In these moments a policy of {@code drop} would lose
 * what is allowed.
 *
 * <p>What a frame carries is asked for by {@code meta protocol}, which skips a tag, and never by {@code ether type}, which finds the tag. The
 * other way round with tags. (The kernel keeps the outermost tag apart from the bytes of the frame.)
 */
final class Tables {

    /** What a table's comment begins with; then the layer, the fingerprint, the number of the policy's rules and that of the table's. */
    static final String MARK = "netyard";

    static final String PREFIX = "netyard-";

    /** On the rule that keeps frames of other bridges out. */
    static final String GUARD = "bridge";

    /** On the rule for the rest. */
    static final String OTHERWISE = "otherwise";

    private final Policy policy;
    private final boolean bridgeName;

    /** @param bridgeName whether a rule may ask for the bridge's name: not every kernel can tell */
    Tables(Policy policy, boolean bridgeName) {
        this.policy = policy;
        this.bridgeName = bridgeName;
    }

    static String family(Layer layer) {
        return layer == Layer.LINK ? "bridge" : "inet";
    }

    /** {@code bridge netyard-NAME}. */
    static String table(Layer layer, String policy) {
        return family(layer) + " " + PREFIX + policy;
    }

    /** The policy's name that a table's is made of; empty if it is none of ours. */
    static String policyOf(String table) {
        return table.startsWith(PREFIX) ? table.substring(PREFIX.length()) : "";
    }

    /** A transaction that puts the table in the place of one of the same name, if there is one. */
    String replacement() {
        return removal(policy.layer(), policy.name()) + addition();
    }

    /** A transaction that adds the table where none of that name is. */
    String addition() {
        return String.join("\n", lines()) + "\n";
    }

    /** A transaction that removes it if it is there. */
    static String removal(Layer layer, String policy) {
        return "add table %1$s\ndelete table %1$s\n".formatted(table(layer, policy));
    }

    /** The table. */
    List<String> lines() {
        List<String> chains = new ArrayList<>();
        int rules = 0;
        for (Point point : policy.points()) {
            List<String> chain = chain(point);
            rules += chain.size();
            chains.add("  chain " + point + " {");
            chains.add("    type " + hook(point) + "; policy accept;");
            chain.forEach(rule -> chains.add("    " + rule));
            chains.add("  }");
        }
        List<String> lines = new ArrayList<>();
        lines.add("table " + table(policy.layer(), policy.name()) + " {");
        lines.add("  comment \"%s %s %s %d %d\""
                .formatted(
                        MARK,
                        policy.layer(),
                        policy.fingerprint(),
                        policy.rules().size(),
                        rules));
        lines.addAll(chains);
        lines.add("}");
        return lines;
    }

    private String hook(Point point) {
        return switch (point) {
            // Before everything else on the bridge, br_netfilter and connection tracking included.
            case INGRESS -> "filter hook prerouting priority -300";
            // Before br_netfilter, whose priority is 0: a bridged packet that comes back from the IP hooks goes on
            // behind 0
            // (br_nf_hook_thresh in net/bridge/br_netfilter_hooks.c), and a chain at 0 would never see it.
            case FORWARD -> "filter hook forward priority " + (policy.layer() == Layer.LINK ? -200 : 0);
            case INPUT, OUTPUT -> "filter hook " + point + " priority 0";
            case PREROUTING -> "nat hook prerouting priority -100";
            case POSTROUTING -> "nat hook postrouting priority 100";
        };
    }

    private List<String> chain(Point point) {
        List<String> chain = new ArrayList<>();
        if (policy.layer() == Layer.LINK && bridgeName) {
            chain.add("meta ibrname != %s accept comment \"%s\""
                    .formatted(quoted(policy.bridge().orElseThrow()), GUARD));
        }
        for (int i = 0; i < policy.rules().size(); i++) {
            Rule rule = policy.rules().get(i);
            if (rule.point() == point) {
                for (String line : rule(rule)) {
                    chain.add("%s comment \"%d\"".formatted(line, i + 1));
                }
            }
        }
        if (policy.otherwise(point).equals(Action.DROP)) {
            chain.add("counter drop comment \"%s\"".formatted(OTHERWISE));
        }
        return chain;
    }

    /** Usually one line; several if nft cannot say it in one; none if no packet can fit. */
    private List<String> rule(Rule rule) {
        Alternatives matches = new Alternatives();
        boolean link = policy.layer() == Layer.LINK;
        for (Condition condition : rule.conditions()) {
            if (condition instanceof Condition.In in) {
                matches.and(match("iifname", in.interfaces(), in.not()));
            } else if (condition instanceof Condition.Out out) {
                matches.and(match("oifname", out.interfaces(), out.not()));
            }
        }
        if (rule.tagged()) {
            // nft takes "ether type" for a statement about what the frame carries, which would contradict the next
            // match.
            matches.and(rule.family().isPresent() ? "@ll,96,16 { 0x8100, 0x88a8 }" : "ether type { 8021q, 8021ad }");
        }
        rule.family().ifPresent(family -> matches.and(link ? protocol(family) : nfproto(family)));
        if (rule.family().isEmpty() && rule.action().to().isPresent()) {
            boolean ipv4 = rule.action().to().get() instanceof Inet4Address;
            matches.and(nfproto(ipv4 ? Frames.IPV4 : Frames.IPV6));
        }
        rule.condition(Condition.Transport.class)
                .ifPresent(transport -> matches.and("meta l4proto " + transport.protocol()));
        rule.conditions().forEach(condition -> matches.and(alternatives(rule, condition)));
        matches.and(verdicts(rule));
        return matches.lines();
    }

    private static List<String> alternatives(Rule rule, Condition condition) {
        if (condition instanceof Condition.SourceMac mac) {
            return List.of("ether saddr" + operator(mac.not()) + set(mac.addresses()));
        }
        if (condition instanceof Condition.ArpSource arp) {
            return prefixes("arp saddr ip", arp.addresses(), arp.not());
        }
        if (condition instanceof Condition.ArpSourceMac arp) {
            return List.of("arp saddr ether" + operator(arp.not()) + set(arp.addresses()));
        }
        if (condition instanceof Condition.Source source) {
            return prefixes(ip(rule) + " saddr", source.addresses(), source.not());
        }
        if (condition instanceof Condition.Destination destination) {
            return prefixes(ip(rule) + " daddr", destination.addresses(), destination.not());
        }
        if (condition instanceof Condition.NdTarget target) {
            return ndTarget(target);
        }
        if (condition instanceof Condition.SourcePorts ports) {
            return List.of(protocol(rule) + " sport " + set(Values.distinctPorts(ports.ports())));
        }
        if (condition instanceof Condition.DestinationPorts ports) {
            return List.of(protocol(rule) + " dport " + set(Values.distinctPorts(ports.ports())));
        }
        if (condition instanceof Condition.IcmpTypes types) {
            return List.of(
                    (rule.family().orElseThrow() == Frames.IPV4 ? "icmp" : "icmpv6") + " type " + set(types.types()));
        }
        if (condition instanceof Condition.State state) {
            return List.of(
                    "ct state " + state.states().stream().map(Object::toString).collect(Collectors.joining(",")));
        }
        // In, Out, Frames, Transport: dealt with, since their place is further in front.
        return List.of("");
    }

    /**
     * RFC 4861, 4.3 and 4.4: the target is the 128 bits behind the first 8 bytes of solicitations (135) and advertisements (136). Older
     * versions of nft have no word for it.
     */
    private static List<String> ndTarget(Condition.NdTarget condition) {
        String field = "@th,64,128";
        List<String> matches = new ArrayList<>();
        for (IpPrefix prefix : Values.distinct(condition.addresses())) {
            BigInteger mask = Values.mask(128, prefix.length());
            String masked = prefix.length() == 128 ? field : field + " & " + Values.hex(mask);
            String network = Values.hex(Values.number(prefix).and(mask));
            if (prefix.length() > 0) {
                matches.add(masked + (condition.not() ? " != " : " == ") + network);
            } else if (condition.not()) {
                return List.of();
            } else {
                matches.add("");
            }
        }
        String messages = "meta l4proto 58 icmpv6 type { 135, 136 }";
        if (condition.not()) {
            return List.of(messages + " " + String.join(" ", matches));
        }
        return matches.stream().map(match -> (messages + " " + match).strip()).toList();
    }

    private static List<String> verdicts(Rule rule) {
        Action action = rule.action();
        return switch (action.kind()) {
            case ACCEPT -> List.of("counter accept");
            case DROP -> List.of("counter drop");
            case REJECT -> rejections(rule);
            case MASQUERADE -> List.of("counter masquerade");
            case SNAT, DNAT -> List.of("counter " + rewriting(action));
        };
    }

    private static List<String> rejections(Rule rule) {
        String icmp = "counter reject with icmpx port-unreachable";
        String reset = "counter reject with tcp reset";
        if (rule.condition(Condition.Transport.class).isPresent()) {
            boolean tcp = rule.condition(Condition.Transport.class).get().equals(Condition.Transport.TCP);
            return List.of(tcp ? reset : icmp);
        }
        return List.of("meta l4proto 6 " + reset, icmp);
    }

    private static String rewriting(Action action) {
        String address = IpPrefix.text(action.to().orElseThrow());
        boolean ipv4 = action.to().get() instanceof Inet4Address;
        String place = action.port().isEmpty()
                ? address
                : (ipv4 ? address : "[" + address + "]") + ":" + action.port().getAsInt();
        return "%s %s to %s".formatted(action.kind().name().toLowerCase(Locale.ROOT), ipv4 ? "ip" : "ip6", place);
    }

    private static List<String> prefixes(String field, Collection<IpPrefix> addresses, boolean not) {
        List<IpPrefix> networks = Values.distinct(addresses);
        if (networks.stream().anyMatch(network -> network.length() == 0)) {
            return not ? List.of() : List.of("");
        }
        return List.of(field
                + operator(not)
                + set(networks.stream().map(Values::network).toList()));
    }

    private static String match(String field, Set<InterfaceName> interfaces, boolean not) {
        return field
                + operator(not)
                + set(interfaces.stream().map(Tables::quoted).toList());
    }

    private static String operator(boolean not) {
        return not ? " != " : " ";
    }

    private static String protocol(Frames family) {
        return switch (family) {
            case ARP -> "meta protocol arp";
            case IPV4 -> "meta protocol ip";
            case IPV6 -> "meta protocol ip6";
            case TAGGED -> throw new IllegalArgumentException("a tag is no family");
        };
    }

    private static String nfproto(Frames family) {
        return "meta nfproto " + family;
    }

    private static String ip(Rule rule) {
        return rule.family().orElseThrow() == Frames.IPV4 ? "ip" : "ip6";
    }

    private static String protocol(Rule rule) {
        return rule.condition(Condition.Transport.class).orElseThrow().toString();
    }

    /** Whether nft can write an interface's name: its strings have no way to hold these. */
    static boolean canWrite(InterfaceName name) {
        return name.value().chars().noneMatch(c -> c == '"' || c == '\\');
    }

    /** A star at the end would stand for any ending. */
    private static String quoted(InterfaceName name) {
        String value = name.value();
        return '"' + (value.endsWith("*") ? value.substring(0, value.length() - 1) + "\\*" : value) + '"';
    }
}
