package io.netyard.proof;

import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.Check.Identity;
import io.netyard.api.lab.Target;
import io.netyard.api.proof.Verdict.Neighbour;
import java.net.InetAddress;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whom nodes take for the owners of addresses, once they have asked. */
final class NeighbourRun {

    private final Nodes nodes;
    private final List<Check.Neighbour> wanted;
    private final Patience patience;

    NeighbourRun(Nodes nodes, List<Check.Neighbour> wanted, Patience patience) {
        this.nodes = nodes;
        this.wanted = wanted;
        this.patience = patience;
    }

    /** @return one result for each, in their order */
    List<Neighbour> measure() {
        Map<Check.Neighbour, Neighbour> results = new IdentityHashMap<>();
        // Apart, since asking anew forgets what was learned.
        for (boolean known : new boolean[] {false, true}) {
            List<Check.Neighbour> some = wanted.stream()
                    .filter(check -> known == (check.identity() != Identity.NONE))
                    .toList();
            List<Check.Ping> pings = some.stream()
                    .map(check -> new Check.Ping(check.node(), target(check.address()), known))
                    .toList();
            try (PingRun run = new PingRun(nodes, pings, patience)) {
                run.measure();
            }
            some.forEach(check -> results.put(check, look(check)));
        }
        return wanted.stream().map(results::get).toList();
    }

    private static Target target(InetAddress address) {
        return new Target(IpPrefix.text(address), Optional.of(address));
    }

    private Neighbour look(Check.Neighbour check) {
        Optional<String> unusable = nodes.unusable(check.node());
        if (unusable.isPresent()) {
            return new Neighbour(check.node(), check.address(), check.identity(), Identity.NONE, unusable.get());
        }
        try {
            Identity identity = identity(nodes.netns(check.node()), check.address(), real(check.address()));
            return new Neighbour(check.node(), check.address(), check.identity(), identity, "");
        } catch (NetyardException e) {
            return new Neighbour(check.node(), check.address(), check.identity(), Identity.NONE, e.getMessage());
        }
    }

    private Set<MacAddress> real(InetAddress address) {
        return nodes.owner(address)
                .filter(owner -> nodes.unusable(owner).isEmpty())
                .map(owner -> Interfaces.hardwareAddresses(nodes.netns(owner)))
                .orElse(Set.of());
    }

    /** @param real hardware addresses of the owner; none if nobody is known to own it: then anybody may */
    private static Identity identity(NetnsRef netns, InetAddress address, Set<MacAddress> real) {
        return Neighbours.lookup(netns, address)
                .map(mac -> real.isEmpty() || real.contains(mac) ? Identity.REAL : Identity.FORGED)
                .orElse(Identity.NONE);
    }
}
