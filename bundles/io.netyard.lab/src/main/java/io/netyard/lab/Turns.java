package io.netyard.lab;

import io.netyard.api.RequestException;
import io.netyard.lab.plan.LogContext;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets changes of one lab take place one after the other; different labs change at the same time. Of one process the changes wait for each
 * other; one that another process is at is not waited for. Whoever closes it waits for those that are under way: the next one in charge of
 * the labs must not meet them.
 */
final class Turns implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    /** A change of a thousand nodes takes less; what takes longer is found half-way by the next start, and undone. */
    private static final long CLOSING_SECONDS = 60;

    /** How long one that waits for its turn may stay unaware that it is not wanted any more. */
    private static final long LOCK_MILLIS = 100;

    private final Path directory;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** Shared by all changes, and taken by none any more once it is closed. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private volatile boolean closed;

    /** @param directory for the locks among processes; there while there is one */
    Turns(Path directory) {
        this.directory = directory;
    }

    /**
     * Does work that changes one lab on a thread that nobody can interrupt. Who waits for it can be: then the work is told that it is not
     * wanted any more, and still waited for, since only it can say what has become of the lab.
     */
    <T> T alone(String lab, Function<BooleanSupplier, T> work) {
        AtomicBoolean cancelled = new AtomicBoolean();
        FutureTask<T> task = new FutureTask<>(() -> locked(lab, cancelled::get, work));
        Thread thread = new Thread(task, "netyard lab " + lab);
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cancelled.set(true);
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) e.getCause();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * As {@link #alone}, on the thread that calls, which nobody interrupts.
     *
     * @param cancelled asked while waiting for the turn, and handed to the work
     * @throws RequestException if it is not wanted any more before it has its turn, or another process changes the lab
     */
    <T> T locked(String lab, BooleanSupplier cancelled, Function<BooleanSupplier, T> work) {
        ReentrantLock lock = locks.computeIfAbsent(lab, name -> new ReentrantLock());
        try {
            while (!lock.tryLock(LOCK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (cancelled.getAsBoolean()) {
                    throw new RequestException(
                            "interrupted while another change of lab %s was under way: nothing was done"
                                    .formatted(lab));
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
        try {
            return LogContext.about(lab, () -> whileOpen(lab, () -> amongProcesses(lab, () -> work.apply(cancelled))));
        } finally {
            lock.unlock();
        }
    }

    private <T> T whileOpen(String lab, Supplier<T> work) {
        if (closed || !open.readLock().tryLock()) {
            throw new RequestException(
                    "the appliance is being stopped or updated: nothing was done to lab %s, try again".formatted(lab));
        }
        try {
            return work.get();
        } finally {
            open.readLock().unlock();
        }
    }

    private <T> T amongProcesses(String lab, Supplier<T> work) {
        ProcessLock lock = ProcessLock.acquire(directory.resolve(lab), lab);
        try {
            return work.get();
        } finally {
            lock.close();
        }
    }

    /** Begins nothing any more and waits until what is under way has ended, for a while. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!open.writeLock().tryLock(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("A change of a lab is still under way after {} s, it is left to itself", CLOSING_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
