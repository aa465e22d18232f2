package io.netyard.shell.firewall;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes the policies of the node that stands before. */
final class PolicyNames implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        String node = before.get(before.size() - 1);
        return services
                .firewall()
                .enforcements(services.namespaces().resolve(node).ref())
                .stream()
                .map(enforcement -> enforcement.policy().name())
                .toList();
    }
}
