package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.kernel.libc.LibC;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A child process, leader of its own session and process group. Safe for use from several threads. */
public final class SpawnedProcess implements AutoCloseable {

    /** How long a program may take to end after SIGHUP before it is killed. In milliseconds. */
    private static final long GRACE_MILLIS = 500;

    private final int pid;
    private final boolean terminal;
    private final List<FileDescriptor> ends;
    private final DescriptorStreams streams;
    private final CompletableFuture<Integer> exit;

    /** @param ends of pipes to its input, from its output, from its error; or the terminal's master; or none */
    SpawnedProcess(int pid, List<FileDescriptor> ends, boolean terminal) {
        this.pid = pid;
        this.ends = List.copyOf(ends);
        this.terminal = terminal;
        this.streams = ends.isEmpty() ? null : new DescriptorStreams();
        this.exit = Children.watch(pid);
    }

    public long pid() {
        return pid;
    }

    /** To its standard input, or to its terminal. Closing it is the end of input for a pipe. */
    public OutputStream input() {
        return ends.isEmpty() ? OutputStream.nullOutputStream() : streams.to(ends.get(0), !terminal);
    }

    /** From its standard output, or from its terminal. */
    public InputStream output() {
        return ends.isEmpty() ? InputStream.nullInputStream() : streams.from(ends.get(terminal ? 0 : 1));
    }

    /** From its standard error; empty with a terminal. */
    public InputStream error() {
        return ends.size() < 3 ? InputStream.nullInputStream() : streams.from(ends.get(2));
    }

    /** @return the exit status, or 128 plus the number of the signal that ended it; empty if it still runs after {@code limit} */
    public OptionalInt waitFor(Duration limit) throws InterruptedException {
        try {
            return OptionalInt.of(exit.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return OptionalInt.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Sends a signal to its process group, if it has not ended. */
    public void signal(int number) {
        Children.unlessReaped(pid, () -> LibC.get().kill(-pid, number));
    }

    /** In character cells; without a terminal nothing happens. */
    public void resize(int columns, int rows) {
        if (terminal) {
            Spawner.resize(ends.get(0), columns, rows);
        }
    }

    /** Ends it if it still runs: SIGHUP, then SIGKILL. Frees its pipes or terminal. */
    @Override
    public void close() {
        if (!exit.isDone()) {
            signal(LibC.SIGHUP);
            try {
                if (waitFor(Duration.ofMillis(GRACE_MILLIS)).isEmpty()) {
                    signal(LibC.SIGKILL);
                    waitFor(Duration.ofMillis(GRACE_MILLIS));
                }
            } catch (InterruptedException e) {
                signal(LibC.SIGKILL);
                Thread.currentThread().interrupt();
            }
        }
        if (streams != null) {
            streams.close();
        }
        ends.forEach(FileDescriptor::close);
    }

    /**
     * Kills a process that need not be our child, without the risk of hitting another one that got its pid meanwhile, and waits until
     * it has ended.
     *
     * @param stillMeant asked when the process is pinned: is it the one that is meant (by its start time, say)?
     * @return false if it is not there, is not meant, or has not ended within {@code limit}
     */
    public static boolean kill(long pid, java.util.function.BooleanSupplier stillMeant, Duration limit) {
        LibC c = LibC.get();
        long number = c.syscall(LibC.SYS_PIDFD_OPEN, pid, 0, 0, 0);
        if (number < 0) {
            return false;
        }
        try (FileDescriptor pidfd = new FileDescriptor((int) number)) {
            if (!stillMeant.getAsBoolean()) {
                return false;
            }
            if (c.syscall(LibC.SYS_PIDFD_SEND_SIGNAL, pidfd.number(), LibC.SIGKILL, 0, 0) != 0) {
                throw new KernelException("end process", Long.toString(pid), LibC.errno(), "");
            }
            return Poll.readable(pidfd, limit);
        }
    }
}
