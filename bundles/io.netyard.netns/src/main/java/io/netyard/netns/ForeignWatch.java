package io.netyard.netns;

import io.netyard.api.NetnsRef;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.ForeignNamespaces.Watch;
import io.netyard.kernel.HostWatch;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that sees foreign namespaces come and go. While all are there it sleeps: the end of a process and a change of mounts wake it.
 * Nobody tells when a container starts, so what is missing is looked for.
 */
final class ForeignWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignWatch.class);

    private static final Duration LOOKING = Duration.ofMillis(300);
    private static final Duration FOR_EVER = Duration.ofSeconds(-1);

    private final class Watched implements Watch {
        private final ForeignNamespace what;
        private final Consumer<Optional<NetnsRef>> listener;

        /** Of the watch's thread alone. */
        private Optional<Anchor> seen = Optional.empty();

        private boolean told;

        Watched(ForeignNamespace what, Consumer<Optional<NetnsRef>> listener) {
            this.what = what;
            this.listener = listener;
        }

        @Override
        public void close() {
            watched.remove(this);
            events.wake();
        }
    }

    private final Function<ForeignNamespace, Supplier<Optional<Anchor>>> search;
    private final HostWatch events = new HostWatch();
    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "netyard foreign namespaces");
    private volatile boolean closed;

    /** @param search begins to look for what is meant, and then looks each time that it is asked; empty if it is not there */
    ForeignWatch(Function<ForeignNamespace, Supplier<Optional<Anchor>>> search) {
        this.search = search;
        thread.setDaemon(true);
        thread.start();
    }

    Watch watch(ForeignNamespace what, Consumer<Optional<NetnsRef>> listener) {
        Watched added = new Watched(what, listener);
        watched.add(added);
        events.wake();
        return added;
    }

    private void run() {
        Map<ForeignNamespace, Supplier<Optional<Anchor>>> searches = new HashMap<>();
        while (!closed) {
            try {
                round(searches);
            } catch (RuntimeException e) {
                LOG.error("Foreign namespaces cannot be looked at, trying again: {}", e.getMessage(), e);
                events.await(Set.of(), LOOKING);
            }
        }
    }

    private void round(Map<ForeignNamespace, Supplier<Optional<Anchor>>> searches) {
        Map<ForeignNamespace, Optional<Anchor>> found = new HashMap<>();
        Set<Long> pids = new HashSet<>();
        Set<ForeignNamespace> missing = new HashSet<>();
        for (Watched each : watched) {
            step(
                    each,
                    what -> found.computeIfAbsent(
                            what, any -> searches.computeIfAbsent(what, search).get()));
            each.seen.ifPresentOrElse(anchor -> anchor.process().ifPresent(pids::add), () -> missing.add(each.what));
        }
        missing.removeIf(what -> !what.comesBack());
        searches.keySet().retainAll(missing);
        events.await(pids, missing.isEmpty() ? FOR_EVER : LOOKING);
    }

    private static void step(Watched each, Function<ForeignNamespace, Optional<Anchor>> look) {
        if (each.seen.filter(Anchor::isValid).isPresent()) {
            return;
        }
        boolean lost = each.told && !each.what.comesBack();
        Optional<Anchor> now = lost ? Optional.empty() : look.apply(each.what);
        if (!each.told || !now.equals(each.seen)) {
            each.told = true;
            each.seen = now;
            try {
                each.listener.accept(now.map(Anchor::ref));
            } catch (RuntimeException e) {
                LOG.error("{}: whoever waits for it has failed", each.what, e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        events.wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        events.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
