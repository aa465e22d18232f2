package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.kernel.libc.LibC;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * A NETLINK_ROUTE socket that was opened inside a namespace and talks to that namespace for as long as it lives. Knows
 * sequence numbers, acknowledgements, dumps and errors; knows nothing of links or addresses. See netlink(7) and
 * linux/netlink.h.
 *
 * <p>Safe for use from several threads: one request is under way at a time. An open socket keeps its namespace alive
 * even when all its processes are gone, so close it soon.
 */
public final class NetlinkSocket implements AutoCloseable {

    private static final int NLM_F_ACK = 0x04;
    private static final int NLM_F_DUMP_INTR = 0x10;
    private static final int NLM_F_DUMP = 0x300;

    /** The kernel fills at most 32 KiB in one dump read (NLMSG_GOODSIZE grows to what the reader offers, up to that). */
    private static final int BUFFER = 64 * 1024;

    /** The kernel answers within milliseconds or not at all; a bound, so that nothing hangs for ever. In seconds. */
    private static final int TIMEOUT_SECONDS = 30;

    /** A dump that others keep changing under our hands is taken as it is after so many attempts. */
    private static final int DUMP_ATTEMPTS = 20;

    private static final ByteOrder HOST = ByteOrder.nativeOrder();

    /** So many requests are sent at once: their answers fit into the socket's receive buffer, else the kernel drops some. */
    private static final int BATCH = 64;

    /** Those that nobody reads into now: there are as many as threads have read at once, however many sockets are open. */
    private static final Queue<Pointer> BUFFERS = new ConcurrentLinkedQueue<>();

    private final FileDescriptor fd;
    private int sequence;

    /** Whether it belongs to {@link KeptNamespaces}, and who uses it does not close it. */
    private volatile boolean isKept;

    private NetlinkSocket(FileDescriptor fd) {
        this.fd = fd;
    }

    /** Opens a socket in that namespace, or gives the one that the calling thread {@link KeptNamespaces keeps} there. */
    public static NetlinkSocket open(NetnsRef where) {
        return KeptNamespaces.current()
                .map(kept -> kept.socket(where, () -> enter(where)))
                .orElseGet(() -> enter(where));
    }

    private static NetlinkSocket enter(NetnsRef where) {
        return NamespaceThread.call(where, NetlinkSocket::openHere);
    }

    NetlinkSocket kept() {
        isKept = true;
        return this;
    }

    /**
     * Opens one socket in each of many namespaces, on a single thread.
     *
     * @param refused told of those that may not be entered; they are not in what is returned
     * @return open sockets, by the keys given; all are to be closed
     */
    public static <K> Map<K, NetlinkSocket> openIn(
            Map<K, NamespaceDescriptor> namespaces, BiConsumer<K, KernelException> refused) {
        Map<K, NetlinkSocket> open = new LinkedHashMap<>();
        try {
            NamespaceThread.visit(namespaces, key -> open.put(key, openHere()), refused);
            return open;
        } catch (RuntimeException e) {
            open.values().forEach(NetlinkSocket::close);
            throw e;
        }
    }

