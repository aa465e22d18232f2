package io.netyard.lab;

import io.netyard.lab.LabStore.Entry;
import io.netyard.lab.network.Network;
import io.netyard.lab.plan.Changes;
import io.netyard.lab.plan.Course;
import io.netyard.lab.plan.LogContext;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up the labs that an earlier appliance has left, whether it was stopped or killed. What goes wrong with one of them is logged and
 * stops nothing: the appliance must come up, since the operator needs it to look, and to destroy the lab.
 */
final class Adoption {

    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    private final Changes changes;
    private final LabStore store;
    private final Rewiring rewiring;

    Adoption(Changes changes, LabStore store, Rewiring rewiring) {
        this.changes = changes;
        this.store = store;
        this.rewiring = rewiring;
    }

    void adoptAll() {
        store.names().forEach(lab -> LogContext.about(lab, () -> adopt(lab)));
        store.names().forEach(lab -> LogContext.about(lab, () -> follow(lab)));
    }

    private void adopt(String lab) {
        if (store.isChanging(lab)) {
            recover(lab);
        } else if (store.settled(lab).isEmpty()) {
            store.forget(lab);
        } else {
            resume(lab);
        }
    }

    /** A change that was begun and never ended: it becomes one that never was. What was being destroyed is destroyed. */
    private void recover(String lab) {
        try {
            Optional<Entry> attempted = store.changing(lab);
            if (attempted.isEmpty()) {
                changes.remove(lab, Set.of(), Course.unattended());
                store.forget(lab);
                LOG.info("destroyed what was left");
                return;
            }
            Network before = store.meant(lab);
            changes.recover(lab, before, attempted.get().network());
            store.abort(lab);
            changes.resume(lab, before);
            LOG.info("a change was killed half-way; the lab is again as it was before");
        } catch (RuntimeException e) {
            LOG.error("a change was killed half-way and cannot be undone: {}", e.getMessage(), e);
        }
    }

    private void resume(String lab) {
        try {
            changes.resume(lab, store.meant(lab));
        } catch (RuntimeException e) {
            LOG.error("cannot be taken up again: {}", e.getMessage(), e);
        }
    }

    private void follow(String lab) {
        try {
            rewiring.follow(lab, store.meant(lab));
        } catch (RuntimeException e) {
            LOG.error("what it has attached is not watched: {}", e.getMessage(), e);
        }
    }
}
