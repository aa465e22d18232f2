package io.netyard.netns.inventory;

import java.util.Comparator;

/** Those through whose eyes a mount namespace is seen: {@code PID}, or {@code PID/task/TID} of a thread that is elsewhere. */
final class Viewers {

    /** Processes before threads, each by pid. */
    static final Comparator<String> ORDER = Comparator.<String>comparingInt(
                    directory -> directory.indexOf('/') < 0 ? 0 : 1)
            .thenComparingLong(Viewers::pid)
            .thenComparing(Comparator.naturalOrder());

    private Viewers() {}

    static long pid(String directory) {
        int slash = directory.indexOf('/');
        return Long.parseLong(slash < 0 ? directory : directory.substring(0, slash));
    }
}
