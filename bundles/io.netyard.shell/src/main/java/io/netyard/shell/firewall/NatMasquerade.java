package io.netyard.shell.firewall;

import io.netyard.api.firewall.Rule;
import io.netyard.shell.console.Nodes;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "nat",
        name = "masquerade",
        description = "Give packets that leave by an interface that interface's address as their source")
final class NatMasquerade extends NatCommand {

    @Argument(name = "NODE", required = true, description = "The router")
    @Completion(Nodes.class)
    String node;

    @Argument(index = 1, name = "OUT", required = true, description = "The interface that they leave by")
    String out;

    @Argument(index = 2, name = "SOURCE", description = "Only packets from this network, e.g. 192.168.5.0/24")
    String source;

    @Override
    protected int run() {
        add(
                node,
                Rule.parse("postrouting out %s %smasquerade"
                        .formatted(word(out), source == null ? "" : "source " + word(source) + " ")));
        return DONE;
    }

    /** Parts of a rule are divided by blanks: one more would be another condition. */
    static String word(String text) {
        if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("'%s' is not one word".formatted(text));
        }
        return text;
    }
}
