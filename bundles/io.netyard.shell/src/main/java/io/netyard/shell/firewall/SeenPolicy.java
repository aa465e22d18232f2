package io.netyard.shell.firewall;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.firewall.Firewall.Enforcement;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.Services;
import java.util.List;
import java.util.stream.Collectors;

/** A policy, and the node that it was found at. */
record SeenPolicy(String node, Enforcement enforcement) {

    /** @param node the namespace meant, or null for all */
    static List<SeenPolicy> look(Services services, String node) {
        if (node == null) {
            return services.firewall().enforcements().stream()
                    .map(each -> new SeenPolicy(services.namespaces().label(each.netns()), each))
                    .toList();
        }
        Netns netns = services.namespaces().resolve(node);
        return services.firewall().enforcements(netns.ref()).stream()
                .map(each -> new SeenPolicy(netns.label(), each))
                .toList();
    }

    /** @throws RequestException if there is none of that name */
    static SeenPolicy find(Services services, String node, String policy) {
        List<SeenPolicy> all = look(services, node);
        return all.stream()
                .filter(seen -> seen.name().equals(policy))
                .findFirst()
                .orElseThrow(() -> {
                    String there = all.stream().map(SeenPolicy::name).collect(Collectors.joining(", "));
                    return new RequestException("%s has no policy '%s'; there is %s"
                            .formatted(node, Text.printable(policy), there.isEmpty() ? "none" : there));
                });
    }

    String name() {
        return enforcement.policy().name();
    }
}
