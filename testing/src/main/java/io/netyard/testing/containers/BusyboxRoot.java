package io.netyard.testing.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The smallest root file system that a container starts in. */
final class BusyboxRoot {

    /** Of the package busybox-static: inside there are no libraries. */
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private static final List<String> DIRECTORIES =
            List.of("bin", "sbin", "usr", "etc", "proc", "sys", "dev", "tmp", "run", "var", "root");

    private static final List<String> PROGRAMS = List.of(
            "sh", "sleep", "cat", "ls", "ip", "ping", "mount", "hostname", "unshare", "true", "ps", "kill", "env");

    private BusyboxRoot() {}

    /** @return {@code root} */
    static Path make(Path root) {
        open(root);
        try {
            for (String directory : DIRECTORIES) {
                open(root.resolve(directory));
            }
            Files.copy(BUSYBOX, root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
            for (String program : PROGRAMS) {
                Files.createSymbolicLink(root.resolve("bin").resolve(program), Path.of("busybox"));
            }
            // systemd-nspawn takes a directory without it for something else than an operating system.
            Files.writeString(root.resolve("etc/os-release"), "ID=busybox\n");
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a directory that everybody may go into, as may be necessary for who is root in a container only. */
    static Path open(Path directory) {
        try {
            Files.createDirectories(directory);
            return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
