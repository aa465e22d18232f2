package io.netyard.lab;

import io.netyard.api.NetnsRef;
import io.netyard.api.lab.Acceptance;
import io.netyard.api.lab.Difference;
import io.netyard.api.lab.LabEvents;
import io.netyard.api.lab.LabStatus;
import io.netyard.api.lab.LabStatus.State;
import io.netyard.api.netns.NetworkMonitor;
import io.netyard.lab.LabStore.Entry;
import io.netyard.lab.drift.Acceptances;
import io.netyard.lab.drift.Differences;
import io.netyard.lab.drift.DriftListener;
import io.netyard.lab.drift.DriftWatch;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.plan.Changes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What differs in labs from what they are meant to be: when somebody asks, and when it happens. */
final class LabDrift implements DriftWatch.Source, DriftListener, LabStore.Listener, AutoCloseable {

    private final Changes changes;
    private final LabStore store;
    private final Rewiring rewiring;
    private final Events events;
    private final Differences differences;
    private final Acceptances acceptances;
    private final DriftWatch watch;

    LabDrift(Changes changes, LabStore store, Rewiring rewiring, NetworkMonitor monitor, Events events) {
        this.changes = changes;
        this.store = store;
        this.rewiring = rewiring;
        this.events = events;
        this.differences = new Differences(changes);
        this.acceptances = new Acceptances(changes);
        this.watch = new DriftWatch(monitor, this, this);
        store.listen(this);
        store.names().forEach(this::changed);
    }

    @Override
    public void changes(String lab) {
        watch.pause(lab);
    }

    @Override
    public void changed(String lab) {
        if (store.settled(lab).isPresent()) {
            watch.follow(lab);
        } else {
            watch.leave(lab);
        }
    }

    @Override
    public Set<NetnsRef> namespaces(String lab) {
        return store.settled(lab)
                .map(entry -> changes.namespaces(lab, entry.network()))
                .orElse(Set.of());
    }

    @Override
    public boolean hasNeighbours(String lab) {
        return store.meant(lab).nodes().values().stream()
                .anyMatch(node -> !node.settings().neighbours().isEmpty());
    }

    @Override
    public LabStatus status(String lab) {
        Optional<Entry> entry = store.settled(lab);
        Optional<String> stage = entry.flatMap(Entry::stage);
        if (isChanging(lab)) {
            return new LabStatus(lab, State.CHANGING, stage, List.of(), Optional.empty());
        }
        if (entry.isEmpty()) {
            return new LabStatus(lab, State.UNKNOWN, stage, List.of(), Optional.of(LabStore.noFile(lab)));
        }
        Differences.Found found = differences.find(lab, entry.get().network());
        // What was found while a change began says nothing.
        return isChanging(lab)
                ? new LabStatus(lab, State.CHANGING, stage, List.of(), Optional.empty())
                : new LabStatus(lab, found.state(), stage, found.differences(), Optional.empty());
    }

    Acceptance proposeAcceptance(Entry entry) {
        return acceptances.propose(entry.file(), entry.stage());
    }

    /** The file first: of a lab whose file is further than itself nothing is lost, it is applied again. */
    Acceptance accept(Entry entry) {
        Acceptance accepted = proposeAcceptance(entry);
        acceptances.write(accepted);
        LabFile written = LabFile.parse(accepted.after(), accepted.file());
        store.settle(accepted.lab(), new Entry(written, entry.stage()));
        return accepted;
    }

    @Override
    public void drifted(String lab, Difference difference) {
        post(LabEvents.DRIFT, lab, difference);
    }

    @Override
    public void repaired(String lab, Difference difference) {
        post(LabEvents.REPAIRED, lab, difference);
    }

    private void post(String topic, String lab, Difference difference) {
        events.post(
                topic,
                lab,
                Map.of(
                        LabEvents.NODE, difference.node(),
                        LabEvents.WHAT, difference.kind().name(),
                        LabEvents.SENTENCE, difference.sentence()));
    }

    /** Whether somebody is changing it this moment. */
    boolean isChanging(String lab) {
        return store.isChanging(lab) || rewiring.isInWork(lab);
    }

    @Override
    public void close() {
        watch.close();
    }
}
