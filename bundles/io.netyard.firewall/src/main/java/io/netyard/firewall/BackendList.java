package io.netyard.firewall;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The backends that are there, and those that are leaving: they can still take their rules away, but get no new ones. Thread-safe. */
final class BackendList {

    private final Map<Long, KnownBackend> present = new ConcurrentSkipListMap<>();
    private final Map<Long, KnownBackend> leaving = new ConcurrentHashMap<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    void arrive(long serviceId, KnownBackend backend) {
        seen.add(backend.name());
        present.put(serviceId, backend);
    }

    Optional<KnownBackend> startLeaving(long serviceId) {
        KnownBackend backend = present.remove(serviceId);
        if (backend != null) {
            leaving.put(serviceId, backend);
        }
        return Optional.ofNullable(backend);
    }

    void left(long serviceId) {
        leaving.remove(serviceId);
    }

    void rank(long serviceId, int ranking) {
        present.computeIfPresent(serviceId, (id, backend) -> backend.ranked(ranking));
    }

    /** Best first. */
    List<KnownBackend> candidates() {
        return present.values().stream().sorted(KnownBackend.BEST_FIRST).toList();
    }

    Optional<KnownBackend> present(String name) {
        return candidates().stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst();
    }

    /** Also one that is leaving. */
    Optional<KnownBackend> reachable(String name) {
        return present(name).or(() -> leaving.values().stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst());
    }

    /** Whether it has been there since this bundle was started. */
    boolean hasBeenSeen(String name) {
        return seen.contains(name);
    }
}
