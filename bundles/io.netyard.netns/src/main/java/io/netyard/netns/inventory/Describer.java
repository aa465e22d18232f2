package io.netyard.netns.inventory;

import io.netyard.api.Text;
import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.Holding.Kind;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.NamespaceFile;
import io.netyard.kernel.ProcReader;
import io.netyard.kernel.ProcessDirectory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Finds out what there is to say about namespaces that have been seen. Belongs to one thread. */
final class Describer implements AutoCloseable {

    /** A process and where it is. */
    private record Member(HostProcess process, Optional<NamespaceId> user, Optional<NamespaceId> uts) {}

    private final ProcReader reader = new ProcReader();
    private final ProcessReader facts;
    private final Relatives relatives;

    /** The same process is often the first one in namespaces of several types. */
    private final Map<Long, Member> members = new HashMap<>();

    private final List<Description> descriptions = new ArrayList<>();

    Describer(ProcessReader facts, Set<NamespaceType> wanted, Sightings known) {
        this.facts = facts;
        this.relatives = new Relatives(wanted, known);
    }

    List<Description> descriptions() {
        return descriptions;
    }

    Relatives relatives() {
        return relatives;
    }

    /** Nothing is said about a namespace that has ended since it was seen. */
    void describe(Sighting sighting) {
        List<Holding> others = sighting.otherHoldings();
        Optional<Member> first = first(sighting);
        if (first.isEmpty() && others.isEmpty()) {
            return;
        }
        List<Holding> holdings = new ArrayList<>();
        first.ifPresent(
                member -> holdings.add(holding(sighting.id, member.process().pid())));
        others.forEach(other -> holdings.add(new Holding(other.kind(), other.pid(), Text.printable(other.path()))));

        Relatives.Of family = family(sighting, first);
        NamespaceId id = sighting.id;
        Optional<NamespaceId> uts = id.type() == NamespaceType.UTS ? Optional.of(id) : first.flatMap(Member::uts);
        descriptions.add(new Description(
                id,
                List.copyOf(holdings),
                first.isPresent() ? sighting.pids() : List.of(),
                first.map(Member::process),
                family,
                first.isPresent() ? first.get().user() : family.owner(),
                uts,
                id.type() == NamespaceType.UTS
                        ? path(holdings)
                        : first.map(member ->
                                        file(NamespaceType.UTS, member.process().pid()))
                                .orElse("")));
    }

    /** Asks a namespace that nobody wants to know about for those that live by it. */
    void relate(Sighting sighting) {
        family(sighting, Optional.empty());
    }

    @Override
    public void close() {
        reader.close();
    }

    private Optional<Member> first(Sighting sighting) {
        return sighting.pids().stream()
                .flatMap(pid -> member(sighting.id, pid).stream())
                .findFirst();
    }

    private Optional<Member> member(NamespaceId id, long pid) {
        return reader.process(pid).flatMap(opened -> {
            try (ProcessDirectory process = opened) {
                Member known = members.get(pid);
                if (known == null) {
                    known = facts.of(process)
                            .map(told ->
                                    new Member(told, id(process, NamespaceType.USER), id(process, NamespaceType.UTS)))
                            .orElse(null);
                    members.put(pid, known);
                }
                // Asked last: it has been in there all the time, unless the pid has come to mean another process.
                return process.namespace(id.type()) == id.inode() ? Optional.ofNullable(known) : Optional.empty();
            }
        });
    }

    private Relatives.Of family(Sighting sighting, Optional<Member> first) {
        return file(sighting, first)
                .map(opened -> {
                    try (NamespaceFile file = opened) {
                        return relatives.ask(file);
                    }
                })
                .orElseGet(() -> new Relatives.Of(sighting.owner, sighting.parent));
    }

    private Optional<NamespaceFile> file(Sighting sighting, Optional<Member> first) {
        List<String> paths = new ArrayList<>();
        if (first.isPresent()) {
            paths.add(file(sighting.id.type(), first.get().process().pid()));
        } else {
            sighting.pids().forEach(pid -> paths.add(file(sighting.id.type(), pid)));
        }
        sighting.otherHoldings().stream()
                .filter(holding ->
                        holding.kind() != Kind.SOCKET && !holding.path().isEmpty())
                .forEach(holding -> paths.add(holding.path()));
        return paths.stream()
                .flatMap(path -> NamespaceFile.open(sighting.id, path).stream())
                .findFirst()
                .or(() -> sighting.socket().flatMap(this::throughSocket).filter(file -> isMeant(file, sighting.id)));
    }

    private Optional<NamespaceFile> throughSocket(Sighting.Descriptor socket) {
        return reader.process(socket.pid()).flatMap(opened -> {
            try (ProcessDirectory process = opened) {
                return process.socketNamespace(socket.number(), socket.inode());
            }
        });
    }

    private static boolean isMeant(NamespaceFile file, NamespaceId id) {
        if (file.id().equals(id)) {
            return true;
        }
        file.close();
        return false;
    }

    private static Holding holding(NamespaceId id, long pid) {
        return new Holding(Kind.PROCESS, OptionalLong.of(pid), file(id.type(), pid));
    }

    private static String file(NamespaceType type, long pid) {
        return "/proc/" + pid + "/ns/" + type.word();
    }

    private static String path(List<Holding> holdings) {
        return holdings.stream()
                .map(Holding::path)
                .filter(path -> !path.isEmpty())
                .findFirst()
                .orElse("");
    }

    static Optional<NamespaceId> id(ProcessDirectory process, NamespaceType type) {
        long inode = process.namespace(type);
        return inode > 0 ? Optional.of(new NamespaceId(type, inode)) : Optional.empty();
    }
}
