package io.netyard.lab;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings back, after a restart of the machine, the labs that are marked for it. In the background: the appliance answers meanwhile. What fails is
 * tried again, since one lab may use the bridge of another that is still to come, or what another service of the host makes.
 */
final class Autostart implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Autostart.class);

    private static final long FIRST_PAUSE_MILLIS = 500;

    private static final long LONGEST_PAUSE_MILLIS = 15_000;

    private static final int ATTEMPTS = 12;

    /** Brings one lab back. */
    @FunctionalInterface
    interface Recovery {

        /** @param cancelled asked before each step */
        void recover(String lab, BooleanSupplier cancelled);
    }

    private final LabStore store;
    private final Recovery recovery;

    /** Why a lab could not be brought back, by name. */
    private final Map<String, String> troubles = new ConcurrentHashMap<>();

    private final CountDownLatch closed = new CountDownLatch(1);

    Autostart(LabStore store, Recovery recovery) {
        this.store = store;
        this.recovery = recovery;
    }

    void begin() {
        List<String> marked = marked(store.namesWithLost());
        if (marked.isEmpty()) {
            return;
        }
        Thread thread = new Thread(() -> run(marked), "netyard autostart");
        thread.setDaemon(true);
        thread.start();
    }

    /** Why it is not back. */
    String trouble(String lab) {
        return troubles.getOrDefault(lab, "it is about to be brought back");
    }

    private List<String> marked(List<String> labs) {
        return labs.stream()
                .filter(lab -> store.lost(lab).isPresent() && store.autostart(lab))
                .toList();
    }

    private void run(List<String> marked) {
        List<String> left = marked;
        long pause = FIRST_PAUSE_MILLIS;
        for (int attempt = 1; attempt <= ATTEMPTS && !isClosed(); attempt++) {
            int before;
            do {
                before = left.size();
                // Somebody may have brought it back, destroyed it, or changed the mark.
                left = marked(left).stream().filter(lab -> !bringBack(lab)).toList();
            } while (!left.isEmpty() && left.size() < before && !isClosed());
            if (left.isEmpty() || attempt < ATTEMPTS && isClosedWithin(pause)) {
                return;
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        left.forEach(lab -> LOG.error("Lab {}: not brought back: {}", lab, trouble(lab)));
    }

    private boolean bringBack(String lab) {
        try {
            recovery.recover(lab, this::isClosed);
            troubles.remove(lab);
            return true;
        } catch (RuntimeException e) {
            troubles.put(lab, "bringing it back failed: " + e.getMessage());
            LOG.info("Lab {}: not brought back yet: {}", lab, e.getMessage());
            return false;
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private boolean isClosedWithin(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** What is under way is undone; the next start begins again. */
    @Override
    public void close() {
        closed.countDown();
    }
}
