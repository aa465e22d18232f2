package io.netyard.netns;

import io.netyard.api.RequestException;
import io.netyard.kernel.Mounts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A file with a namespace bind-mounted on it. */
final class Pin {

    /** What lies under the mount gives no rights to anybody, as iproute2 has it. */
    private static final FileAttribute<?> NO_RIGHTS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------"));

    private Pin() {}

    /**
     * Makes the file, which must not be there, and mounts the namespace on it. A failure leaves nothing.
     *
     * @param namespace a file that opens it, in /proc
     */
    static void make(Path namespace, Path file) {
        try {
            Files.createFile(file, NO_RIGHTS);
        } catch (FileAlreadyExistsException e) {
            throw new RequestException(file + ": exists already", e);
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be made (" + e + ")", e);
        }
        try {
            Mounts.bind(namespace, file);
        } catch (RuntimeException e) {
            undo(() -> remove(file), e);
            throw e;
        }
    }

    /**
     * Takes off what is mounted on the file and removes the file; copies of the mount in other mount namespaces go with it
     * (mount_namespaces(7), "unlinking a mount point"). Idempotent.
     */
    static void remove(Path file) {
        while (Mounts.unmountIfMounted(file)) {
            // There may be another one below.
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be removed (" + e + ")", e);
        }
    }

    /** Cleans up after {@code failure}, which stays what is reported. */
    static void undo(Runnable step, RuntimeException failure) {
        try {
            step.run();
        } catch (RuntimeException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }
}
