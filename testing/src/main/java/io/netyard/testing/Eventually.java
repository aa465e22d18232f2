package io.netyard.testing;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits, bounded, for what the kernel does in its own time. */
public final class Eventually {

    /** Generous: the lab kernel is some twenty times slower at system calls. */
    public static final Duration LIMIT = Duration.ofSeconds(20);

    private static final long PAUSE_MILLIS = 5;

    private Eventually() {}

    /** @throws AssertionError if the condition does not hold in the end; says what was waited for */
    public static void holds(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within %d s: %s".formatted(LIMIT.toSeconds(), what));
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
