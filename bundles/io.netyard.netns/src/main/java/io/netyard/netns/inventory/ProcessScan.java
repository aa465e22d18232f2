package io.netyard.netns.inventory;

import io.netyard.api.inventory.Holding.Kind;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.NamespaceFile;
import io.netyard.kernel.ProcReader;
import io.netyard.kernel.ProcessDirectory;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Looks at processes one after the other: their namespaces, threads, descriptors and sockets. Belongs to one thread. */
final class ProcessScan implements AutoCloseable {

    private static final List<NamespaceType> WITH_FOR_CHILDREN = List.of(NamespaceType.PID, NamespaceType.TIME);

    private final ProcReader reader = new ProcReader();
    private final Set<NamespaceType> wanted;
    private final ConcurrentMap<Long, Long> sockets;
    private final long appliance = ProcessHandle.current().pid();

    private final Sightings seen = new Sightings();
    private final Map<Long, TreeSet<String>> viewers = new HashMap<>();
    private int hidden;

    /** @param sockets network namespaces of the sockets that have been asked, by inode, so that each is asked once by whoever meets it */
    ProcessScan(Set<NamespaceType> wanted, ConcurrentMap<Long, Long> sockets) {
        this.wanted = wanted;
        this.sockets = sockets;
    }

    static ConcurrentMap<Long, Long> sockets() {
        return new ConcurrentHashMap<>();
    }

    Sightings seen() {
        return seen;
    }

    /** Processes whose namespaces may not be looked at. */
    int hidden() {
        return hidden;
    }

    /** By inode of a mount namespace, the directories in /proc, {@code PID} or {@code PID/task/TID}, of those who are in it. */
    Map<Long, TreeSet<String>> viewers() {
        return viewers;
    }

    void look(long pid) {
        Optional<ProcessDirectory> opened = reader.process(pid);
        if (opened.isEmpty()) {
            hidden += reader.isRefused(pid) ? 1 : 0;
            return;
        }
        try (ProcessDirectory process = opened.get()) {
            Map<NamespaceType, Long> own = new EnumMap<>(NamespaceType.class);
            for (NamespaceType type : NamespaceType.values()) {
                if (!wanted.contains(type) && type != NamespaceType.MNT) {
                    continue;
                }
                long inode = process.namespace(type);
                if (inode == ProcessDirectory.REFUSED) {
                    hidden++;
                    return;
                }
                if (inode > 0) {
                    own.put(type, inode);
                }
            }
            own.forEach((type, inode) -> inside(type, inode, pid));
            lookForChildren(process, own);
            lookAtThreads(process, own);
            process.descriptors(new OpenFiles(process, own.getOrDefault(NamespaceType.NET, 0L)));
        }
    }

    @Override
    public void close() {
        reader.close();
    }

    private void inside(NamespaceType type, long inode, long pid) {
        if (wanted.contains(type)) {
            seen.of(type, inode).process(pid);
        }
        if (type == NamespaceType.MNT) {
            views(inode, Long.toString(pid));
        }
    }

    private void views(long mountNamespace, String directory) {
        viewers.computeIfAbsent(mountNamespace, inode -> new TreeSet<>(Viewers.ORDER))
                .add(directory);
    }

    private void lookForChildren(ProcessDirectory process, Map<NamespaceType, Long> own) {
        for (NamespaceType type : WITH_FOR_CHILDREN) {
            if (wanted.contains(type)) {
                long inode = process.namespaceForChildren(type);
                if (inode > 0 && inode != own.getOrDefault(type, 0L)) {
                    seen.of(type, inode)
                            .held(
                                    Kind.FOR_CHILDREN,
                                    process.pid(),
                                    "/proc/%d/ns/%s_for_children".formatted(process.pid(), type.word()));
                }
            }
        }
    }

    private void lookAtThreads(ProcessDirectory process, Map<NamespaceType, Long> own) {
        for (long tid : process.threads()) {
            if (tid == process.pid()) {
                continue;
            }
            for (NamespaceType type : NamespaceType.values()) {
                if (!wanted.contains(type) && type != NamespaceType.MNT) {
                    continue;
                }
                long inode = process.namespace(tid, type);
                if (inode <= 0 || inode == own.getOrDefault(type, 0L)) {
                    continue;
                }
                if (wanted.contains(type)) {
                    seen.of(type, inode)
                            .held(
                                    Kind.THREAD,
                                    process.pid(),
                                    "/proc/%d/task/%d/ns/%s".formatted(process.pid(), tid, type.word()));
                }
                if (type == NamespaceType.MNT) {
                    views(inode, process.pid() + "/task/" + tid);
                }
            }
        }
    }

    /** What one process has open. */
    private final class OpenFiles implements ProcessDirectory.Descriptors {

        private final ProcessDirectory process;
        private final long net;

        OpenFiles(ProcessDirectory process, long net) {
            this.process = process;
            this.net = net;
        }

        @Override
        public void namespace(int descriptor, NamespaceId id) {
            if (wanted.contains(id.type())) {
                held(Kind.DESCRIPTOR, id, descriptor);
            }
        }

        @Override
        public void socket(int descriptor, long inode) {
            if (!wanted.contains(NamespaceType.NET)) {
                return;
            }
            long where = sockets.getOrDefault(inode, 0L);
            if (where == 0) {
                where = ask(descriptor, inode);
            }
            if (where > 0 && where != net) {
                NamespaceId id = new NamespaceId(NamespaceType.NET, where);
                held(Kind.SOCKET, id, descriptor);
                seen.of(id).socket(new Sighting.Descriptor(process.pid(), descriptor, inode));
            }
        }

        private long ask(int descriptor, long inode) {
            Optional<NamespaceFile> answer = process.socketNamespace(descriptor, inode);
            if (answer.isEmpty()) {
                return 0;
            }
            try (NamespaceFile namespace = answer.get()) {
                if (inode > 0) {
                    sockets.put(inode, namespace.id().inode());
                }
                return namespace.id().inode();
            }
        }

        private void held(Kind kind, NamespaceId id, int descriptor) {
            String path = "/proc/" + process.pid() + "/fd/" + descriptor;
            if (process.pid() == appliance) {
                seen.of(id).heldByAppliance(kind, process.pid(), path);
            } else {
                seen.of(id).held(kind, process.pid(), path);
            }
        }
    }
}
