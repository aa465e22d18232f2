package io.netyard.proof;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.lab.RunningLab.Switch;
import io.netyard.api.proof.Verdict;
import io.netyard.api.proof.Verifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Verifies by ICMP echo between all namespaces, and by reading the VLAN tables back. */
@Component
public final class EchoVerifier implements Verifier {

    private final Bridges bridges;

    @Activate
    public EchoVerifier(@Reference Bridges bridges) {
        this.bridges = bridges;
    }

    @Override
    public Verdict verify(RunningLab lab, Duration patience) {
        long start = System.nanoTime();
        List<Verdict.Ping> pings;
        try (PingRun run = new PingRun(lab, patience)) {
            pings = run.measure();
        }
        List<Verdict.VlanTable> tables = vlanTables(lab);
        return new Verdict(lab.name(), lab.stage(), pings, tables, Duration.ofNanos(System.nanoTime() - start));
    }

    private List<Verdict.VlanTable> vlanTables(RunningLab lab) {
        if (lab.expectations().vlanTables().isEmpty()) {
            return List.of();
        }
        boolean supported = bridges.supportsVlanFiltering();
        List<Verdict.VlanTable> tables = new ArrayList<>();
        for (String name : lab.expectations().vlanTables()) {
            for (Switch promised : lab.switches()) {
                if (name.equals(promised.name())) {
                    tables.addAll(VlanTables.compare(promised, find(lab, promised), supported));
                }
            }
        }
        return tables;
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
