package io.netyard.firewall.iptables;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.firewall.Action;
import io.netyard.api.firewall.Condition;
import io.netyard.api.firewall.Condition.Frames;
import io.netyard.api.firewall.Condition.Transport;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.PortRange;
import io.netyard.api.firewall.Rule;
import io.netyard.firewall.chains.ChainRule;
import io.netyard.firewall.chains.Dialect;
import io.netyard.firewall.chains.Matches;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Rules in the words of iptables-extensions(8), for one family of packets. */
record IptablesDialect(IpFamily family, Layer layer) implements Dialect {

    @Override
    public Optional<Matches> matches(Rule rule) {
        if (rule.family().filter(only -> only != family.frames()).isPresent() || rewritesOtherFamily(rule)) {
            return Optional.empty();
        }
        Matches matches = new Matches();
        ports(rule, matches);
        for (Condition condition : rule.conditions()) {
            if (condition instanceof Condition.SourceMac mac) {
                values("-m mac ", "--mac-source ", mac.addresses(), mac.not(), Object::toString, matches);
            } else if (condition instanceof Condition.Source source) {
                values("", "-s ", source.addresses(), source.not(), IpPrefix::toString, matches);
            } else if (condition instanceof Condition.Destination destination) {
                values("", "-d ", destination.addresses(), destination.not(), IpPrefix::toString, matches);
            } else if (condition instanceof Transport transport) {
                matches.all("-p " + transport.protocol());
            } else if (condition instanceof Condition.SourcePorts ports) {
                matches.any(ports(rule, "--sport ", ports.ports()));
            } else if (condition instanceof Condition.DestinationPorts ports) {
                matches.any(ports(rule, "--dport ", ports.ports()));
            } else if (condition instanceof Condition.IcmpTypes types) {
                String option = family == IpFamily.IPV4 ? "-m icmp --icmp-type " : "-m icmp6 --icmpv6-type ";
                matches.any(types.types().stream().map(type -> option + type).toList());
            } else if (condition instanceof Condition.State state) {
                matches.all(state.states().stream()
                        .map(Enum::name)
                        .collect(Collectors.joining(",", "-m conntrack --ctstate ", "")));
            }
        }
        return Optional.of(matches);
    }

    private void ports(Rule rule, Matches matches) {
        boolean link = layer == Layer.LINK;
        for (Condition condition : rule.conditions()) {
            if (condition instanceof Condition.In in) {
                String option = link ? "--physdev-in " : "-i ";
                values(link ? "-m physdev " : "", option, in.interfaces(), in.not(), InterfaceName::value, matches);
            } else if (condition instanceof Condition.Out out) {
                // The physdev match asks for this where it is asked for the way out.
                String match = link ? "-m physdev --physdev-is-bridged " : "";
                values(
                        match,
                        link ? "--physdev-out " : "-o ",
                        out.interfaces(),
                        out.not(),
                        InterfaceName::value,
                        matches);
            }
        }
    }

    private static <T> void values(
            String match,
            String option,
            java.util.Set<T> values,
            boolean not,
            Function<T, String> text,
            Matches matches) {
        matches.values(
                values,
                not,
                value -> match + option + text.apply(value),
                value -> match + "! " + option + text.apply(value));
    }

    private static List<String> ports(Rule rule, String option, java.util.Set<PortRange> ranges) {
        String match = transport(rule).filter(Transport.UDP::equals).isPresent() ? "-m udp " : "-m tcp ";
        return ranges.stream()
                .map(range -> match + option + range.first() + ":" + range.last())
                .toList();
    }

    private static Optional<Transport> transport(Rule rule) {
        return rule.condition(Transport.class);
    }

    private boolean rewritesOtherFamily(Rule rule) {
        return rule.action()
                .to()
                .filter(to -> (to instanceof Inet4Address) != (family == IpFamily.IPV4))
                .isPresent();
    }

    @Override
    public List<Ending> endings(Rule rule) {
        Action action = rule.action();
        return switch (action.kind()) {
            case ACCEPT -> List.of(new Ending("", ChainRule.RETURN));
            case DROP -> List.of(new Ending("", "DROP"));
            case REJECT -> rejections(rule);
            case MASQUERADE -> List.of(new Ending("", "MASQUERADE"));
            case SNAT ->
                List.of(new Ending(
                        "", "SNAT --to-source " + IpPrefix.text(action.to().orElseThrow())));
            case DNAT -> List.of(new Ending("", "DNAT --to-destination " + destination(action)));
        };
    }

    private List<Ending> rejections(Rule rule) {
        Ending reset = new Ending(
                transport(rule).isPresent() ? "" : "-p " + Transport.TCP.protocol(), "REJECT --reject-with tcp-reset");
        Ending unreachable = new Ending(
                "",
                "REJECT --reject-with "
                        + (family == IpFamily.IPV4 ? "icmp-port-unreachable" : "icmp6-port-unreachable"));
        List<Ending> endings = new ArrayList<>();
        if (transport(rule).isEmpty() || transport(rule).get().equals(Transport.TCP)) {
            endings.add(reset);
        }
        if (!transport(rule).equals(Optional.of(Transport.TCP))) {
            endings.add(unreachable);
        }
        return endings;
    }

    private static String destination(Action action) {
        String address = IpPrefix.text(action.to().orElseThrow());
        if (action.port().isEmpty()) {
            return address;
        }
        String host = action.to().orElseThrow() instanceof Inet4Address ? address : "[" + address + "]";
        return host + ":" + action.port().getAsInt();
    }

    /** Whether ARP and other frames that are not IP may meet all conditions of a rule. */
    static boolean concernsOtherFrames(Rule rule) {
        return rule.conditions().stream()
                .noneMatch(condition -> condition instanceof Transport
                        || condition instanceof Condition.State
                        || condition
                                .implied()
                                .filter(family -> family != Frames.TAGGED)
                                .isPresent());
    }
}
