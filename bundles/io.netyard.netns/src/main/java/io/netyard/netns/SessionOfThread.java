package io.netyard.netns;

import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NamespaceHolder.Held;
import io.netyard.api.netns.Namespaces;
import io.netyard.kernel.KeptNamespaces;
import io.netyard.netns.inventory.NamespaceScan;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The session of a thread. To look at all that the holders hold, or at all processes, takes the longer the more there are; so what has to be
 * known of them for one namespace after the other is looked up once.
 */
final class SessionOfThread implements Namespaces.Session {

    private static final ThreadLocal<SessionOfThread> CURRENT = new ThreadLocal<>();

    private final KeptNamespaces kept = KeptNamespaces.open();
    private final Consumer<Map<Long, String>> atTheEnd;
    private final Map<String, Map<Long, Held>> held = new HashMap<>();
    private final Set<String> labels = ConcurrentHashMap.newKeySet();
    private final Map<Long, String> destroyed = new LinkedHashMap<>();
    private Map<Long, List<Long>> processes;

    private SessionOfThread(Consumer<Map<Long, String>> atTheEnd) {
        this.atTheEnd = atTheEnd;
    }

    /** @param atTheEnd is given the labels of what was destroyed, by inode, if anything was */
    static Namespaces.Session begin(Consumer<Map<Long, String>> atTheEnd) {
        if (CURRENT.get() != null) {
            return () -> {};
        }
        SessionOfThread session = new SessionOfThread(atTheEnd);
        CURRENT.set(session);
        return session;
    }

    static Optional<SessionOfThread> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** What a holder held when this was first asked, and what it was given since; by inode. */
    Map<Long, Held> held(NamespaceHolder holder) {
        return held.computeIfAbsent(holder.name(), name -> {
            Map<Long, Held> found = new ConcurrentHashMap<>();
            holder.held().forEach(each -> found.put(each.ref().inode(), each));
            return found;
        });
    }

    /** Labels that were made meanwhile; whoever looks first adds those that are taken. */
    Set<String> labels() {
        return labels;
    }

    /** The pids in each network namespace when this was first asked. */
    Map<Long, List<Long>> processes() {
        if (processes == null) {
            processes = NamespaceScan.pids(NamespaceType.NET);
        }
        return processes;
    }

    void destroyed(long inode, String label) {
        destroyed.put(inode, label);
        labels.remove(label);
    }

    @Override
    public void close() {
        CURRENT.remove();
        kept.close();
        if (!destroyed.isEmpty()) {
            atTheEnd.accept(destroyed);
        }
    }
}
