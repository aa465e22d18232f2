package io.netyard.netns.inventory;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * Divides work between the calling thread and another one, which lives no longer than the work: it has the rights and namespaces of the
 * caller, as one of a pool would not.
 */
final class TwoThreads {

    /** With less to do than this, starting a thread takes longer than it saves. */
    private static final int WORTH_IT = 64;

    /** Taken at a time, so that the two do not meet at the counter all the time and end together nevertheless. */
    private static final int PORTION = 16;

    private TwoThreads() {}

    /**
     * Lets {@code step} be done for each index below {@code count} once.
     *
     * @param worker makes what one thread works with; it is closed by whoever calls this
     * @return the workers, one or two
     */
    static <W> List<W> share(int count, Supplier<W> worker, ObjIntConsumer<W> step) {
        AtomicInteger next = new AtomicInteger();
        if (count < WORTH_IT) {
            return List.of(work(count, next, worker.get(), step));
        }
        W others = worker.get();
        FutureTask<W> other = new FutureTask<>(() -> work(count, next, others, step));
        Thread thread = new Thread(other, "netyard inventory");
        thread.setDaemon(true);
        thread.start();
        W mine = work(count, next, worker.get(), step);
        return List.of(mine, finished(other));
    }

    private static <W> W work(int count, AtomicInteger next, W worker, ObjIntConsumer<W> step) {
        int from;
        while ((from = next.getAndAdd(PORTION)) < count) {
            for (int index = from; index < Math.min(from + PORTION, count); index++) {
                step.accept(worker, index);
            }
        }
        return worker;
    }

    private static <W> W finished(FutureTask<W> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    // It is at its last steps.
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
