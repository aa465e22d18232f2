package io.netyard.netns;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something that the kernel finishes by itself, but not for ever. */
final class Bounded {

    /** The kernel tears down in milliseconds; what takes longer than this does not come. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final long LONGEST_PAUSE_MILLIS = 20;

    private Bounded() {}

    /**
     * Asks at once, then at growing distances. An interrupt does not cut the wait short (half-done is worse than late); it is
     * kept for the caller.
     *
     * @return what {@code done} said last
     */
    static boolean await(Duration limit, BooleanSupplier done) {
        long deadline = System.nanoTime() + limit.toNanos();
        long pause = 1;
        boolean interrupted = false;
        boolean is = done.getAsBoolean();
        while (!is && System.nanoTime() < deadline) {
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
            is = done.getAsBoolean();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return is;
    }
}
