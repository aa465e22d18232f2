package io.netyard.examples.firewall;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.firewall.Action;
import io.netyard.api.firewall.Condition;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Point;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Namespaces.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Frames that a bridge forwards, by port, family and UDP or TCP port: one table of nftables for each policy, {@code bridge example-NAME}.
 * Its comment holds the policy's fingerprint and the number of its rules, so that nothing need be remembered.
 */
@Component(property = {FirewallBackend.NAME + "=example", "service.ranking:Integer=10"})
public final class ExampleBackend implements FirewallBackend {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Pattern TABLE =
            Pattern.compile("table bridge example-(\\S+) \\{\n\tcomment \"(\\w+) (\\d+)\"\n(.*?)\n}", Pattern.DOTALL);
    private static final Pattern RULE = Pattern.compile("counter packets (\\d+) bytes (\\d+) (?:accept|drop)\n");

    private final Namespaces namespaces;

    @Activate
    public ExampleBackend(@Reference Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    @Override
    public Optional<String> unavailable() {
        try {
            nft(namespaces.host(), "--check", "add table bridge example; add chain bridge example c");
            return Optional.empty();
        } catch (RequestException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public Optional<String> objection(Policy policy) {
        if (policy.layer() != Layer.LINK || policy.otherwise().containsValue(Action.DROP)) {
            return Optional.of("more than rules for frames on bridges");
        }
        return policy.rules().stream()
                .filter(rule -> !canExpress(rule))
                .findFirst()
                .map(Rule::toString);
    }

    private static boolean canExpress(Rule rule) {
        // A rule that names a port is about this bridge and no other one of the namespace.
        return rule.point() == Point.FORWARD
                && rule.condition(Condition.In.class).filter(in -> !in.not()).isPresent()
                && !rule.tagged()
                && rule.conditions().stream().allMatch(condition -> text(condition) != null);
    }

    /** As nft writes it; null if this backend has no word for it. */
    private static String text(Condition condition) {
        if (condition instanceof Condition.In in && in.interfaces().toString().matches("\\[[\\w.-]+]")) {
            return "iifname " + in.interfaces().iterator().next();
        } else if (condition instanceof Condition.Frames family) {
            return "meta protocol " + family.toString().replace("ipv4", "ip").replace("ipv6", "ip6");
        } else if (condition instanceof Condition.Transport transport && transport.hasPorts()) {
            return "meta l4proto " + transport;
        } else if (condition instanceof Condition.DestinationPorts ports
                && ports.ports().size() == 1) {
            return "th dport " + ports.ports().iterator().next();
        }
        return null;
    }

    @Override
    public List<String> render(Policy policy) {
        List<String> lines = new ArrayList<>(List.of(
                "table bridge example-" + policy.name() + " {",
                "  comment \"%s %d\""
                        .formatted(policy.fingerprint(), policy.rules().size()),
                "  chain forward {",
                "    type filter hook forward priority -200; policy accept;"));
        for (Rule rule : policy.rules()) {
            lines.add("    %s counter %s"
                    .formatted(
                            rule.conditions().stream().map(ExampleBackend::text).collect(Collectors.joining(" ")),
                            rule.action()));
        }
        lines.addAll(List.of("  }", "}"));
        return lines;
    }

    @Override
    public void load(NetnsRef netns, Policy policy) {
        // One transaction: the old table goes as the new one comes.
        nft(netns, "--terse", removal(policy.name()) + String.join("\n", render(policy)));
    }

    @Override
    public void unload(NetnsRef netns, Layer layer, String policy) {
        if (layer == Layer.LINK) {
            nft(netns, "--terse", removal(policy));
        }
    }

    private static String removal(String policy) {
        return "add table bridge example-%1$s\ndelete table bridge example-%1$s\n".formatted(policy);
    }

    @Override
    public List<Loaded> loaded(NetnsRef netns) {
        List<Loaded> found = new ArrayList<>();
        Matcher table = TABLE.matcher(nft(netns, "--terse", "list ruleset bridge"));
        while (table.find()) {
            List<RuleCount> counts = new ArrayList<>();
            Matcher rule = RULE.matcher(table.group(4));
            while (rule.find()) {
                counts.add(new RuleCount(Long.parseLong(rule.group(1)), Long.parseLong(rule.group(2))));
            }
            // A chain is three lines more than its rules.
            boolean whole = counts.size() == Integer.parseInt(table.group(3))
                    && table.group(4).lines().count() == counts.size() + 3;
            found.add(new Loaded(table.group(1), Layer.LINK, whole ? table.group(2) : "changed", counts));
        }
        return found;
    }

    private String nft(NetnsRef netns, String option, String script) {
        Output output = namespaces.run(netns, List.of("nft", option, "--file", "-"), script + "\n", LIMIT);
        if (output.status() != 0) {
            throw new RequestException(
                    "nft: " + output.error().lines().findFirst().orElse("failed"));
        }
        return output.output();
    }
}
