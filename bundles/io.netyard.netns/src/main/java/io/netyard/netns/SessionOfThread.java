package io.netyard.netns;

import io.netyard.api.netns.Namespaces;
import io.netyard.kernel.KeptNamespaces;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The session of a thread. */
final class SessionOfThread implements Namespaces.Session {

    private static final ThreadLocal<SessionOfThread> CURRENT = new ThreadLocal<>();

    private final KeptNamespaces kept = KeptNamespaces.open();
    private final Supplier<Set<String>> look;
    private Set<String> labels;

    private SessionOfThread(Supplier<Set<String>> look) {
        this.look = look;
    }

    /** @param look finds the labels that are taken */
    static Namespaces.Session begin(Supplier<Set<String>> look) {
        if (CURRENT.get() != null) {
            return () -> {};
        }
        SessionOfThread session = new SessionOfThread(look);
        CURRENT.set(session);
        return session;
    }

    static Optional<SessionOfThread> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** The labels that are taken: those that were when this was first asked, and those that were added. */
    Set<String> labels() {
        if (labels == null) {
            labels = ConcurrentHashMap.newKeySet();
            labels.addAll(look.get());
        }
        return labels;
    }

    @Override
    public void close() {
        CURRENT.remove();
        kept.close();
    }
}
