package io.netyard.netns;

import io.netyard.kernel.NamespaceFile;
import io.netyard.netns.inventory.NamespaceMountInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file on which a namespace is bind-mounted.
 *
 * @param type {@code net}, {@code uts}, ...
 * @param inode of the namespace
 * @param point where, as this mount namespace sees it
 */
record NamespaceMount(String type, long inode, Path point) {

    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    /** Those that this process sees now, in mount order; one point can occur more than once. */
    static List<NamespaceMount> all() {
        return NamespaceMountInfo.all(mountinfo()).stream()
                .map(mount ->
                        new NamespaceMount(mount.id().type().word(), mount.id().inode(), Path.of(mount.point())))
                .toList();
    }

    /** The namespace on exactly this file, if one is mounted there: of several the topmost. */
    static OptionalLong at(Path point) {
        return NamespaceFile.inodeAt(point.toString());
    }

    /** True if anything at all is mounted there. */
    static boolean isMountPoint(Path point) {
        return new String(mountinfo(), StandardCharsets.UTF_8).lines().anyMatch(line -> NamespaceMountInfo.point(line)
                .equals(Optional.of(point.toString())));
    }

    private static byte[] mountinfo() {
        try {
            return Files.readAllBytes(MOUNTINFO);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
