package io.netyard.proof;

import java.time.Duration;

/**
 * How long to wait for answers. At least as long as asked for; longer where answers are seen to come slowly, since silence must
 * mean isolation and not a slow kernel. Not for use by several threads.
 */
final class Patience {

    /** An answer may take so many times as long as the slowest one seen. */
    private static final int FACTOR = 4;

    /** Nothing is waited for longer. */
    static final Duration MOST = Duration.ofSeconds(5);

    private final Duration least;
    private Duration slowest = Duration.ZERO;

    Patience(Duration least) {
        this.least = least;
    }

    void saw(Duration roundTrip) {
        if (roundTrip.compareTo(slowest) > 0) {
            slowest = roundTrip;
        }
    }

    /** How long to wait after the last request, as things look now. */
    Duration now() {
        Duration stretched = slowest.multipliedBy(FACTOR);
        if (stretched.compareTo(MOST) > 0) {
            stretched = MOST;
        }
        return stretched.compareTo(least) > 0 ? stretched : least;
    }
}
