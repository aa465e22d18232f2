package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.kernel.libc.LibC;
import java.nio.file.Path;

/** Bind mounts, in the mount namespace of the appliance: see mount(2). */
public final class Mounts {

    private Mounts() {}

    /** Makes {@code target}, which must exist, show what {@code source} shows. */
    public static void bind(Path source, Path target) {
        mount("bind mount", source.toString(), target, LibC.MS_BIND);
    }

    /** Lets mounts below {@code mountPoint} appear in the mount namespaces that share it (mount_namespaces(7)). */
    public static void makeShared(Path mountPoint) {
        mount("share mount", "none", mountPoint, LibC.MS_SHARED | LibC.MS_REC);
    }

    /** Takes the topmost mount off {@code target} at once, even if it is in use (MNT_DETACH). */
    public static void unmount(Path target) {
        if (LibC.get().umount2(target.toString(), LibC.MNT_DETACH) != 0) {
            throw new KernelException("unmount", target.toString(), LibC.errno(), "");
        }
    }

    /** As {@link #unmount}. @return false if nothing is mounted there, or there is no such file */
    public static boolean unmountIfMounted(Path target) {
        if (LibC.get().umount2(target.toString(), LibC.MNT_DETACH) == 0) {
            return true;
        }
        int errno = LibC.errno();
        if (errno == LibC.EINVAL || errno == LibC.ENOENT || errno == LibC.ENOTDIR) {
            return false;
        }
        throw new KernelException("unmount", target.toString(), errno, "");
    }

    private static void mount(String operation, String source, Path target, long flags) {
        if (LibC.get().mount(source, target.toString(), "none", flags, null) != 0) {
            throw new KernelException(operation, target.toString(), LibC.errno(), "");
        }
    }
}
