package io.netyard.shell.firewall;

import static io.netyard.shell.firewall.NatMasquerade.word;

import io.netyard.api.firewall.Rule;
import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.Services;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "nat",
        name = "dnat",
        description =
                "Send what comes in at an interface for a port to another address, and another port if one is given")
final class NatDnat extends NatCommand {

    /** Completes protocols with ports. */
    static final class Protocols implements Candidates {
        @Override
        public List<String> candidates(Services services, Console console, List<String> before, String word) {
            return List.of("tcp", "udp");
        }
    }

    @Argument(name = "NODE", required = true, description = "The router")
    @Completion(Nodes.class)
    String node;

    @Argument(index = 1, name = "IN", required = true, description = "The interface that it comes in by")
    String in;

    @Argument(index = 2, name = "tcp|udp", required = true, description = "Protocol")
    @Completion(
            value = Protocols.class,
            values = {"tcp", "udp"})
    String protocol;

    @Argument(index = 3, name = "PORT", required = true, description = "Destination port, or FIRST-LAST")
    String port;

    @Argument(index = 4, name = "TO[:PORT]", required = true, description = "Where it goes, e.g. 192.168.5.1:8080")
    String to;

    @Override
    protected int run() {
        if (!protocol.equals("tcp") && !protocol.equals("udp")) {
            throw new IllegalArgumentException("a port is one of tcp or udp");
        }
        add(
                node,
                Rule.parse("prerouting in %s %s dport %s dnat %s".formatted(word(in), protocol, word(port), word(to))));
        return DONE;
    }
}
