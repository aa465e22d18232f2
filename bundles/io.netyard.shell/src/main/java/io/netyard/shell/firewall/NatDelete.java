package io.netyard.shell.firewall;

import io.netyard.api.RequestException;
import io.netyard.api.firewall.Rule;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.Nodes;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "nat", name = "delete", description = "Delete a rule that a nat: command has made, or all of them")
final class NatDelete extends NatCommand {

    @Argument(name = "NODE", required = true, description = "The router")
    @Completion(Nodes.class)
    String node;

    @Argument(index = 1, name = "NUMBER", description = "As nat:list shows it in the policy nat")
    Integer number;

    @Option(name = "--all", description = "All of that node")
    boolean all;

    @Override
    protected int run() {
        if (all == (number != null)) {
            throw new IllegalArgumentException("say NUMBER or --all");
        }
        Netns netns = namespaces().resolve(node);
        List<Rule> rules = current(netns.ref())
                .map(enforcement -> enforcement.policy().rules())
                .orElse(List.of());
        if (all) {
            change(
                    "delete %d rules of %s".formatted(rules.size(), netns.label()),
                    () -> replace(netns.ref(), old -> List.of()));
            return DONE;
        }
        if (number < 1 || number > rules.size()) {
            throw new RequestException(
                    "%s has no such rule: its policy %s has %d".formatted(netns.label(), POLICY, rules.size()));
        }
        change(
                "delete from %s: %s".formatted(netns.label(), rules.get(number - 1)),
                () -> replace(netns.ref(), old -> {
                    List<Rule> rest = new ArrayList<>(old);
                    rest.remove(number - 1);
                    return rest;
                }));
        return DONE;
    }
}
