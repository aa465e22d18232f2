package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.libc.LibC;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Runs code on a thread that is inside a namespace. The only place that calls setns(2) and unshare(2).
 *
 * <p>Both move the calling thread alone, and a thread that has moved must never serve anybody else. So each call gets a
 * fresh platform thread that ends afterwards. Sockets and child processes made on it stay in the namespace when it is
 * gone; so does every thread that it starts, hence no body may be the first to use a pool or a timer.
 */
public final class NamespaceThread {

    private NamespaceThread() {}

    /**
     * Runs {@code body} inside a namespace (and its UTS namespace if it has one of its own), waits for it, and returns what it
     * returns. What it throws unchecked comes through as it is.
     *
     * @throws RequestException if the reference does not lead to that namespace any more
     * @throws KernelException if the kernel refuses to enter
     */
    public static <T> T call(NetnsRef where, Callable<T> body) {
        return onOwnThread("in " + where, () -> {
            enter(where);
            return body.call();
        });
    }

    /**
     * Runs {@code body} inside namespaces of a process. In another pid namespace the thread itself stays where it is: what is started
     * from it is inside.
     *
     * @param types only those that a single thread can enter (setns(2)): not user, mount and time
     * @throws KernelException if the kernel refuses to enter
     */
    public static <T> T call(ProcessNamespaces where, Set<NamespaceType> types, Callable<T> body) {
        return onOwnThread("in namespaces of a process", () -> {
            for (NamespaceType type : types) {
                move(where.number(type), type.flag(), where.path(type).toString());
            }
            return body.call();
        });
    }

    /**
     * Runs {@code body} inside a new network namespace and a new UTS namespace. They end with the thread unless the body has
     * made something that holds them.
     *
     * @param hostname of the new UTS namespace; at most 64 bytes (__NEW_UTS_LEN, linux/utsname.h)
     */
    public static <T> T callInNew(String hostname, Callable<T> body) {
        return onOwnThread("new namespace " + hostname, () -> {
            unshare(hostname);
            return body.call();
        });
    }

    private static void unshare(String hostname) {
        LibC c = LibC.get();
        if (c.unshare(LibC.CLONE_NEWNET | LibC.CLONE_NEWUTS) != 0) {
            throw new KernelException("create namespace", hostname, LibC.errno(), "");
        }
        byte[] name = hostname.getBytes(StandardCharsets.UTF_8);
        if (c.sethostname(name, name.length) != 0) {
            throw new KernelException("set host name", hostname, LibC.errno(), "");
        }
    }

    /** What {@link #startInNew} does inside a new namespace. */
    public interface Inside {

        /** Of the new UTS namespace, as for {@link #callInNew}. */
        String hostname();

        /** Runs inside. */
        void run();

        /** Instead of {@link #run}: the kernel has refused. */
        void refused(KernelException refusal);
    }

