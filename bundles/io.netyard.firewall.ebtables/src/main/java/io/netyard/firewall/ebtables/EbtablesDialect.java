package io.netyard.firewall.ebtables;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.firewall.Action;
import io.netyard.api.firewall.Condition;
import io.netyard.api.firewall.Condition.Frames;
import io.netyard.api.firewall.PortRange;
import io.netyard.api.firewall.Rule;
import io.netyard.firewall.chains.ChainRule;
import io.netyard.firewall.chains.Dialect;
import io.netyard.firewall.chains.Matches;
import io.netyard.firewall.chains.Prefixes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Rules in the words of ebtables(8). */
final class EbtablesDialect implements Dialect {

    @Override
    public Optional<Matches> matches(Rule rule) {
        Matches matches = new Matches();
        for (Condition condition : rule.conditions()) {
            if (condition instanceof Condition.In in) {
                values("", "-i", in.interfaces(), in.not(), InterfaceName::value, matches);
            } else if (condition instanceof Condition.Out out) {
                values("", "-o", out.interfaces(), out.not(), InterfaceName::value, matches);
            } else if (condition instanceof Condition.SourceMac mac) {
                values("", "-s", mac.addresses(), mac.not(), MacAddress::toString, matches);
            }
        }
        matches.any(carried(rule, matches));
        return Optional.of(matches);
    }

    /** What a frame carries. To ebtables a tag in front is what it carries: of that which is behind it sees the type alone. */
    private static Collection<String> carried(Rule rule, Matches exceptions) {
        Optional<Frames> family = rule.family();
        if (rule.tagged()) {
            // The tags that the kernel has taken off the frame all look like 802.1Q (ebt_basic_match in ebtables.c).
            return family.map(only -> List.of(behindTag(only))).orElse(List.of("-p 802_1Q", "-p 0x88a8"));
        }
        if (!looksInside(rule)) {
            return family.map(only -> List.of("-p " + protocol(only), behindTag(only)))
                    .orElse(List.of(""));
        }
        List<String> alternatives = new ArrayList<>();
        for (Frames each : family.map(List::of).orElse(List.of(Frames.IPV4, Frames.IPV6))) {
            Matches inside = new Matches().all("-p " + protocol(each));
            rule.conditions().forEach(condition -> inside(condition, each, inside));
            alternatives.addAll(inside.alternatives());
            inside.exceptions().forEach(exceptions::except);
        }
        return alternatives;
    }

    private static void inside(Condition condition, Frames family, Matches matches) {
        String ip = family == Frames.IPV4 ? "--ip-" : "--ip6-";
        String protocol = "-p " + protocol(family) + " ";
        if (condition instanceof Condition.ArpSource source) {
            values(protocol, "--arp-ip-src", source.addresses(), source.not(), Prefixes::network, matches);
        } else if (condition instanceof Condition.ArpSourceMac source) {
            values(protocol, "--arp-mac-src", source.addresses(), source.not(), MacAddress::toString, matches);
        } else if (condition instanceof Condition.Source source) {
            values(protocol, ip + "src", source.addresses(), source.not(), Prefixes::network, matches);
        } else if (condition instanceof Condition.Destination destination) {
            values(protocol, ip + "dst", destination.addresses(), destination.not(), Prefixes::network, matches);
        } else if (condition instanceof Condition.Transport transport) {
            matches.all(ip + "proto " + transport.protocol());
        } else if (condition instanceof Condition.SourcePorts ports) {
            matches.any(ports(ip + "sport ", ports.ports()));
        } else if (condition instanceof Condition.DestinationPorts ports) {
            matches.any(ports(ip + "dport ", ports.ports()));
        } else if (condition instanceof Condition.IcmpTypes types) {
            matches.any(
                    types.types().stream().map(type -> ip + "icmp-type " + type).toList());
        }
    }

    private static <T> void values(
            String protocol, String option, Set<T> values, boolean not, Function<T, String> text, Matches matches) {
        if (!not || values.size() == 1) {
            matches.values(
                    values,
                    not,
                    value -> option + " " + text.apply(value),
                    value -> option + " ! " + text.apply(value));
        } else {
            // Each stands for itself, so it has to say what frames it is about.
            values.forEach(value -> matches.except(protocol + option + " " + text.apply(value)));
        }
    }

    private static List<String> ports(String option, Set<PortRange> ranges) {
        return ranges.stream()
                .map(range -> option + range.first() + ":" + range.last())
                .toList();
    }

    private static String protocol(Frames family) {
        return switch (family) {
            case ARP -> "ARP";
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
            case TAGGED -> throw new IllegalArgumentException("a tag is no family");
        };
    }

    private static String behindTag(Frames family) {
        return "-p 802_1Q --vlan-encap "
                + switch (family) {
                    case ARP -> "0806";
                    case IPV4 -> "0800";
                    case IPV6 -> "86DD";
                    case TAGGED -> throw new IllegalArgumentException("a tag is no family");
                };
    }

    /** Whether a rule asks for something that ebtables cannot see behind a tag. */
    static boolean looksInside(Rule rule) {
        return rule.conditions().stream()
                .anyMatch(condition -> !(condition instanceof Condition.In
                        || condition instanceof Condition.Out
                        || condition instanceof Condition.SourceMac
                        || condition instanceof Frames));
    }

    @Override
    public List<Ending> endings(Rule rule) {
        return List.of(new Ending("", rule.action().equals(Action.ACCEPT) ? ChainRule.RETURN : "DROP"));
    }
}
