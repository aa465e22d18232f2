package io.netyard.netns.inventory;

import io.netyard.api.inventory.Holding.Kind;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.NamespaceFile;
import io.netyard.kernel.NamespaceThread;
import io.netyard.kernel.ProcReader;
import io.netyard.kernel.ProcessDirectory;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at mount namespaces one after the other for mounted namespaces. Belongs to one thread. */
final class MountScan implements AutoCloseable {

    /** Bytes of a mountinfo. The kernel allows 100,000 mounts in a namespace (fs.mount-max). */
    private static final int LIMIT = 64 << 20;

    private static final String FILE = "mountinfo";

    private final ProcReader reader = new ProcReader();
    private final Set<NamespaceType> wanted;
    private final Sightings seen = new Sightings();

    MountScan(Set<NamespaceType> wanted) {
        this.wanted = wanted;
    }

    Sightings seen() {
        return seen;
    }

    /** The mount namespace of the appliance. */
    void lookAtOwn(long appliance) {
        lookAs(Long.toString(appliance), "");
    }

    /** Another one. @param viewers who are in it: those that have ended in the meantime see nothing, the next is asked */
    void look(Collection<String> viewers) {
        for (String viewer : viewers) {
            if (lookAs(viewer, "/proc/" + viewer + "/root")) {
                return;
            }
        }
    }

    /** One that nobody is in: what is mounted there cannot be reached by any path. @param file opens it */
    void lookAtMountsOfNobody(NamespaceId id, String file) {
        NamespaceThread.mountInfo(id, file, LIMIT).ifPresent(bytes -> wanted(bytes)
                .forEach(mount -> seen.of(mount.id()).held(Kind.MOUNT, 0, "")));
    }

    @Override
    public void close() {
        reader.close();
    }

    private boolean lookAs(String viewer, String root) {
        long pid = Viewers.pid(viewer);
        Optional<byte[]> mountinfo = reader.process(pid).flatMap(opened -> {
            try (ProcessDirectory process = opened) {
                int slash = viewer.indexOf('/');
                return process.read(slash < 0 ? FILE : viewer.substring(slash + 1) + "/" + FILE, LIMIT);
            }
        });
        mountinfo.ifPresent(bytes -> wanted(bytes)
                .forEach(mount -> seen.of(mount.id()).held(Kind.MOUNT, pid, leading(mount, root + mount.point()))));
        return mountinfo.isPresent() && mountinfo.get().length > 0;
    }

    private Set<NamespaceMountInfo> wanted(byte[] mountinfo) {
        return NamespaceMountInfo.all(mountinfo).stream()
                .filter(mount -> wanted.contains(mount.id().type()))
                .collect(Collectors.toSet());
    }

    private static String leading(NamespaceMountInfo mount, String path) {
        return NamespaceFile.leadsTo(mount.id(), path) ? path : "";
    }
}
