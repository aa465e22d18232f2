package io.netyard.netns;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When it is worth while to look for what was left half-made: the first time, and then no more often than something can have come to be
 * {@linkplain StateDirectory#isAbandoned abandoned}. Looking means to read a directory with an entry for each namespace. Safe for use from
 * several threads.
 */
final class Sweeping {

    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong last = new AtomicLong(NEVER);

    /** True once, until the time is over. */
    boolean isDue() {
        long now = System.nanoTime();
        long before = last.get();
        boolean due = before == NEVER || now - before >= StateDirectory.BEING_MADE.toNanos();
        return due && last.compareAndSet(before, now);
    }
}
