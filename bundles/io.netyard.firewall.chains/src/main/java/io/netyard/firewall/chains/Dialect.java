package io.netyard.firewall.chains;

import io.netyard.api.firewall.Rule;
import java.util.List;
import java.util.Optional;

/** How a tool says what a rule says. */
public interface Dialect {

    /** A rule's conditions; empty if no packet that this tool sees can meet them. */
    Optional<Matches> matches(Rule rule);

    /**
     * What a rule does: the endings are tried in order, and the last one fits every packet.
     *
     * @return for {@link io.netyard.api.firewall.Action#ACCEPT} just {@link ChainRule#RETURN}
     */
    List<Ending> endings(Rule rule);

    /**
     * @param match which packets it is for, in the tool's words; empty for all
     * @param target of those packets
     */
    record Ending(String match, String target) {}
}
