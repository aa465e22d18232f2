package io.netyard.netns;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that a process with another root directory sees, looked at from outside: its symbolic links lead to where they lead in
 * there, never out of it.
 *
 * @param directory the root, e.g. {@code /proc/PID/root}
 */
record RootFileSystem(Path directory) {

    /** As many as the kernel follows (MAXSYMLINKS, linux/namei.h). */
    private static final int LINKS = 40;

    private static final List<String> SHELLS = List.of(
            "/bin/bash", "/usr/bin/bash", "/bin/sh", "/usr/bin/sh", "/bin/ash", "/bin/busybox", "/usr/bin/busybox");

    private static final Set<PosixFilePermission> EXECUTE = Set.of(
            PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    /** The appliance's own. */
    static final RootFileSystem OWN = new RootFileSystem(Path.of("/"));

    /** What became of a search for a program. */
    enum Found {
        EXECUTABLE,
        NOT_EXECUTABLE,
        NOTHING
    }

    /** @param path absolute, as the process would write it */
    Found look(String path) {
        return resolve(path)
                .map(file -> isExecutable(file) ? Found.EXECUTABLE : Found.NOT_EXECUTABLE)
                .orElse(Found.NOTHING);
    }

    /** The first of that name that may be executed. @param directories as in PATH, with colons between */
    Optional<String> find(String program, String directories) {
        return Stream.of(directories.split(":"))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> directory + "/" + program)
                .filter(path -> look(path) == Found.EXECUTABLE)
                .findFirst();
    }

    /** The shells that are there, best first. */
    List<String> shells() {
        return SHELLS.stream().filter(path -> look(path) == Found.EXECUTABLE).toList();
    }

    private static boolean isExecutable(Path file) {
        try {
            return Files.isRegularFile(file) && !Collections.disjoint(Files.getPosixFilePermissions(file), EXECUTE);
        } catch (IOException e) {
            return false;
        }
    }

    /** Where a path leads, without symbolic links; empty if nowhere. */
    private Optional<Path> resolve(String path) {
        Deque<String> left = new ArrayDeque<>(List.of(path.split("/")));
        Path at = directory;
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = at.equals(directory) ? at : at.getParent();
                continue;
            }
            try {
                Path next = at.resolve(name);
                if (!Files.isSymbolicLink(next)) {
                    // Throws if there is nothing.
                    next.getFileSystem().provider().checkAccess(next);
                    at = next;
                    continue;
                }
                if (++links > LINKS) {
                    return Optional.empty();
                }
                String target = Files.readSymbolicLink(next).toString();
                at = target.startsWith("/") ? directory : at;
                List<String> names = List.of(target.split("/"));
                for (int i = names.size() - 1; i >= 0; i--) {
                    left.push(names.get(i));
                }
            } catch (FileSystemException | java.nio.file.InvalidPathException e) {
                return Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        return Optional.of(at);
    }
}
