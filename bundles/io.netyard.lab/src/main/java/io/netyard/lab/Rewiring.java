package io.netyard.lab;

import io.netyard.api.lab.Plan;
import io.netyard.api.netns.ForeignNamespaces;
import io.netyard.lab.LabStore.Entry;
import io.netyard.lab.network.Network;
import io.netyard.lab.plan.Changes;
import io.netyard.lab.plan.Course;
import io.netyard.lab.plan.LogContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When something that a lab has attached is back, makes what the lab has there anew, and whatever went with it elsewhere. */
final class Rewiring implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rewiring.class);

    private static final int ATTEMPTS = 3;

    private static final long BETWEEN_ATTEMPTS_MILLIS = 300;

    private final Changes changes;
    private final LabStore store;
    private final Recovery recovery;
    private final Turns turns;
    private final Returns returns;
    private final Events events;

    /** Why a lab could not be wired again when something came back, until it can. */
    private final Map<String, String> troubles = new ConcurrentHashMap<>();

    private final Set<String> inWork = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    Rewiring(
            ForeignNamespaces foreign, Changes changes, LabStore store, Recovery recovery, Turns turns, Events events) {
        this.events = events;
        this.changes = changes;
        this.store = store;
        this.recovery = recovery;
        this.turns = turns;
        this.returns = new Returns(foreign, this::begin);
    }

    /** The lab is as it was meant to be, and that is {@code network}: what this has attached is watched from now on. */
    void follow(String lab, Network network) {
        troubles.remove(lab);
        returns.follow(lab, network);
    }

    /** Why a lab lacks what it should have in a namespace that is there. */
    String trouble(String lab) {
        return troubles.getOrDefault(lab, "it is about to be wired");
    }

    /** Whether it is being wired again this moment. */
    boolean isInWork(String lab) {
        return inWork.contains(lab);
    }

    private void begin(String lab) {
        Thread thread = new Thread(() -> LogContext.about(lab, () -> rewireUntilDone(lab)), "netyard wiring of " + lab);
        thread.setDaemon(true);
        thread.start();
    }

    /** More than once: whoever has started the container may still be busy with its interfaces. */
    private void rewireUntilDone(String lab) {
        try {
            for (int attempt = 1; attempt <= ATTEMPTS && !closed; attempt++) {
                boolean last = attempt == ATTEMPTS;
                if (turns.locked(lab, () -> closed, cancelled -> {
                    recovery.endWhatWasBegun(lab);
                    return store.settled(lab)
                            .map(entry -> rewire(lab, entry, cancelled, last))
                            .orElse(true);
                })) {
                    return;
                }
                Thread.sleep(BETWEEN_ATTEMPTS_MILLIS);
            }
        } catch (RuntimeException e) {
            LOG.warn("not wired again: {}", e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** @return whether there is nothing left to do */
    private boolean rewire(String lab, Entry target, BooleanSupplier cancelled, boolean last) {
        Announcements announcements = new Announcements(events, lab, "rewire", target.stage());
        inWork.add(lab);
        try {
            Network meant = target.network();
            List<Plan.Step> done = changes.restore(
                    lab,
                    meant,
                    () -> {
                        store.begin(lab, target);
                        announcements.begun();
                    },
                    new Course(announcements::progress, cancelled));
            store.settle(lab, target);
            troubles.remove(lab);
            announcements.ended(done);
            return true;
        } catch (RuntimeException e) {
            store.abort(lab);
            troubles.put(lab, e.getMessage());
            if (last) {
                announcements.failed(e);
                LOG.error("what has come back cannot be wired: {}", e.getMessage(), e);
            } else {
                LOG.info("not wired yet: {}", e.getMessage());
            }
            return false;
        } finally {
            inWork.remove(lab);
        }
    }

    /** Whoever has been told of a namespace only now does nothing any more; what is under way goes on. */
    @Override
    public void close() {
        closed = true;
        returns.close();
    }
}
