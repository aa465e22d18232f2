package io.netyard.kernel;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How a trial ended. A namespace to try something in takes tens of milliseconds, and plans ask often. What works goes on doing so. What does
 * not may work later, since kernel modules come: it is tried again when its module has been loaded, or is there no more, and after a while in
 * any case, since a module that was installed meanwhile is loaded by the trial itself.
 */
final class RememberedTrial {

    private static final long A_WHILE = Duration.ofMinutes(1).toNanos();

    private final BooleanSupplier trial;
    private final BooleanSupplier isLoaded;
    private final LongSupplier clock;

    private boolean worked;
    private boolean failed;
    private boolean wasLoaded;
    private long triedAt;

    /**
     * @param isLoaded whether the kernel has the module that the thing is in
     * @param clock in nanoseconds
     */
    RememberedTrial(BooleanSupplier trial, BooleanSupplier isLoaded, LongSupplier clock) {
        this.trial = trial;
        this.isLoaded = isLoaded;
        this.clock = clock;
    }

    synchronized boolean works() {
        if (worked) {
            return true;
        }
        boolean isSame = failed && isLoaded.getAsBoolean() == wasLoaded;
        if (isSame && clock.getAsLong() - triedAt < A_WHILE) {
            return false;
        }
        worked = trial.getAsBoolean();
        failed = !worked;
        // The trial may have loaded it.
        wasLoaded = isLoaded.getAsBoolean();
        triedAt = clock.getAsLong();
        return worked;
    }
}
