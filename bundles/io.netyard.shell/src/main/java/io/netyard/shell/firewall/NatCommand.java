package io.netyard.shell.firewall;

import io.netyard.api.NetnsRef;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.Firewall.Enforcement;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ChangeCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Changes the policy {@value #POLICY} of a namespace, which holds the rules that were made by nat: commands. */
abstract class NatCommand extends ChangeCommand {

    static final String POLICY = "nat";

    /** Adds one rule at the end. */
    final void add(String node, Rule rule) {
        Netns netns = namespaces().resolve(node);
        change("add to the policy %s of %s: %s".formatted(POLICY, netns.label(), rule), () -> {
            replace(netns.ref(), rules -> {
                List<Rule> more = new ArrayList<>(rules);
                more.add(rule);
                return more;
            });
        });
    }

    final void replace(NetnsRef netns, UnaryOperator<List<Rule>> change) {
        Optional<Enforcement> old = current(netns);
        List<Rule> rules = change.apply(
                old.map(enforcement -> enforcement.policy().rules()).orElse(List.of()));
        if (rules.isEmpty()) {
            firewall().remove(netns, POLICY);
        } else {
            Policy policy = new Policy(POLICY, Layer.NAT, Optional.empty(), Set.of(), rules, Map.of());
            firewall().set(netns, Firewall.HAND_MADE, policy, old.flatMap(Enforcement::pin));
        }
    }

    final Optional<Enforcement> current(NetnsRef netns) {
        return firewall().enforcements(netns).stream()
                .filter(enforcement -> enforcement.policy().name().equals(POLICY))
                .findFirst();
    }
}
