package io.netyard.kernel;

import io.netyard.api.NetnsRef;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Ways into namespaces that stay open while one piece of work goes on: one netlink socket and one descriptor for each namespace that the
 * work touches. To enter a namespace takes a thread and several system calls, a request on a socket that is open there takes two.
 *
 * <p>It belongs to the thread that has opened it, and to those that {@link #shared} lends it to; for all of them
 * {@link NetlinkSocket#open(NetnsRef)} and {@link NamespaceDescriptor#open(NetnsRef)} give out what is kept, and closing that closes nothing.
 * What is kept keeps its namespace alive: close it soon, and {@link #letGo} what is to end before.
 */
public final class KeptNamespaces implements AutoCloseable {

    /** Of each kind: beyond that every use opens anew. A process may have a few thousand files open where nobody has raised the limit. */
    private static final int MOST = 1_500;

    private static final ThreadLocal<KeptNamespaces> CURRENT = new ThreadLocal<>();

    private final Map<Long, NetlinkSocket> sockets = new ConcurrentHashMap<>();
    private final Map<Long, NamespaceDescriptor> descriptors = new ConcurrentHashMap<>();

    private KeptNamespaces() {}

    /** Begins to keep, for the calling thread. @throws IllegalStateException if it does already */
    public static KeptNamespaces open() {
        if (CURRENT.get() != null) {
            throw new IllegalStateException("this thread keeps namespaces already");
        }
        KeptNamespaces kept = new KeptNamespaces();
        CURRENT.set(kept);
        return kept;
    }

    /** What the calling thread keeps, if it does. */
    public static Optional<KeptNamespaces> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Closes what is kept of a namespace that is to end, if the calling thread keeps anything. */
    public static void letGo(long inode) {
        current().ifPresent(kept -> {
            Optional.ofNullable(kept.sockets.remove(inode)).ifPresent(NetlinkSocket::end);
            Optional.ofNullable(kept.descriptors.remove(inode)).ifPresent(NamespaceDescriptor::end);
        });
    }

    /** Work for another thread, which has what the calling thread keeps while it is at it. */
    public static <T> Callable<T> shared(Callable<T> work) {
        KeptNamespaces kept = CURRENT.get();
        return () -> {
            KeptNamespaces before = CURRENT.get();
            CURRENT.set(kept);
            try {
                return work.call();
            } finally {
                CURRENT.set(before);
            }
        };
    }

    /**
     * Hands a socket over that was opened in that namespace; it is kept, or closed if the calling thread keeps nothing.
     *
     * @param where a namespace of which nothing is kept yet
     */
    public static void handOver(NetnsRef where, NetlinkSocket socket) {
        KeptNamespaces kept = CURRENT.get();
        if (kept == null || kept.sockets.size() >= MOST) {
            socket.close();
        } else {
            kept.sockets.put(where.inode(), socket.kept());
        }
    }

    /** The one that is kept there already. */
    Optional<NetlinkSocket> socketIn(NetnsRef where) {
        return Optional.ofNullable(sockets.get(where.inode()));
    }

    NetlinkSocket socket(NetnsRef where, Supplier<NetlinkSocket> open) {
        if (sockets.size() >= MOST && !sockets.containsKey(where.inode())) {
            return open.get();
        }
        return sockets.computeIfAbsent(where.inode(), inode -> open.get().kept());
    }

    NamespaceDescriptor descriptor(NetnsRef where, Supplier<NamespaceDescriptor> open) {
        if (descriptors.size() >= MOST && !descriptors.containsKey(where.inode())) {
            return open.get();
        }
        return descriptors.computeIfAbsent(where.inode(), inode -> open.get().kept());
    }

    @Override
    public void close() {
        CURRENT.remove();
        sockets.values().forEach(NetlinkSocket::end);
        descriptors.values().forEach(NamespaceDescriptor::end);
    }
}
