package io.netyard.shell.lab;

import io.netyard.api.firewall.Firewall;
import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;
import java.util.stream.Stream;

/** Completes the tools that a script's policies can be written for. */
final class ScriptFirewalls implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return Stream.concat(
                        Stream.of("nft", "iptables"),
                        services.firewallIfThere().stream()
                                .flatMap(firewall -> firewall.backends().stream())
                                .map(Firewall.Backend::name))
                .distinct()
                .toList();
    }
}
