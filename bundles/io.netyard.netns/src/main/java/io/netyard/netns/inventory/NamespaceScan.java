package io.netyard.netns.inventory;

import static java.util.Comparator.comparing;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.Inventory.Look;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.NamespaceThread;
import io.netyard.kernel.ProcReader;
import io.netyard.kernel.ProcessDirectory;
import io.netyard.kernel.TwoThreads;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Looks at the whole host: first at every process, then into every mount namespace that has turned up, then at what has been found. Says
 * nothing about names that Netyard has given, nor about containers.
 */
public final class NamespaceScan {

    private static final long INIT = 1;

    private NamespaceScan() {}

    /** All namespaces of these types, by type and inode. */
    public static Look look(Set<NamespaceType> types) {
        Set<NamespaceType> wanted = types.isEmpty() ? Set.of() : EnumSet.copyOf(types);
        // A user namespace may be there for nothing but a namespace of another type that it owns, and any namespace for
        // a mount
        // in a mount namespace.
        Set<NamespaceType> scanned = EnumSet.of(NamespaceType.MNT);
        scanned.addAll(wanted.contains(NamespaceType.USER) ? EnumSet.allOf(NamespaceType.class) : wanted);
        long appliance = ProcessHandle.current().pid();
        Map<NamespaceType, NamespaceId> host = namespacesOf(appliance);

        Sightings seen = new Sightings();
        Map<Long, TreeSet<String>> viewers = new HashMap<>();
        int hidden = lookAtProcesses(scanned, seen, viewers);
        Optional<Long> own = Optional.ofNullable(host.get(NamespaceType.MNT)).map(NamespaceId::inode);
        own.ifPresent(viewers::remove);
        lookAtMounts(scanned, seen, viewers.values(), appliance);
        Set<Long> looked = new HashSet<>(viewers.keySet());
        own.ifPresent(looked::add);
        lookAtMountsOfNobody(scanned, seen, looked);
        return new Look(described(wanted, seen, host), host, hidden);
    }

    /** The pids of the processes in a namespace, ascending. */
    public static List<Long> pids(NamespaceId id) {
        try (ProcReader reader = new ProcReader()) {
            return Arrays.stream(reader.pids())
                    .filter(pid -> reader.namespace(pid, id.type()) == id.inode())
                    .boxed()
                    .toList();
        }
    }

    /** The pids of the processes in each namespace of a type, by inode. */
    public static Map<Long, List<Long>> pids(NamespaceType type) {
        Map<Long, List<Long>> found = new HashMap<>();
        try (ProcReader reader = new ProcReader()) {
            for (long pid : reader.pids()) {
                found.computeIfAbsent(reader.namespace(pid, type), inode -> new ArrayList<>())
                        .add(pid);
            }
        }
        return found;
    }

    /**
     * The arguments, each ended by a NUL, of all processes in other UTS namespaces than the appliance's whose command line begins with
     * these bytes. Most processes of most hosts are done with by one system call: to read a command line takes three, and reaches into the
     * process's memory.
     *
     * @param limit longer command lines are left out
     */
    public static Map<Long, String> argumentsElsewhere(String beginning, int limit) {
        byte[] wanted = beginning.getBytes(StandardCharsets.UTF_8);
        long[] pids;
        long own;
        try (ProcReader reader = new ProcReader()) {
            pids = reader.pids();
            own = reader.namespace(ProcessHandle.current().pid(), NamespaceType.UTS);
        }
        Map<Long, String> found = new ConcurrentSkipListMap<>();
        TwoThreads.share(pids.length, ProcReader::new, (reader, index) -> {
                    long uts = reader.namespace(pids[index], NamespaceType.UTS);
                    if (uts > 0 && uts != own) {
                        reader.read(pids[index], "cmdline", limit + 1)
                                .filter(bytes -> bytes.length <= limit && startsWith(bytes, wanted))
                                .ifPresent(bytes -> found.put(pids[index], new String(bytes, StandardCharsets.UTF_8)));
                    }
                })
                .forEach(ProcReader::close);
        return found;
    }

    private static boolean startsWith(byte[] bytes, byte[] beginning) {
        return bytes.length >= beginning.length
                && Arrays.equals(bytes, 0, beginning.length, beginning, 0, beginning.length);
    }

    /** The processes in a namespace, by pid. */
    public static List<HostProcess> processes(NamespaceId id) {
        ProcessReader facts = new ProcessReader();
        List<HostProcess> found = new ArrayList<>();
        try (ProcReader reader = new ProcReader()) {
            for (long pid : reader.pids()) {
                reader.process(pid)
                        .flatMap(opened -> {
                            try (ProcessDirectory process = opened) {
                                return process.namespace(id.type()) == id.inode()
                                        ? facts.of(process)
                                        : Optional.empty();
                            }
                        })
                        .ifPresent(found::add);
            }
        }
        return List.copyOf(found);
    }

    /** A process; empty if there is none of that pid. */
    public static Optional<HostProcess> process(long pid) {
        try (ProcReader reader = new ProcReader()) {
            return reader.process(pid).flatMap(opened -> {
                try (ProcessDirectory process = opened) {
                    return new ProcessReader().of(process);
                }
            });
        }
    }

