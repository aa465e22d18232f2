package io.netyard.kernel;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.libc.LibC;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * /proc/PID of one process, or /proc/PID/task/TID of one thread, held open: whatever is read through it is of the same process. Used by the
 * thread that owns its {@link ProcReader} alone.
 */
public final class ProcessDirectory implements AutoCloseable {

    /** What was asked for is not there: the process has ended, or is a zombie and has left it, or the kernel lacks it. */
    public static final int GONE = -1;

    /** It may not be looked at (EACCES, EPERM). */
    public static final int REFUSED = -2;

    /** What a process has open. */
    public interface Descriptors {

        /** A namespace's file. */
        void namespace(int descriptor, NamespaceId id);

        /** A socket, or something else that belongs to a network namespace and answers for one. @param inode of its own */
        void socket(int descriptor, long inode);
    }

    private static final byte CLOSE = ']';
    private static final byte[] SOCKET = "socket".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TUN = "/net/tun".getBytes(StandardCharsets.US_ASCII);

    private static final Map<String, NamespaceType> TYPES =
            Stream.of(NamespaceType.values()).collect(Collectors.toMap(NamespaceType::word, type -> type));

    /** Of a directory without subdirectories (POSIX: itself and its entry in its parent). */
    private static final int LINKS_OF_A_DIRECTORY = 2;

    private final ProcReader reader;
    private final long pid;
    private final FileDescriptor directory;
    private FileDescriptor pidfd;

    ProcessDirectory(ProcReader reader, long pid, FileDescriptor directory) {
        this.reader = reader;
        this.pid = pid;
        this.directory = directory;
    }

    public long pid() {
        return pid;
    }

    /** Inode of its namespace, or {@link #GONE} or {@link #REFUSED}. */
    public long namespace(NamespaceType type) {
        return inode("ns/" + type.word(), type);
    }

    /** Of the namespace that its children will be in (pid_for_children, time_for_children), as {@link #namespace}. */
    public long namespaceForChildren(NamespaceType type) {
        return inode("ns/" + type.word() + "_for_children", type);
    }

    /** The same of one of its threads. */
    public long namespace(long tid, NamespaceType type) {
        return inode("task/" + tid + "/ns/" + type.word(), type);
    }

    /**
     * Its threads, if there are more than one; otherwise none, as the only one tells nothing that the process does not. Most processes are
     * done with by one system call: /proc/PID/task has a link for each.
     */
    public long[] threads() {
        if (reader.links(directory.number(), "task") <= LINKS_OF_A_DIRECTORY + 1) {
            return new long[0];
        }
        return reader.open(directory.number(), "task").map(this::numbers).orElseGet(() -> new long[0]);
    }

    /** Tells of all namespaces and sockets that it has open; of nothing if they may not be looked at. */
    public void descriptors(Descriptors sink) {
        Optional<FileDescriptor> opened = reader.open(directory.number(), "fd");
        if (opened.isEmpty()) {
            return;
        }
        try (FileDescriptor fd = opened.get()) {
            for (long descriptor : reader.numbers(fd.number())) {
                tell(sink, (int) descriptor, reader.link(fd.number(), Long.toString(descriptor)));
            }
        }
    }

    /**
     * The network namespace of a socket or tun device that it has open (SIOCGSKNS); empty if that is not open any more, does not answer or
     * may not be asked. The process notices nothing.
     *
     * @param inode of what is meant, as {@link Descriptors#socket} has told it
     */
    public Optional<NamespaceFile> socketNamespace(int descriptor, long inode) {
        if (pidfd == null) {
            int number = (int) LibC.get().syscall(LibC.SYS_PIDFD_OPEN, pid, 0, 0, 0);
            if (number < 0) {
                return Optional.empty();
            }
            pidfd = new FileDescriptor(number);
        }
        int number = (int) LibC.get().syscall(LibC.SYS_PIDFD_GETFD, pidfd.number(), descriptor, 0, 0);
        if (number < 0) {
            return Optional.empty();
        }
        try (FileDescriptor socket = new FileDescriptor(number)) {
            // The pid and the number of the descriptor may have been used again since.
            if (inode > 0 && NamespaceFile.inode(socket) != inode) {
                return Optional.empty();
            }
            int net = LibC.get().ioctl(socket.number(), LibC.SIOCGSKNS, null);
            return net < 0 ? Optional.empty() : NamespaceFile.of(NamespaceType.NET, new FileDescriptor(net));
        }
    }

    /** The first {@code limit} bytes of one of its files; empty if it has gone or may not be read. */
    public Optional<byte[]> read(String file, int limit) {
        return reader.read(directory.number(), file, limit);
    }

    @Override
    public void close() {
        directory.close();
        if (pidfd != null) {
            pidfd.close();
        }
    }

    private long[] numbers(FileDescriptor opened) {
        try (opened) {
            return reader.numbers(opened.number());
        }
    }

    /** Of a link such as {@code net:[4026531840]}. */
    private long inode(String file, NamespaceType type) {
        return inode(reader, directory.number(), file, type);
    }

    static long inode(ProcReader reader, int directory, String file, NamespaceType type) {
        int length = reader.link(directory, file);
        return length < 0
                ? length
                : ProcReader.number(reader.target(), type.word().length() + 2, CLOSE);
    }

    /** @param length of the link, which the reader has just read */
    private void tell(Descriptors sink, int descriptor, int length) {
        byte[] link = reader.target();
        if (length <= 0) {
            return;
        }
        if (link[0] == '/') {
            if (endsWith(link, length, TUN)) {
                sink.socket(descriptor, 0);
            }
            return;
        }
        int colon = 0;
        while (colon < length && link[colon] != ':') {
            colon++;
        }
        long inode = colon + 1 < length && link[colon + 1] == '[' ? ProcReader.number(link, colon + 2, CLOSE) : -1;
        if (inode < 0) {
            return;
        }
        if (colon == SOCKET.length && endsWith(link, colon, SOCKET)) {
            sink.socket(descriptor, inode);
            return;
        }
        NamespaceType type = TYPES.get(new String(link, 0, colon, StandardCharsets.US_ASCII));
        if (type != null) {
            sink.namespace(descriptor, new NamespaceId(type, inode));
        }
    }

    private static boolean endsWith(byte[] bytes, int length, byte[] end) {
        if (length < end.length) {
            return false;
        }
        for (int i = 0; i < end.length; i++) {
            if (bytes[length - end.length + i] != end[i]) {
                return false;
            }
        }
        return true;
    }
}
