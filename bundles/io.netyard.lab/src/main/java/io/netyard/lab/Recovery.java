package io.netyard.lab;

import io.netyard.api.RequestException;
import io.netyard.lab.LabStore.Entry;
import io.netyard.lab.network.Network;
import io.netyard.lab.plan.Changes;
import io.netyard.lab.plan.Course;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what somebody has begun and did not live to end: a change becomes one that never was, a destruction is completed. That is done at the
 * start, and again before a lab is next changed: the start may have failed at it, and the one that was killed may have been another process.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Changes changes;
    private final LabStore store;

    Recovery(Changes changes, LabStore store) {
        this.changes = changes;
        this.store = store;
    }

    /**
     * To be called when it is this lab's turn, so that whoever is still at it is not taken for dead.
     *
     * @throws RequestException if it cannot be done, with the way out
     */
    void endWhatWasBegun(String lab) {
        if (!store.isChanging(lab)) {
            return;
        }
        try {
            Optional<Entry> attempted = store.changing(lab);
            if (attempted.isEmpty()) {
                changes.remove(lab, Network.EMPTY, Course.unattended());
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
            throw new RequestException(
                    "lab %1$s: a change was killed half-way and cannot be undone: %2$s; lab:destroy %1$s removes all of it"
                            .formatted(lab, e.getMessage()),
                    e);
        }
    }
}