    /**
     * Starts a thread that makes one new namespace after the other, as {@link #callInNew} makes a single one, and does not wait for it.
     *
     * @param next called on that thread; null ends it
     */
    public static Thread startInNew(Supplier<Inside> next) {
        startWhatIsStartedLazily();
        Runnable work = () -> {
            for (Inside inside = next.get(); inside != null; inside = next.get()) {
                try {
                    unshare(inside.hostname());
                } catch (KernelException e) {
                    inside.refused(e);
                    continue;
                }
                inside.run();
            }
        };
        FutureTask<Void> task = new FutureTask<>(KeptNamespaces.shared(() -> {
            work.run();
            return null;
        }));
        Thread thread = new Thread(task, "netyard new namespaces");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /**
     * Runs {@code body} inside each of many network namespaces, one after the other, on a single thread.
     *
     * @param body is given the key of the namespace that it is in
     * @param refused told of those that the kernel does not let us enter
     */
    public static <K> void visit(
            Map<K, NamespaceDescriptor> namespaces, Consumer<K> body, BiConsumer<K, KernelException> refused) {
        onOwnThread("in each of " + namespaces.size(), () -> {
            namespaces.forEach((key, descriptor) -> {
                try {
                    move(descriptor.number(), LibC.CLONE_NEWNET, key.toString());
                } catch (KernelException e) {
                    refused.accept(key, e);
                    return;
                }
                body.accept(key);
            });
            return null;
        });
    }

    /**
     * The host names of UTS namespaces, by one thread that enters one after the other.
     *
     * @param files that open them
     * @return undecoded, since anybody may set anything. Those that have gone or may not be entered are missing
     */
    public static Map<NamespaceId, byte[]> hostNames(Map<NamespaceId, String> files) {
        return onOwnThread("host names", () -> {
            Map<NamespaceId, byte[]> names = new HashMap<>();
            files.forEach((id, path) -> NamespaceFile.open(id, path).ifPresent(uts -> {
                try (uts) {
                    if (LibC.get().setns(uts.number(), LibC.CLONE_NEWUTS) == 0) {
                        names.put(id, hostName());
                    }
                }
            }));
            return names;
        });
    }

    /**
     * What /proc/PID/mountinfo would show of a mount namespace that no process is in (proc_pid_mountinfo(5)).
     *
     * @param path a file that opens it
     * @param limit of bytes
     * @return empty if it has gone, or may not be entered
     */
    public static Optional<byte[]> mountInfo(NamespaceId id, String path, int limit) {
        return onOwnThread("mounts of " + id, () -> {
            // Its own directory, opened before it leaves: in there, /proc may be another one or none.
            try (ProcReader own = new ProcReader("/proc/thread-self");
                    NamespaceFile mounts = NamespaceFile.open(id, path).orElse(null)) {
                // A thread that shares its root and working directory with others is not let in.
                boolean inside = mounts != null
                        && LibC.get().unshare(LibC.CLONE_FS) == 0
                        && LibC.get().setns(mounts.number(), LibC.CLONE_NEWNS) == 0;
                return inside ? own.read("mountinfo", limit) : Optional.empty();
            }
        });
    }

    /** The host name of the calling thread's UTS namespace, undecoded. */
    public static byte[] hostName() {
        Pointer names = Memory.allocateDirect(Runtime.getRuntime(LibC.get()), UTSNAME_FIELDS * LibC.UTSNAME_LENGTH);
        if (LibC.get().uname(names) != 0) {
            throw new KernelException("read", "host name", LibC.errno(), "");
        }
        byte[] name = new byte[LibC.UTSNAME_LENGTH];
        names.get(LibC.UTSNAME_LENGTH, name, 0, name.length);
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        return Arrays.copyOf(name, end);
    }

    /** sysname, nodename, release, version, machine, domainname. */
    private static final int UTSNAME_FIELDS = 6;

    /**
     * The namespace of the calling thread, to be used inside a body.
     *
     * @return inode and a path that is valid as long as this thread lives, for other processes too
     */
    public static NetnsRef current() {
        long thread = LibC.get().syscall(SYS_GETTID, 0, 0, 0, 0);
        Path directory = Path.of("/proc/" + ProcessHandle.current().pid() + "/task/" + thread + "/ns");
        Path net = directory.resolve("net");
        return new NetnsRef(inode(net), net, java.util.Optional.of(directory.resolve("uts")));
    }

    /**
     * Inode of the namespace that a file opens: the number in {@code net:[4026531840]} for entries of /proc, the file's own
     * inode for a bind mount.
     */
    public static long inode(Path namespaceFile) {
        try {
            return ((Number) Files.getAttribute(namespaceFile, "unix:ino")).longValue();
        } catch (NoSuchFileException e) {
            throw new RequestException(namespaceFile + ": no such namespace (has its process ended?)", e);
        } catch (IOException e) {
            throw new RequestException(namespaceFile + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** gettid(2): x86_64 has 186, aarch64 and the other newer ABIs 178 (asm-generic/unistd.h). */
    private static final long SYS_GETTID = "amd64".equals(System.getProperty("os.arch")) ? 186 : 178;

    private static void enter(NetnsRef where) {
        // The UTS namespace first: net is checked against its inode after that, so its process was still the one that
        // is meant.
        try (FileDescriptor uts = where.uts().map(NamespaceThread::open).orElse(null);
                NamespaceDescriptor net = NamespaceDescriptor.open(where)) {
            move(net.number(), LibC.CLONE_NEWNET, where.net().toString());
            if (uts != null) {
                move(uts.number(), LibC.CLONE_NEWUTS, where.uts().orElseThrow().toString());
            }
        }
    }

    private static FileDescriptor open(Path namespace) {
        try {
            return FileDescriptor.open(namespace.toString(), LibC.O_RDONLY);
        } catch (KernelException e) {
            if (e.isAbsent()) {
                throw new RequestException(namespace + " is gone", e);
            }
            throw e;
        }
    }

    private static void move(int namespace, int type, String subject) {
        if (LibC.get().setns(namespace, type) != 0) {
            throw new KernelException("enter namespace", subject, LibC.errno(), "");
        }
    }

    private static <T> T onOwnThread(String name, Callable<T> body) {
        startWhatIsStartedLazily();
        FutureTask<T> task = new FutureTask<>(KeptNamespaces.shared(body));
        Thread thread = new Thread(task, "netyard " + name);
        thread.setDaemon(true);
        thread.start();
        // What runs in there is short or bounds itself; half-done is worse than late.
        return Uninterrupted.result(task);
    }

    /**
     * Threads inherit the namespaces of the thread that starts them. Those that serve the whole JVM must therefore run before
     * anybody moves: a namespace would never end with one of them inside. This runs where nobody has moved yet, as there is no
     * other way to move.
     */
    private static void startWhatIsStartedLazily() {
        Children.start();
        // JNR frees memory on a thread that the first allocation starts.
        Memory.allocateDirect(Runtime.getRuntime(LibC.get()), 1);
    }
}