    /** Opens a socket in the calling thread's namespace: for use inside {@link NamespaceThread} bodies. */
    public static NetlinkSocket openHere() {
        LibC c = LibC.get();
        int number = c.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, LibC.NETLINK_ROUTE);
        if (number < 0) {
            throw new KernelException("open", "netlink socket", LibC.errno(), "");
        }
        FileDescriptor fd = new FileDescriptor(number);
        byte[] timeval = ByteBuffer.allocate(16)
                .order(HOST)
                .putLong(TIMEOUT_SECONDS)
                .putLong(0)
                .array();
        c.setsockopt(number, LibC.SOL_SOCKET, LibC.SO_RCVTIMEO, timeval, timeval.length);
        // Wishes: older kernels that lack them answer in fewer words.
        byte[] on = ByteBuffer.allocate(4).order(HOST).putInt(1).array();
        c.setsockopt(number, LibC.SOL_NETLINK, LibC.NETLINK_EXT_ACK, on, on.length);
        c.setsockopt(number, LibC.SOL_NETLINK, LibC.NETLINK_CAP_ACK, on, on.length);
        c.setsockopt(number, LibC.SOL_NETLINK, LibC.NETLINK_GET_STRICT_CHK, on, on.length);
        return new NetlinkSocket(fd);
    }

    /** Sends a request and waits for the kernel's acknowledgement. @throws KernelException if it refuses */
    public void execute(NetlinkRequest request) {
        exchange(request, NLM_F_ACK);
    }

    /** Sends a request that is answered by messages and an acknowledgement. @throws KernelException if it refuses */
    public NetlinkMessage get(NetlinkRequest request) {
        List<NetlinkMessage> answers = exchange(request, NLM_F_ACK);
        if (answers.isEmpty()) {
            throw new KernelException(request.operation(), request.subject(), LibC.ENOENT, "");
        }
        return answers.get(0);
    }

    /**
     * Sends many requests that the kernel answers with one message each, in few system calls.
     *
     * @return an answer for each, in their order; empty where the kernel refused
     */
    public synchronized List<Optional<NetlinkMessage>> getAll(List<NetlinkRequest> requests) {
        List<Optional<NetlinkMessage>> answers = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += BATCH) {
            getBatch(requests.subList(from, Math.min(from + BATCH, requests.size())), answers);
        }
        return answers;
    }

    private void getBatch(List<NetlinkRequest> requests, List<Optional<NetlinkMessage>> answers) {
        ByteArrayOutputStream datagram = new ByteArrayOutputStream();
        int first = sequence + 1;
        for (NetlinkRequest request : requests) {
            sequence++;
            datagram.writeBytes(NetlinkDatagram.encode(request, 0, sequence));
        }
        send(datagram.toByteArray(), requests.get(0));
        for (int i = 0; i < requests.size(); i++) {
            // Each comes in a datagram of its own.
            List<NetlinkMessage> received = List.of();
            while (received.isEmpty()) {
                received = NetlinkDatagram.decode(receive(requests.get(i)), first + i, requests.get(i));
            }
            NetlinkMessage answer = received.get(0);
            answers.add(answer.type() == NetlinkDatagram.NLMSG_ERROR ? Optional.empty() : Optional.of(answer));
        }
    }

    /**
     * Sends many requests that change something, in few system calls. One that the kernel refuses does not keep it from the others.
     *
     * @return the refusals
     */
    public synchronized List<KernelException> executeAll(List<NetlinkRequest> requests) {
        List<KernelException> refusals = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += BATCH) {
            executeBatch(requests.subList(from, Math.min(from + BATCH, requests.size())), refusals);
        }
        return refusals;
    }

    private void executeBatch(List<NetlinkRequest> requests, List<KernelException> refusals) {
        ByteArrayOutputStream datagram = new ByteArrayOutputStream();
        int first = sequence + 1;
        for (NetlinkRequest request : requests) {
            sequence++;
            datagram.writeBytes(NetlinkDatagram.encode(request, NLM_F_ACK, sequence));
        }
        send(datagram.toByteArray(), requests.get(0));
        for (int i = 0; i < requests.size(); i++) {
            List<NetlinkMessage> received = List.of();
            while (received.isEmpty()) {
                received = NetlinkDatagram.decode(receive(requests.get(i)), first + i, requests.get(i));
            }
            try {
                NetlinkDatagram.requireSuccess(received.get(0), requests.get(i));
            } catch (KernelException e) {
                refusals.add(e);
            }
        }
    }

    /**
     * Reads a whole table. The kernel says when the table changed while it was being read; then it is read again.
     *
     * @throws KernelException if it refuses
     */
    public List<NetlinkMessage> dump(NetlinkRequest request) {
        List<NetlinkMessage> messages = exchange(request, NLM_F_DUMP);
        for (int attempt = 1; attempt < DUMP_ATTEMPTS && messages.stream().anyMatch(INTERRUPTED); attempt++) {
            messages = exchange(request, NLM_F_DUMP);
        }
        return messages.stream()
                .filter(message -> message.type() != NetlinkDatagram.NLMSG_DONE)
                .toList();
    }

    private static final Predicate<NetlinkMessage> INTERRUPTED = message -> (message.flags() & NLM_F_DUMP_INTR) != 0;

    private synchronized List<NetlinkMessage> exchange(NetlinkRequest request, int flags) {
        sequence++;
        send(NetlinkDatagram.encode(request, flags, sequence), request);
        return answers(request);
    }

    private void send(byte[] message, NetlinkRequest request) {
        byte[] kernel = ByteBuffer.allocate(12)
                .order(HOST)
                .putShort((short) LibC.AF_NETLINK)
                .array();
        while (LibC.get().sendto(fd.number(), message, message.length, 0, kernel, kernel.length) < 0) {
            if (LibC.errno() != LibC.EINTR) {
                throw new KernelException(request.operation(), request.subject(), LibC.errno(), "netlink send");
            }
        }
    }

    /** All up to the acknowledgement or the end of the dump; the latter is among them, for the flags it may carry. */
    private List<NetlinkMessage> answers(NetlinkRequest request) {
        List<NetlinkMessage> answers = new ArrayList<>();
        while (true) {
            for (NetlinkMessage message : NetlinkDatagram.decode(receive(request), sequence, request)) {
                if (message.type() == NetlinkDatagram.NLMSG_ERROR) {
                    NetlinkDatagram.requireSuccess(message, request);
                    return answers;
                }
                answers.add(message);
                if (message.type() == NetlinkDatagram.NLMSG_DONE) {
                    NetlinkDatagram.requireSuccess(message, request);
                    return answers;
                }
            }
        }
    }

    private byte[] receive(NetlinkRequest request) {
        Pointer free = BUFFERS.poll();
        Pointer buffer = free == null ? Memory.allocateDirect(Runtime.getRuntime(LibC.get()), BUFFER) : free;
        try {
            return receive(request, buffer);
        } finally {
            BUFFERS.add(buffer);
        }
    }

    private byte[] receive(NetlinkRequest request, Pointer buffer) {
        while (true) {
            long received = LibC.get().recv(fd.number(), buffer, BUFFER, LibC.MSG_TRUNC);
            if (received >= 0) {
                if (received > BUFFER) {
                    throw new KernelException(
                            request.operation(), request.subject(), LibC.ENOBUFS, "answer of " + received + " bytes");
                }
                byte[] bytes = new byte[(int) received];
                buffer.get(0, bytes, 0, bytes.length);
                return bytes;
            }
            int errno = LibC.errno();
            if (errno != LibC.EINTR) {
                throw new KernelException(
                        request.operation(),
                        request.subject(),
                        errno == LibC.EAGAIN ? LibC.ETIMEDOUT : errno,
                        "netlink receive");
            }
        }
    }

    /** Waits for a request that is under way: the number of a closed descriptor is soon another file's. */
    @Override
    public void close() {
        if (!isKept) {
            end();
        }
    }

    synchronized void end() {
        fd.close();
    }
}
