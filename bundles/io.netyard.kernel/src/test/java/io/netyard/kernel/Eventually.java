package io.netyard.kernel;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits, bounded, for what the kernel does in its own time. */
final class Eventually {

    /** Generous: the lab kernel is some twenty times slower at system calls. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Eventually() {}

    static void holds(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                fail("not within %d s: %s", LIMIT.toSeconds(), what);
            }
            Thread.sleep(5);
        }
    }
}
