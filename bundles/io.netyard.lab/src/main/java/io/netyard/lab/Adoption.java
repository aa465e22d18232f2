package io.netyard.lab;

import io.netyard.lab.plan.Changes;
import io.netyard.lab.plan.LogContext;
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
    private final Recovery recovery;
    private final Rewiring rewiring;
    private final Turns turns;

    Adoption(Changes changes, LabStore store, Recovery recovery, Rewiring rewiring, Turns turns) {
        this.changes = changes;
        this.store = store;
        this.recovery = recovery;
        this.rewiring = rewiring;
        this.turns = turns;
    }

    void adoptAll() {
        store.names().forEach(this::adoptInItsTurn);
        store.forgetDestroyed();
        store.names().forEach(lab -> LogContext.about(lab, () -> follow(lab)));
    }

    /** One that another process changes at this moment is that one's business. */
    private void adoptInItsTurn(String lab) {
        try {
            turns.locked(lab, () -> true, cancelled -> {
                adopt(lab);
                return null;
            });
        } catch (RuntimeException e) {
            LOG.error("{}", e.getMessage(), e);
        }
    }

    private void adopt(String lab) {
        store.adopt(lab);
        if (store.isChanging(lab)) {
            recovery.endWhatWasBegun(lab);
        } else if (store.settled(lab).isEmpty()) {
            store.discard(lab);
        } else {
            resume(lab);
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
