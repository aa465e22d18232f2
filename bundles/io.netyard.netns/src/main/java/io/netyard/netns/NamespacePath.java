package io.netyard.netns;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file that opens a namespace of whatever type: an entry of /proc/PID/ns, or one that such an entry is mounted on.
 *
 * @param inode of the namespace
 */
record NamespacePath(Path path, long inode) {

    /** One of nsfs, the file system of all namespaces. */
    private static final Path OWN = Path.of("/proc/self/ns/net");

    /** @throws RequestException if there is no such file, or it is none of a namespace */
    static NamespacePath of(String path) {
        try {
            return of(Path.of(path));
        } catch (InvalidPathException e) {
            throw new RequestException(Text.printable(path) + ": not a path", e);
        }
    }

    /** @throws RequestException if there is no such file, or it is none of a namespace */
    static NamespacePath of(Path path) {
        String shown = Text.printable(path.toString());
        try {
            // Of a mount only the file itself says what it is.
            if (Files.getAttribute(path, "unix:dev").equals(Files.getAttribute(OWN, "unix:dev"))) {
                return new NamespacePath(path, ((Number) Files.getAttribute(path, "unix:ino")).longValue());
            }
        } catch (NoSuchFileException e) {
            throw new RequestException(shown + ": no such namespace", e);
        } catch (IOException e) {
            throw new RequestException(
                    "%s: cannot be looked at (%s)".formatted(shown, Text.printable(String.valueOf(e.getMessage()))), e);
        }
        throw new RequestException(shown + ": not a namespace");
    }
}
