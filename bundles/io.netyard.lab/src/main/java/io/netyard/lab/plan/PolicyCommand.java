package io.netyard.lab.plan;

import static io.netyard.api.Text.shellWord;

import io.netyard.api.NetyardException;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.FirewallBackend.ToolInput;
import io.netyard.lab.network.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A policy as what its backend feeds to its tool ({@code nft}, {@code iptables-restore} …), where nothing of it is loaded yet. */
final class PolicyCommand {

    private final Firewall firewall;

    PolicyCommand(Firewall firewall) {
        this.firewall = firewall;
    }

    /** Lines for a shell. Where no tool has words for the policy, those of {@link Operation.SetPolicy#command}, as a comment. */
    String of(Operation.SetPolicy operation) {
        try {
            Firewall.Choice choice =
                    firewall.choose(operation.use().policy(), operation.use().pin());
            return choice.backend()
                    .map(backend -> lines(
                            operation.node(), firewall.loading(operation.use().policy(), backend)))
                    .orElseGet(operation::command);
        } catch (NetyardException e) {
            return operation.command();
        }
    }

    private static String lines(String node, Firewall.Loading loading) {
        String inside = node.equals(Node.HOST) ? "" : "ip netns exec " + shellWord(node) + " ";
        List<String> lines = new ArrayList<>();
        loading.sysctls()
                .forEach((name, value) ->
                        lines.add(inside + "sysctl -q -w " + shellWord("net.bridge.%s=%s".formatted(name, value))));
        for (ToolInput input : loading.inputs()) {
            String command =
                    input.command().stream().map(word -> shellWord(word)).collect(Collectors.joining(" "));
            String end = "RULES";
            while (input.input().lines().anyMatch(end::equals)) {
                end += "_";
            }
            lines.add("%s%s <<'%s'%n%s%n%s"
                    .formatted(inside, command, end, input.input().stripTrailing(), end));
        }
        return String.join("\n", lines);
    }
}
