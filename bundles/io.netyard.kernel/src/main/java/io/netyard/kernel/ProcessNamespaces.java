package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.api.RequestException;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.libc.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Namespaces of one process, held open: whatever becomes of the process and its pid, they stay what they were. Keeps them alive, so
 * close it soon. Safe for use from several threads.
 */
public final class ProcessNamespaces implements AutoCloseable {

    private final Map<NamespaceType, FileDescriptor> namespaces = new EnumMap<>(NamespaceType.class);
    private final FileDescriptor process;
    private Optional<FileDescriptor> root = Optional.empty();
    private Optional<FileDescriptor> workingDirectory = Optional.empty();

    private ProcessNamespaces(FileDescriptor process) {
        this.process = process;
    }

    /**
     * Opens them by way of the process's directory in /proc, which is open itself meanwhile: once the process has ended, nothing can be
     * opened by it any more, also if there is another one of the same pid.
     *
     * @param startTime of the process that is meant, in clock ticks since boot (proc_pid_stat(5), field 22)
     * @param types to open; with {@link NamespaceType#MNT} root and working directory too
     * @throws RequestException if the process has ended, another one has its pid now, or it may not be looked at
     */
    public static ProcessNamespaces open(long pid, long startTime, Set<NamespaceType> types) {
        ProcessNamespaces opened = new ProcessNamespaces(open(pid, "/proc/" + pid, LibC.O_PATH));
        try {
            if (opened.startTime(pid) != startTime) {
                throw new RequestException(
                        "process %d has ended, and its pid is that of another process now".formatted(pid));
            }
            for (NamespaceType type : types) {
                opened.namespaces.put(type, opened.entry(pid, "ns/" + type.word(), LibC.O_RDONLY));
            }
            if (types.contains(NamespaceType.MNT)) {
                opened.root = Optional.of(opened.entry(pid, "root", LibC.O_PATH));
                opened.workingDirectory = Optional.of(opened.entry(pid, "cwd", LibC.O_PATH));
            }
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** The inode of one that is open. */
    public long inode(NamespaceType type) {
        return NamespaceThread.inode(path(type));
    }

    /** A path by which any process that may trace this JVM opens it, until {@link #close()}. */
    public Path path(NamespaceType type) {
        return path(namespaces.get(type));
    }

    /** The process's root directory, if its mount namespace is open; a path as {@link #path(NamespaceType)} is. */
    public Optional<Path> root() {
        return root.map(ProcessNamespaces::path);
    }

    /** The process's working directory, if its mount namespace is open; a path as {@link #path(NamespaceType)} is. */
    public Optional<Path> workingDirectory() {
        return workingDirectory.map(ProcessNamespaces::path);
    }

    /** A file of the process's directory in /proc. */
    public String read(String file) throws IOException {
        return Files.readString(path(process).resolve(file), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    int number(NamespaceType type) {
        return namespaces.get(type).number();
    }

    private long startTime(long pid) {
        try {
            // The second field is the name in parentheses and may contain anything.
            String stat = read("stat");
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
        } catch (IOException e) {
            throw new RequestException("process %d has ended".formatted(pid), e);
        }
    }

    private FileDescriptor entry(long pid, String name, int flags) {
        return open(pid, path(process).resolve(name).toString(), flags);
    }

    private static FileDescriptor open(long pid, String path, int flags) {
        try {
            return FileDescriptor.open(path, flags);
        } catch (KernelException e) {
            if (e.isAbsent()) {
                throw new RequestException("process %d has ended".formatted(pid), e);
            }
            if (e.errno() == LibC.EACCES || e.errno() == LibC.EPERM) {
                throw new RequestException("process %d: its namespaces may not be looked at".formatted(pid), e);
            }
            throw e;
        }
    }

    private static Path path(FileDescriptor descriptor) {
        return Path.of("/proc/%d/fd/%d".formatted(ProcessHandle.current().pid(), descriptor.number()));
    }

    @Override
    public void close() {
        namespaces.values().forEach(FileDescriptor::close);
        root.ifPresent(FileDescriptor::close);
        workingDirectory.ifPresent(FileDescriptor::close);
        process.close();
    }
}
