package io.netyard.firewall.iptables;

import io.netyard.api.firewall.Action;
import io.netyard.api.firewall.Condition;
import io.netyard.api.firewall.Condition.Frames;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Point;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import java.net.Inet4Address;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What iptables cannot express on any host. */
final class Objections {

    /** The tool takes a '+' at the end for a wildcard, and reads quotes and exclamation marks by rules of its own. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9._][A-Za-z0-9._@-]*");

    /** What the kernel takes for "any" (IPPROTO_IP of netinet/in.h, and 255 in xt_tcpudp.c, icmp_type_code_match). */
    private static final int ANY_PROTOCOL = 0;

    private static final int ANY_ICMP_TYPE = 255;

    private Objections() {}

    static Optional<String> to(Policy policy) {
        return Stream.of(
                        policy.rules().stream().map(Objections::to).flatMap(Optional::stream),
                        policy.interfaces().stream()
                                .filter(name ->
                                        !PLAIN_NAME.matcher(name.value()).matches())
                                .map(name -> "an interface called '" + name + "'"),
                        policy.layer() == Layer.LINK
                                ? policy.layer().points().stream()
                                        .map(point -> unseen(policy, point))
                                        .flatMap(Optional::stream)
                                : Stream.<String>empty())
                .flatMap(some -> some)
                .findFirst();
    }

    private static Optional<String> to(Rule rule) {
        for (Condition condition : rule.conditions()) {
            if (condition == Frames.TAGGED) {
                return Optional.of("tags: iptables does not see them");
            }
            if (condition.implied().equals(Optional.of(Frames.ARP))) {
                return Optional.of("ARP: iptables never sees it");
            }
            if (condition instanceof Condition.NdTarget) {
                return Optional.of("the target of neighbour discovery");
            }
            if (condition instanceof Condition.Transport transport && transport.protocol() == ANY_PROTOCOL) {
                return Optional.of("protocol 0, which means any protocol to iptables");
            }
            if (condition instanceof Condition.IcmpTypes icmp
                    && icmp.types().contains(ANY_ICMP_TYPE)
                    && rule.family().equals(Optional.of(Frames.IPV4))) {
                return Optional.of("ICMP type 255, which means any type to iptables");
            }
        }
        boolean otherFamily = rule.action()
                .to()
                .flatMap(to -> rule.family().map(family -> (to instanceof Inet4Address) != (family == Frames.IPV4)))
                .orElse(false);
        return otherFamily ? Optional.of("'%s': IPv4 and IPv6 in one rule".formatted(rule)) : Optional.empty();
    }

    /** What is neither IPv4 nor IPv6 passes by iptables: it must be what the policy wants too. */
    private static Optional<String> unseen(Policy policy, Point point) {
        for (Rule rule : policy.rules(point)) {
            if (IptablesDialect.concernsOtherFrames(rule)) {
                if (rule.action().equals(Action.DROP)) {
                    return Optional.of("frames that are not IP, such as ARP, are never seen, and '%s' is about all"
                            .formatted(rule));
                }
                if (rule.conditions().isEmpty()) {
                    return Optional.empty();
                }
            }
        }
        return policy.otherwise(point).equals(Action.DROP)
                ? Optional.of("frames that are not IP, such as ARP, are never seen, and '%s drop' is about all"
                        .formatted(point))
                : Optional.empty();
    }
}
