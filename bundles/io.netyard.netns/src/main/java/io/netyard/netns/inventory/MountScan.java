package io.netyard.netns.inventory;

import io.netyard.api.inventory.Holding.Kind;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.NamespaceFile;
import io.netyard.kernel.ProcReader;
import io.netyard.kernel.ProcessDirectory;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

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
        mountinfo.ifPresent(bytes -> {
            Set<NamespaceMountInfo> told = new HashSet<>();
            for (NamespaceMountInfo mount : NamespaceMountInfo.all(bytes)) {
                if (wanted.contains(mount.id().type()) && told.add(mount)) {
                    String path = root + mount.point();
                    seen.of(mount.id()).held(Kind.MOUNT, pid, NamespaceFile.leadsTo(mount.id(), path) ? path : "");
                }
            }
        });
        return mountinfo.isPresent() && mountinfo.get().length > 0;
    }
}