    /**
     * The namespaces of a process.
     *
     * @throws RequestException if there is no such process, or its namespaces may not be looked at
     */
    public static Map<NamespaceType, NamespaceId> namespacesOf(long pid) {
        try (ProcReader reader = new ProcReader();
                ProcessDirectory process = reader.process(pid)
                        .orElseThrow(() ->
                                reader.isRefused(pid) ? mayNot(pid) : new RequestException("no process " + pid))) {
            Map<NamespaceType, NamespaceId> found = new EnumMap<>(NamespaceType.class);
            for (NamespaceType type : NamespaceType.values()) {
                long inode = process.namespace(type);
                if (inode == ProcessDirectory.REFUSED) {
                    throw mayNot(pid);
                }
                if (inode > 0) {
                    found.put(type, new NamespaceId(type, inode));
                }
            }
            if (found.isEmpty()) {
                throw new RequestException("no process " + pid);
            }
            return found;
        }
    }

    private static RequestException mayNot(long pid) {
        return new RequestException("process %d: its namespaces may not be looked at".formatted(pid));
    }

    /** @return how many may not be looked at */
    private static int lookAtProcesses(Set<NamespaceType> scanned, Sightings seen, Map<Long, TreeSet<String>> viewers) {
        long[] pids;
        try (ProcReader reader = new ProcReader()) {
            pids = reader.pids();
        }
        ConcurrentMap<Long, Long> sockets = ProcessScan.sockets();
        int hidden = 0;
        for (ProcessScan scan : TwoThreads.share(
                pids.length, () -> new ProcessScan(scanned, sockets), (scan, index) -> scan.look(pids[index]))) {
            try (scan) {
                seen.add(scan.seen());
                scan.viewers()
                        .forEach((inode, some) -> viewers.computeIfAbsent(inode, none -> new TreeSet<>(Viewers.ORDER))
                                .addAll(some));
                hidden += scan.hidden();
            }
        }
        // A pid namespace without its first process has ended: not to see it means not to be allowed to (hidepid=2).
        // How many
        // others there are cannot be told then.
        boolean seesAll = pids.length > 0 && pids[0] == INIT;
        return seesAll ? hidden : Math.max(1, hidden);
    }

    private static void lookAtMounts(
            Set<NamespaceType> scanned, Sightings seen, Iterable<TreeSet<String>> viewers, long appliance) {
        List<TreeSet<String>> others = new ArrayList<>();
        viewers.forEach(others::add);
        try (MountScan own = new MountScan(scanned)) {
            own.lookAtOwn(appliance);
            seen.add(own.seen());
        }
        for (MountScan scan : TwoThreads.share(
                others.size(), () -> new MountScan(scanned), (scan, index) -> scan.look(others.get(index)))) {
            try (scan) {
                seen.add(scan.seen());
            }
        }
    }

    /** Into mount namespaces without a process; in one there may be a mount of another one. @param looked inodes of those that are done */
    private static void lookAtMountsOfNobody(Set<NamespaceType> scanned, Sightings seen, Set<Long> looked) {
        List<Sighting> left;
        do {
            left = seen.all().stream()
                    .filter(sighting -> sighting.id.type() == NamespaceType.MNT && looked.add(sighting.id.inode()))
                    .toList();
            for (Sighting sighting : left) {
                try (MountScan scan = new MountScan(scanned)) {
                    sighting.file().ifPresent(file -> scan.lookAtMountsOfNobody(sighting.id, file));
                    seen.add(scan.seen());
                }
            }
        } while (!left.isEmpty());
    }

    private static List<HostNamespace> described(
            Set<NamespaceType> wanted, Sightings seen, Map<NamespaceType, NamespaceId> host) {
        ProcessReader facts = new ProcessReader();
        List<Sighting> all = List.copyOf(seen.all());
        List<Description> descriptions = new ArrayList<>();
        Sightings relatives = new Sightings();
        for (Describer describer :
                TwoThreads.share(all.size(), () -> new Describer(facts, wanted, seen), (one, index) -> {
                    Sighting sighting = all.get(index);
                    if (wanted.contains(sighting.id.type())) {
                        one.describe(sighting);
                    } else if (wanted.contains(NamespaceType.USER)) {
                        one.relate(sighting);
                    }
                })) {
            try (describer) {
                descriptions.addAll(describer.descriptions());
                relatives.add(describer.relatives().found());
            }
        }
        try (Describer describer = new Describer(facts, wanted, seen)) {
            relatives.all().forEach(describer::describe);
            descriptions.addAll(describer.descriptions());
        }
        Map<NamespaceId, String> names = hostNames(descriptions, Optional.ofNullable(host.get(NamespaceType.UTS)));
        return descriptions.stream()
                .map(description -> description.with(names))
                .sorted(comparing(HostNamespace::id))
                .toList();
    }

    private static Map<NamespaceId, String> hostNames(List<Description> descriptions, Optional<NamespaceId> own) {
        Map<NamespaceId, String> files = new HashMap<>();
        for (Description description : descriptions) {
            description
                    .uts()
                    .filter(uts -> !own.equals(Optional.of(uts))
                            && !description.utsFile().isEmpty())
                    .ifPresent(uts -> files.putIfAbsent(uts, description.utsFile()));
        }
        Map<NamespaceId, String> names = new HashMap<>();
        own.ifPresent(uts -> names.put(uts, Text.printable(NamespaceThread.hostName())));
        if (!files.isEmpty()) {
            NamespaceThread.hostNames(files).forEach((id, name) -> names.put(id, Text.printable(name)));
        }
        return names;
    }
}
