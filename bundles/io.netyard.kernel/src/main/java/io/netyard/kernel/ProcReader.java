package io.netyard.kernel;

import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.libc.LibC;
import java.util.Arrays;
import java.util.Optional;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Reads /proc with as few system calls as possible, for those who look at every process of a host. What vanishes while it is read, or may
 * not be read, is an answer and no exception. See proc(5).
 *
 * <p>Has buffers of its own that it uses again and again: not safe for use from several threads.
 */
public final class ProcReader implements AutoCloseable {

    /** Paths that are put together here are shorter: at most a pid, a tid and a descriptor, and the words between. */
    private static final int PATH = 128;

    /** What is longer is neither a namespace nor a socket. */
    private static final int LINK = 256;

    private static final int CHUNK = 64 * 1024;
    private static final int STATX_SIZE = 256;

    private static final int DIRENT_LENGTH = 16;
    private static final int DIRENT_NAME = 19;

    /** With a name of 255 bytes, rounded up generously. */
    private static final int DIRENT_MOST = 512;

    private final LibC c = LibC.get();
    private final FileDescriptor proc;
    private final Pointer path = memory(PATH);
    private final Pointer link = memory(LINK);
    private final Pointer chunk = memory(CHUNK);
    private final Pointer statx = memory(STATX_SIZE);
    private final byte[] name = new byte[PATH];
    private final byte[] target = new byte[LINK];
    private final byte[] entries = new byte[CHUNK];

    /** @throws io.netyard.api.KernelException if there is no /proc */
    public ProcReader() {
        this("/proc");
    }

    /** @param directory where a proc file system is mounted */
    public ProcReader(String directory) {
        this.proc = FileDescriptor.open(directory, LibC.O_RDONLY | LibC.O_DIRECTORY);
    }

    /** All processes, ascending. */
    public long[] pids() {
        long[] pids = numbers(proc.number());
        Arrays.sort(pids);
        return pids;
    }

    /** A process's directory; empty if there is none. It never comes to mean another process, even if the pid is used again. */
    public Optional<ProcessDirectory> process(long pid) {
        return open(proc.number(), Long.toString(pid)).map(directory -> new ProcessDirectory(this, pid, directory));
    }

    /** Inode of a process's namespace, or {@link ProcessDirectory#GONE} or {@link ProcessDirectory#REFUSED}. */
    public long namespace(long pid, NamespaceType type) {
        return ProcessDirectory.inode(this, proc.number(), pid + "/ns/" + type.word(), type);
    }

    /** The first {@code limit} bytes of a file in the directory itself; empty if it cannot be read. */
    Optional<byte[]> read(String file, int limit) {
        return read(proc.number(), file, limit);
    }

    /** The first {@code limit} bytes of one of a process's files; empty if it cannot be read. */
    public Optional<byte[]> read(long pid, String file, int limit) {
        return read(proc.number(), pid + "/" + file, limit);
    }

    /** Whether there is such a process, but it may not be looked at (hidepid=1). */
    public boolean isRefused(long pid) {
        return open(proc.number(), Long.toString(pid))
                .map(opened -> {
                    opened.close();
                    return false;
                })
                .orElseGet(() -> failure() == ProcessDirectory.REFUSED);
    }

    @Override
    public void close() {
        proc.close();
    }

    // For ProcessDirectory

    /** Empty if it is not there or may not be opened. */
    Optional<FileDescriptor> open(int directory, String file) {
        int number = c.openat(directory, path(file), LibC.O_RDONLY | LibC.O_CLOEXEC | LibC.O_NONBLOCK);
        return number < 0 ? Optional.empty() : Optional.of(new FileDescriptor(number));
    }

    /** The names in a directory that are numbers, in its order. */
    long[] numbers(int directory) {
        long[] found = new long[64];
        int count = 0;
        int length;
        while ((length = (int) c.getdents64(directory, chunk, CHUNK)) > 0) {
            chunk.get(0, entries, 0, length);
            // proc gives as many as there is room for: with room left there are no more, and no need to ask.
            boolean last = length < CHUNK - DIRENT_MOST;
            for (int at = 0;
                    at < length;
                    at += (entries[at + DIRENT_LENGTH] & 0xff) + (entries[at + DIRENT_LENGTH + 1] << 8)) {
                long number = number(entries, at + DIRENT_NAME, (byte) 0);
                if (number >= 0) {
                    if (count == found.length) {
                        found = Arrays.copyOf(found, 2 * count);
                    }
                    found[count++] = number;
                }
            }
            if (last) {
                break;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /**
     * Reads a symbolic link into {@link #target()}.
     *
     * @return its length, or {@link ProcessDirectory#GONE} or {@link ProcessDirectory#REFUSED}
     */
    int link(int directory, String file) {
        int length = (int) c.readlinkat(directory, path(file), link, LINK);
        if (length < 0) {
            return failure();
        }
        link.get(0, target, 0, length);
        return length;
    }

    byte[] target() {
        return target;
    }

    /** The number of links of a file, or one of the two numbers of {@link #link}. */
    int links(int directory, String file) {
        return c.statx(directory, path(file), 0, LibC.STATX_NLINK, statx) == 0
                ? statx.getInt(LibC.STATX_NLINK_OFFSET)
                : failure();
    }

    /** The first {@code limit} bytes of a file; empty if it cannot be read. */
    Optional<byte[]> read(int directory, String file, int limit) {
        Optional<FileDescriptor> opened = open(directory, file);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (FileDescriptor descriptor = opened.get()) {
            byte[] all = new byte[0];
            while (all.length < limit) {
                int length = (int) c.read(descriptor.number(), chunk, Math.min(CHUNK, limit - all.length));
                if (length < 0) {
                    return Optional.empty();
                }
                if (length == 0) {
                    break;
                }
                int start = all.length;
                all = Arrays.copyOf(all, start + length);
                chunk.get(0, all, start, length);
            }
            return Optional.of(all);
        }
    }

    /** A decimal number that ends with {@code end}; -1 if it is something else. */
    static long number(byte[] bytes, int start, byte end) {
        long number = 0;
        for (int i = start; i < bytes.length; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return bytes[i] == end && i > start ? number : -1;
            }
            number = 10 * number + digit;
        }
        return -1;
    }

    private Pointer path(String file) {
        int length = file.length();
        for (int i = 0; i < length; i++) {
            name[i] = (byte) file.charAt(i);
        }
        name[length] = 0;
        path.put(0, name, 0, length + 1);
        return path;
    }

    private static int failure() {
        int errno = LibC.errno();
        return errno == LibC.EACCES || errno == LibC.EPERM ? ProcessDirectory.REFUSED : ProcessDirectory.GONE;
    }

    private static Pointer memory(int size) {
        return Memory.allocateDirect(Runtime.getRuntime(LibC.get()), size);
    }
}
