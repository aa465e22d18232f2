package io.netyard.kernel;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * Divides work between the calling thread and another one, which lives no longer than the work: it has the rights and namespaces of the
 * caller, as one of a pool would not.
 */
public final class TwoThreads {

    /** With less to do than this, starting a thread takes longer than it saves. */
    private static final int WORTH_IT = 64;

    /** Taken at a time, so that the two do not meet at the counter all the time and end together nevertheless. */
    private static final int PORTION = 16;

    private TwoThreads() {}

    /**
     * Lets {@code step} be done for each index below {@code count} once, unless one fails. Whatever comes of it: when this returns or throws, no
     * step is under way, so what they work with can be closed.
     *
     * @param worker makes what one thread works with; it is closed by whoever calls this
     * @return the workers, one or two
     */
    public static <W> List<W> share(int count, Supplier<W> worker, ObjIntConsumer<W> step) {
        AtomicInteger next = new AtomicInteger();
        if (count < WORTH_IT) {
            return List.of(work(count, next, worker.get(), step));
        }
        W others = worker.get();
        Supplier<W> other = beside(() -> work(count, next, others, step));
        FutureTask<W> mine = new FutureTask<>(() -> work(count, next, worker.get(), step));
        mine.run();
        W ended = other.get();
        return List.of(Uninterrupted.result(mine), ended);
    }

    /**
     * Lets work be done on another thread from now on.
     *
     * @return waits for what it comes to, and throws what it has thrown
     */
    public static <T> Supplier<T> beside(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread thread = new Thread(task, "netyard beside");
        thread.setDaemon(true);
        thread.start();
        return () -> Uninterrupted.result(task);
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
}
