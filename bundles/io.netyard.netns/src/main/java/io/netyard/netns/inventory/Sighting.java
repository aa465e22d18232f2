package io.netyard.netns.inventory;

import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.Holding.Kind;
import io.netyard.api.inventory.NamespaceId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What has been seen of one namespace so far. Belongs to one thread at a time. */
final class Sighting {

    /** Where a descriptor or socket is, to ask it again. */
    record Descriptor(long pid, int number, long inode) {}

    final NamespaceId id;
    private List<Long> pids = new ArrayList<>();
    private final Map<Kind, Holding> holdings = new EnumMap<>(Kind.class);

    /** Of the appliance itself, which opens namespaces to look at them: told only if there is nothing else. */
    private final Map<Kind, Holding> own = new EnumMap<>(Kind.class);

    private Descriptor socket;

    /** Learnt from a child of it, as nothing else leads there. */
    Optional<NamespaceId> owner = Optional.empty();

    Optional<NamespaceId> parent = Optional.empty();

    Sighting(NamespaceId id) {
        this.id = id;
    }

    void process(long pid) {
        pids.add(pid);
    }

    /** In any order: the one with the lowest pid stays. */
    void held(Kind kind, long pid, String path) {
        put(holdings, new Holding(kind, pid > 0 ? OptionalLong.of(pid) : OptionalLong.empty(), path));
    }

    void heldByAppliance(Kind kind, long pid, String path) {
        put(own, new Holding(kind, OptionalLong.of(pid), path));
    }

    void socket(Descriptor descriptor) {
        if (socket == null || descriptor.pid() < socket.pid()) {
            socket = descriptor;
        }
    }

    Optional<Descriptor> socket() {
        return Optional.ofNullable(socket);
    }

    void add(Sighting other) {
        pids.addAll(other.pids);
        other.holdings.values().forEach(holding -> put(holdings, holding));
        other.own.values().forEach(holding -> put(own, holding));
        other.socket().ifPresent(this::socket);
        owner = owner.or(() -> other.owner);
        parent = parent.or(() -> other.parent);
    }

    /** Ascending. */
    List<Long> pids() {
        pids = pids.stream().sorted().toList();
        return pids;
    }

    /** All but that of processes, by kind. */
    List<Holding> otherHoldings() {
        boolean nothingElse = holdings.isEmpty() && pids.isEmpty();
        return List.copyOf((nothingElse ? own : holdings).values());
    }

    /** One that opens it, other than through a process that is in it. */
    Optional<String> file() {
        return otherHoldings().stream()
                .filter(holding ->
                        holding.kind() != Kind.SOCKET && !holding.path().isEmpty())
                .map(Holding::path)
                .findFirst();
    }

    private static void put(Map<Kind, Holding> holdings, Holding holding) {
        holdings.merge(holding.kind(), holding, (one, other) -> order(other) < order(one) ? other : one);
    }

    /** A path comes before none, and one as we see it before one that somebody else sees. */
    private static long order(Holding holding) {
        long pid = holding.pid().orElse(Long.MAX_VALUE >> 3);
        if (holding.kind() != Kind.MOUNT) {
            return pid;
        }
        long rank = holding.path().isEmpty() ? 2 : holding.path().startsWith("/proc/") ? 1 : 0;
        return (rank << 60) + pid;
    }
}
