package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.kernel.libc.LibC;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Waits for descriptors to become readable: poll(2). */
final class Poll {

    /** struct pollfd: int fd, short events, short revents. */
    private static final int SIZE = 8;

    private Poll() {}

    /** @param limit negative waits for ever */
    static boolean readable(FileDescriptor fd, Duration limit) {
        return !readable(List.of(fd.number()), limit).isEmpty();
    }

    /**
     * @param limit negative waits for ever
     * @return the indexes in {@code fds} of those that have something to read, have ended or have failed
     */
    static List<Integer> readable(List<Integer> fds, Duration limit) {
        return ready(fds.stream().map(fd -> new Interest(fd, LibC.POLLIN)).toList(), limit);
    }

    /** @param events as in struct pollfd; errors and the end are told without being asked for */
    record Interest(int fd, short events) {}

    /**
     * @param limit negative waits for ever
     * @return the indexes in {@code fds} of those about which there is something to tell
     */
    static List<Integer> ready(List<Interest> fds, Duration limit) {
        Pointer array = Memory.allocateDirect(Runtime.getRuntime(LibC.get()), Math.max(1, fds.size()) * SIZE, true);
        for (int i = 0; i < fds.size(); i++) {
            array.putInt((long) i * SIZE, fds.get(i).fd());
            array.putShort((long) i * SIZE + 4, fds.get(i).events());
        }
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            // Rounded up: waiting 0 ms for the last half millisecond would spin.
            int millis = limit.isNegative()
                    ? -1
                    : (int) Math.min(
                            Integer.MAX_VALUE, Math.max(0, (deadline - System.nanoTime() + 999_999) / 1_000_000));
            int ready = LibC.get().poll(array, fds.size(), millis);
            if (ready < 0 && LibC.errno() != LibC.EINTR) {
                throw new KernelException("wait for", "descriptors", LibC.errno(), "");
            }
            if (ready == 0 && !limit.isNegative()) {
                return List.of();
            }
            if (ready > 0) {
                List<Integer> indexes = new ArrayList<>();
                for (int i = 0; i < fds.size(); i++) {
                    if (array.getShort((long) i * SIZE + 6) != 0) {
                        indexes.add(i);
                    }
                }
                return indexes;
            }
        }
    }
}
