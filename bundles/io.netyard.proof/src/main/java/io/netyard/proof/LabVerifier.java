package io.netyard.proof;

import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.lab.RunningLab.Switch;
import io.netyard.api.proof.Verdict;
import io.netyard.api.proof.Verdict.Finding;
import io.netyard.api.proof.Verifier;
import io.netyard.kernel.KeptNamespaces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies by frames really sent from the lab's namespaces, and by reading the VLAN tables back. */
@Component
public final class LabVerifier implements Verifier {

    private static final Logger LOG = LoggerFactory.getLogger(LabVerifier.class);

    private final Bridges bridges;

    @Activate
    public LabVerifier(@Reference Bridges bridges) {
        this.bridges = bridges;
    }

    /** Measures kind by kind, since those of a kind wait together; tells the results in the order of the promises. */
    @Override
    public Verdict verify(RunningLab lab, Duration patience) {
        // Many pairs, few namespaces: each is entered once.
        KeptNamespaces kept = KeptNamespaces.open();
        try {
            return measure(lab, patience);
        } finally {
            kept.close();
        }
    }

    private Verdict measure(RunningLab lab, Duration patience) {
        long start = System.nanoTime();
        Nodes nodes = new Nodes(lab);
        Patience shared = new Patience(patience);
        RunningLab.Expectations wanted = lab.expectations();
        Map<Check, List<? extends Finding>> found = new IdentityHashMap<>();

        vlanTables(lab, found);
        List<Check.Ping> pings = wanted.of(Check.Ping.class);
        try (PingRun run = new PingRun(nodes, pings, shared)) {
            put(found, pings, run.measure());
        }
        List<Check.Arp> arps = wanted.of(Check.Arp.class);
        try (ArpRun run = new ArpRun(nodes, arps, shared)) {
            put(found, arps, run.measure());
        }
        List<Check.Broadcast> broadcasts = wanted.of(Check.Broadcast.class);
        try (FrameRun run = new FrameRun(nodes, broadcasts, shared)) {
            put(found, broadcasts, run.measure());
        }
        List<Check> echoes = wanted.checks().stream()
                .filter(check -> check instanceof Check.See || check instanceof Check.Trace)
                .toList();
        introduce(lab, nodes, echoes, shared);
        try (FrameRun run = new FrameRun(nodes, echoes, shared)) {
            put(found, echoes, run.measure());
        }
        List<Check.Neighbour> neighbours = wanted.of(Check.Neighbour.class);
        put(found, neighbours, new NeighbourRun(nodes, neighbours, shared).measure());
        List<Check.Tcp> connections = wanted.of(Check.Tcp.class);
        try (TcpRun run = new TcpRun(nodes, connections, shared)) {
            put(found, connections, run.measure());
        }
        List<Finding> findings = new ArrayList<>();
        wanted.checks().forEach(check -> findings.addAll(found.getOrDefault(check, List.of())));
        return new Verdict(lab.name(), lab.stage(), findings, Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * Lets those whose frames are to be watched find each other, from nothing: what a bridge has learned in an earlier stage, or has
     * not learned yet, would decide where it sends them.
     */
    private void introduce(RunningLab lab, Nodes nodes, List<Check> echoes, Patience patience) {
        if (echoes.isEmpty()) {
            return;
        }
        for (Switch each : lab.switches()) {
            if (nodes.unusable(each.node()).isEmpty()) {
                try {
                    bridges.flushFdb(nodes.netns(each.node()), each.bridge());
                } catch (NetyardException e) {
                    LOG.warn("what {} has learned is not forgotten: {}", each.name(), e.getMessage());
                }
            }
        }
        List<Check.Ping> pings = echoes.stream().map(LabVerifier::greeting).toList();
        try (PingRun run = new PingRun(nodes, pings, patience)) {
            run.measure();
        }
    }

    private static Check.Ping greeting(Check check) {
        if (check instanceof Check.Trace trace) {
            return new Check.Ping(trace.from(), trace.to(), trace.answered());
        }
        Check.See see = (Check.See) check;
        return new Check.Ping(see.from(), see.to(), see.replies().stream().anyMatch(watch -> watch.sight()
                .isPresent()));
    }

    private static void put(
            Map<Check, List<? extends Finding>> found, List<? extends Check> checks, List<? extends Finding> results) {
        for (int i = 0; i < checks.size(); i++) {
            found.put(checks.get(i), List.of(results.get(i)));
        }
    }

    private void vlanTables(RunningLab lab, Map<Check, List<? extends Finding>> found) {
        List<Check.VlanTable> checks = lab.expectations().of(Check.VlanTable.class);
        if (checks.isEmpty()) {
            return;
        }
        boolean supported = bridges.supportsVlanFiltering();
        Map<String, List<Verdict.VlanTable>> tables = new HashMap<>();
        for (Switch promised : lab.switches()) {
            if (checks.stream().anyMatch(check -> check.switchName().equals(promised.name()))) {
                tables.put(promised.name(), VlanTables.compare(promised, find(lab, promised), supported));
            }
        }
        for (Check.VlanTable check : checks) {
            found.put(
                    check,
                    tables.getOrDefault(check.switchName(), List.of()).stream()
                            .filter(table -> check.device().isEmpty()
                                    || check.device().get().equals(table.device()))
                            .toList());
        }
    }

    private Optional<Bridge> find(RunningLab lab, Switch promised) {
        Optional<NetnsRef> netns = lab.nodes().stream()
                .filter(node -> node.name().equals(promised.node()))
                .findFirst()
                .flatMap(RunningLab.Node::netns);
        try {
            return netns.flatMap(ref -> bridges.list(ref).stream()
                    .filter(bridge -> bridge.name().equals(promised.bridge()))
                    .findFirst());
        } catch (RequestException e) {
            // The namespace has gone since: so has the switch, which an empty table says.
            return Optional.empty();
        }
    }
}
