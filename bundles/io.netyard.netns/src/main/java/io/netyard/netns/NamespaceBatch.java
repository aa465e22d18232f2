package io.netyard.netns;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.kernel.NamespaceThread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Namespaces that are being made by two threads, each of which makes one after the other: what is to be done in a new namespace is done by a
 * thread inside, and to start a thread for each and to wait for it takes longer than the work.
 */
final class NamespaceBatch implements Namespaces.Batch {

    private static final int THREADS = 2;

    private final List<NetnsSpec> specs;
    private final Map<NetnsSpec, CompletableFuture<NetnsRef>> results = new LinkedHashMap<>();
    private final Function<NetnsSpec, NetnsRef> hold;
    private final BiFunction<NetnsSpec, NetnsRef, Netns> made;
    private final Consumer<NetnsSpec> release;
    private final AtomicInteger next = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    private NamespaceBatch(
            List<NetnsSpec> specs,
            Function<NetnsSpec, NetnsRef> hold,
            BiFunction<NetnsSpec, NetnsRef, Netns> made,
            Consumer<NetnsSpec> release) {
        this.specs = specs;
        this.hold = hold;
        this.made = made;
        this.release = release;
        specs.forEach(spec -> results.put(spec, new CompletableFuture<>()));
    }

    /**
     * @param hold called inside each
     * @param made called by whoever awaits one
     * @param release called for each at the end
     */
    static NamespaceBatch start(
            List<NetnsSpec> specs,
            Function<NetnsSpec, NetnsRef> hold,
            BiFunction<NetnsSpec, NetnsRef, Netns> made,
            Consumer<NetnsSpec> release) {
        NamespaceBatch batch = new NamespaceBatch(specs, hold, made, release);
        for (int i = 0; i < Math.min(THREADS, specs.size()); i++) {
            batch.threads.add(NamespaceThread.startInNew(batch::next));
        }
        return batch;
    }

    private NamespaceThread.Inside next() {
        int index = next.getAndIncrement();
        return stopped || index >= specs.size() ? null : new Making(specs.get(index));
    }

    private final class Making implements NamespaceThread.Inside {

        private final NetnsSpec spec;

        Making(NetnsSpec spec) {
            this.spec = spec;
        }

        @Override
        public String hostname() {
            return spec.name();
        }

        @Override
        public void run() {
            try {
                results.get(spec).complete(hold.apply(spec));
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        @Override
        public void refused(KernelException refusal) {
            fail(refusal);
        }

        private void fail(Throwable failure) {
            stopped = true;
            results.get(spec).completeExceptionally(failure);
        }
    }

    @Override
    public Netns await(NetnsSpec spec) {
        try {
            return made.apply(spec, results.get(spec).join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error death) {
                throw death;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        stopped = true;
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    // What they do is short; half-done is worse than late.
                    interrupted = true;
                }
            }
        }
        // One that another's failure has kept from being begun.
        results.forEach((spec, result) -> {
            result.completeExceptionally(new RequestException("namespace '%s' was not begun".formatted(spec.name())));
            release.accept(spec);
        });
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
