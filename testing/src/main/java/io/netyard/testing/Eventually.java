package io.netyard.testing;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits, bounded, for what the kernel does in its own time. */
public final class Eventually {

    /** Generous: the lab kernel is some twenty times slower at system calls. */
    public static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofMillis(5);

    private Eventually() {}

    /** @throws AssertionError if the condition does not hold within {@link #LIMIT}; says what was waited for */
    public static void holds(String what, Callable<Boolean> condition) throws Exception {
        holds(what, LIMIT, PAUSE, condition);
    }

    /**
     * For what takes longer than most, or where looking often is in the way of what is waited for.
     *
     * @param pause between two looks
     * @throws AssertionError if the condition does not hold within the limit; says what was waited for
     */
    public static void holds(String what, Duration limit, Duration pause, Callable<Boolean> condition)
            throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within %d s: %s".formatted(limit.toSeconds(), what));
            }
            Thread.sleep(pause.toMillis());
        }
    }
}
