package io.netyard.lab.drift;

import io.netyard.api.NetnsRef;
import io.netyard.api.lab.Difference;
import io.netyard.api.lab.LabStatus;
import io.netyard.api.netns.NetworkMonitor;
import io.netyard.api.netns.NetworkMonitor.Kind;
import io.netyard.api.netns.NetworkMonitor.Notice;
import io.netyard.api.netns.NetworkMonitor.Subscription;
import io.netyard.lab.plan.LogContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that somebody else has changed a lab. The kernel's notices say which lab is to be looked at; then it is compared as a whole, and
 * what is new is told once, and once more when it is gone.
 *
 * <p>A lab is left alone while it is changed by its own appliance, and looked at when that is over. Many notices make one comparison, and
 * comparisons take a fifth of one processor at most, however much happens. One thread, and none while no lab is followed.
 */
public final class DriftWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);

    /** So long nothing must have happened before it is worth a look, unless it goes on and on. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** After a change the kernel still has something to tell of it: carriers, addresses that are free, ports that forward. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    /** How long comparing rests, in times of what it took. */
    private static final int REST = 4;

    private static final Duration AGAIN = Duration.ofSeconds(5);

    /** What is to be known of a lab. */
    public interface Source {

        /** The namespaces in which the lab has something; empty if it is gone or nobody knows what it is meant to be. */
        Set<NetnsRef> namespaces(String lab);

        /** Whether a node of it has permanent neighbours. */
        boolean hasNeighbours(String lab);

        LabStatus status(String lab);
    }

    private static final class Followed {
        /** As System.nanoTime() has it. */
        private long due;

        private long notBefore;
        private Optional<Long> firstNotice = Optional.empty();
        private boolean isDue;
        private boolean stale = true;
        private boolean missed;
        private boolean neighbours;

        // Of the watch's thread alone.
        private Set<NetnsRef> namespaces = Set.of();
        private Optional<Subscription> subscription = Optional.empty();
        private Map<String, Difference> told = new LinkedHashMap<>();
    }

    private final NetworkMonitor monitor;
    private final Source source;
    private final DriftListener listener;

    // Guarded by this.
    private final Map<String, Followed> labs = new HashMap<>();
    private Optional<Thread> thread = Optional.empty();
    private boolean closed;

    public DriftWatch(NetworkMonitor monitor, Source source, DriftListener listener) {
        this.monitor = monitor;
        this.source = source;
        this.listener = listener;
    }

    /** A change of the lab begins: what happens to it now is not drift. */
    public synchronized void pause(String lab) {
        Followed followed = labs.get(lab);
        if (followed != null) {
            followed.isDue = false;
            followed.firstNotice = Optional.empty();
            followed.notBefore = Long.MAX_VALUE;
        }
    }

    /** The lab is what it is meant to be, or was given up to be it: from now on it is watched. Returns at once. */
    public synchronized void follow(String lab) {
        if (closed) {
            return;
        }
        Followed followed = labs.computeIfAbsent(lab, any -> new Followed());
        followed.stale = true;
        followed.firstNotice = Optional.empty();
        followed.notBefore = System.nanoTime() + SETTLING.toNanos();
        followed.due = followed.notBefore;
        followed.isDue = true;
        if (thread.isEmpty()) {
            Thread started = new Thread(this::run, "netyard drift");
            started.setDaemon(true);
            thread = Optional.of(started);
            started.start();
        }
        notifyAll();
    }

    /** The lab is gone. */
    public void leave(String lab) {
        Followed followed;
        synchronized (this) {
            followed = labs.remove(lab);
            notifyAll();
        }
        if (followed != null) {
            unsubscribe(followed);
        }
    }

    private void unsubscribe(Followed followed) {
        synchronized (followed) {
            followed.subscription.ifPresent(Subscription::close);
            followed.subscription = Optional.empty();
            followed.namespaces = Set.of();
        }
    }

    private synchronized void notice(String lab, Followed followed, Notice notice) {
        boolean ofNoInterest = notice.kind() == Kind.NEIGHBOUR_GONE && !followed.neighbours;
        if (labs.get(lab) != followed || followed.notBefore == Long.MAX_VALUE || ofNoInterest) {
            return;
        }
        followed.missed |= notice.kind() == Kind.MISSED;
        followed.stale |= notice.kind() == Kind.MISSED || notice.kind() == Kind.GONE;
        long now = System.nanoTime();
        long first = followed.firstNotice.orElse(now);
        followed.firstNotice = Optional.of(first);
        long quiet = Math.min(now + QUIET.toNanos(), first + PATIENCE.toNanos());
        // The first look after a change sees what has happened since, too.
        boolean settling = followed.isDue && followed.due == followed.notBefore;
        if (!settling) {
            followed.due = Math.max(quiet, followed.notBefore);
            followed.isDue = true;
            notifyAll();
        }
    }

    private void run() {
        while (true) {
            Optional<Map.Entry<String, Followed>> next = awaitNext();
            if (next.isEmpty()) {
                return;
            }
            String lab = next.get().getKey();
            Followed followed = next.get().getValue();
            long began = System.nanoTime();
            boolean looked = LogContext.about(lab, () -> look(lab, followed));
            synchronized (this) {
                long now = System.nanoTime();
                if (followed.notBefore != Long.MAX_VALUE) {
                    followed.notBefore = Math.max(followed.notBefore, now + REST * (now - began));
                    if (!looked) {
                        followed.isDue = true;
                        followed.stale = true;
                        followed.missed = true;
                        followed.due = now + AGAIN.toNanos();
                    } else if (followed.isDue) {
                        followed.due = Math.max(followed.due, followed.notBefore);
                    }
                }
            }
        }
    }

    /** @return the lab whose turn it is; empty if nobody is followed any more */
    private synchronized Optional<Map.Entry<String, Followed>> awaitNext() {
        try {
            while (true) {
                if (closed || labs.isEmpty()) {
                    thread = Optional.empty();
                    return Optional.empty();
                }
                Optional<Map.Entry<String, Followed>> first = labs.entrySet().stream()
                        .filter(entry -> entry.getValue().isDue)
                        .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                        .min((a, b) -> Long.compare(a.getValue().due - b.getValue().due, 0));
                if (first.isEmpty()) {
                    wait();
                    continue;
                }
                long left = first.get().getValue().due - System.nanoTime();
                if (left <= 0) {
                    first.get().getValue().isDue = false;
                    first.get().getValue().firstNotice = Optional.empty();
                    return first;
                }
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** @return whether it could be looked at */
    private boolean look(String lab, Followed followed) {
        try {
            subscribe(lab, followed);
            LabStatus status = source.status(lab);
            synchronized (this) {
                boolean changed = labs.get(lab) != followed || followed.notBefore == Long.MAX_VALUE;
                if (changed || status.state() == LabStatus.State.CHANGING) {
                    // Whoever changes it lets it be followed again.
                    return true;
                }
            }
            tell(lab, followed, status);
            return true;
        } catch (RuntimeException e) {
            LOG.warn("it cannot be compared with what it is meant to be: {}", e.getMessage());
            return false;
        }
    }

    private void subscribe(String lab, Followed followed) {
        boolean anew;
        synchronized (this) {
            if (!followed.stale || labs.get(lab) != followed) {
                return;
            }
            anew = followed.missed;
            followed.stale = false;
            followed.missed = false;
        }
        Set<NetnsRef> namespaces = source.namespaces(lab);
        boolean neighbours = source.hasNeighbours(lab);
        synchronized (followed) {
            if (anew || !namespaces.equals(followed.namespaces) || followed.subscription.isEmpty()) {
                followed.subscription.ifPresent(Subscription::close);
                followed.subscription = Optional.empty();
                followed.subscription = Optional.of(monitor.watch(namespaces, notice -> notice(lab, followed, notice)));
                followed.namespaces = namespaces;
            }
        }
        synchronized (this) {
            followed.neighbours = neighbours;
            if (labs.get(lab) == followed) {
                return;
            }
        }
        // It was left in the meantime.
        unsubscribe(followed);
    }

    private void tell(String lab, Followed followed, LabStatus status) {
        Map<String, Difference> now = new LinkedHashMap<>();
        status.differences().forEach(difference -> now.put(difference.sentence(), difference));
        followed.told.forEach((sentence, difference) -> {
            if (!now.containsKey(sentence)) {
                LOG.info("as it is meant to be again: {}", sentence);
                listener.repaired(lab, difference);
            }
        });
        now.forEach((sentence, difference) -> {
            if (!followed.told.containsKey(sentence)) {
                LOG.warn("not as it is meant to be: {}", sentence);
                listener.drifted(lab, difference);
            }
        });
        followed.told = now;
    }

    /** No lab is watched any more; what is looked at this moment may still be told. */
    @Override
    public void close() {
        Set<Followed> all;
        synchronized (this) {
            closed = true;
            all = Set.copyOf(labs.values());
            labs.clear();
            notifyAll();
        }
        all.forEach(this::unsubscribe);
    }
}
