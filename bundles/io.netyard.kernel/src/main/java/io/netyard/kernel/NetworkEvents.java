package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.kernel.libc.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Hears what the kernel tells about changes of networks, whoever makes them: the multicast groups of rtnetlink(7) and of nf_tables, in the
 * calling thread's network namespace and in all that have an id there (NETLINK_LISTEN_ALL_NSID, netlink(7)). Two sockets for however
 * many namespaces, and no namespace is kept alive by them.
 *
 * <p>One thread waits and reads; any may wake it. Close it when nobody waits any more.
 */
public final class NetworkEvents implements AutoCloseable {

    /** enum rtnetlink_groups, linux/rtnetlink.h: links, neighbours, IPv4 and IPv6 addresses, routes and parameters, namespaces, VLANs. */
    private static final List<Integer> ROUTE_GROUPS = List.of(1, 3, 5, 7, 9, 11, 24, 25, 28, 33);

    /** NFNLGRP_NFTABLES, linux/netfilter/nfnetlink.h. */
    private static final List<Integer> NETFILTER_GROUPS = List.of(7);

    /** In bytes: a lab of a thousand nodes is destroyed without a word lost. */
    public static final int RECEIVE_BUFFER = 4 << 20;

    private static final int BUFFER = 32 * 1024;

    // struct msghdr and struct cmsghdr (bits/socket.h), 64-bit
    private static final int MSGHDR = 56;
    private static final int MSG_IOV = 16;
    private static final int MSG_IOV_LENGTH = 24;
    private static final int MSG_CONTROL = 32;
    private static final int MSG_CONTROL_LENGTH = 40;
    private static final int CMSGHDR = 16;
    private static final int CONTROL = 64;

    /**
     * @param namespace the id of the namespace that it is about; empty if that is the listener's own
     * @param netfilter whether it is nf_tables that speaks, else rtnetlink
     */
    public record Event(OptionalInt namespace, boolean netfilter, NetlinkMessage message) {}

    /** @param missed whether the kernel had more to say than the receive buffer holds: what it was is not known */
    public record Heard(List<Event> events, boolean missed) {}

    private final WakeUp wakeUp = new WakeUp();
    private final List<FileDescriptor> sockets = new ArrayList<>();
    private final Pointer frame = allocate(BUFFER);
    private final Pointer vector = allocate(16);
    private final Pointer control = allocate(CONTROL);
    private final Pointer header = allocate(MSGHDR);

    /**
     * @param receiveBuffer in bytes, for each socket
     * @throws KernelException if the kernel does not let us listen
     */
    public NetworkEvents(int receiveBuffer) {
        try {
            sockets.add(listen(LibC.NETLINK_ROUTE, ROUTE_GROUPS, receiveBuffer));
            try {
                sockets.add(listen(LibC.NETLINK_NETFILTER, NETFILTER_GROUPS, receiveBuffer));
            } catch (KernelException e) {
                // A kernel without nf_tables has nothing to tell of it.
                if (e.errno() == LibC.EPERM) {
                    throw e;
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static FileDescriptor listen(int protocol, List<Integer> groups, int receiveBuffer) {
        LibC c = LibC.get();
        int type = LibC.SOCK_RAW | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK;
        int number = c.socket(LibC.AF_NETLINK, type, protocol);
        if (number < 0) {
            throw new KernelException("open", "netlink socket", LibC.errno(), "");
        }
        FileDescriptor socket = new FileDescriptor(number);
        try {
            byte[] size = integer(receiveBuffer);
            c.setsockopt(number, LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, size, size.length);
            // Without an address of its own a socket passes for the kernel, which is not told what it says itself.
            byte[] address = ByteBuffer.allocate(12)
                    .order(ByteOrder.nativeOrder())
                    .putShort((short) LibC.AF_NETLINK)
                    .array();
            if (c.bind(number, address, address.length) != 0) {
                throw new KernelException("bind", "netlink socket", LibC.errno(), "");
            }
            byte[] on = integer(1);
            if (c.setsockopt(number, LibC.SOL_NETLINK, LibC.NETLINK_LISTEN_ALL_NSID, on, on.length) != 0) {
                throw new KernelException("listen to", "other namespaces", LibC.errno(), "");
            }
            for (int group : groups) {
                byte[] value = integer(group);
                int joined = c.setsockopt(number, LibC.SOL_NETLINK, LibC.NETLINK_ADD_MEMBERSHIP, value, value.length);
                // EINVAL: an older kernel does not know this one, VLANs for example, and has nothing to tell of it.
                if (joined != 0 && LibC.errno() != LibC.EINVAL) {
                    throw new KernelException("listen to", "netlink group " + group, LibC.errno(), "");
                }
            }
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Waits until there is something to read, or until it is woken. @param limit negative waits for ever */
    public void await(Duration limit) {
        List<Integer> numbers = new ArrayList<>();
        numbers.add(wakeUp.descriptor().number());
        sockets.forEach(socket -> numbers.add(socket.number()));
        Poll.readable(numbers, limit);
        wakeUp.drain();
    }

    /** Lets events gather for a while, so that many of them cost one look; ends early if it is woken. */
    public void gather(Duration pause) {
        Poll.readable(wakeUp.descriptor(), pause);
    }

    /** All that has been told since the last time; does not wait. */
    public Heard read() {
        List<Event> events = new ArrayList<>();
        boolean missed = false;
        for (int i = 0; i < sockets.size(); i++) {
            int number = sockets.get(i).number();
            while (true) {
                long length = receive(number);
                if (length >= 0) {
                    add(events, (int) Math.min(length, BUFFER), i > 0);
                } else if (LibC.errno() == LibC.ENOBUFS) {
                    missed = true;
                } else if (LibC.errno() == LibC.EAGAIN) {
                    break;
                } else if (LibC.errno() != LibC.EINTR) {
                    throw new KernelException("listen to", "netlink", LibC.errno(), "");
                }
            }
        }
        return new Heard(events, missed);
    }

    private long receive(int socket) {
        vector.putPointer(0, frame);
        vector.putLong(8, BUFFER);
        header.putPointer(MSG_IOV, vector);
        header.putLong(MSG_IOV_LENGTH, 1);
        header.putPointer(MSG_CONTROL, control);
        header.putLong(MSG_CONTROL_LENGTH, CONTROL);
        return LibC.get().recvmsg(socket, header, LibC.MSG_DONTWAIT);
    }

    private void add(List<Event> events, int length, boolean netfilter) {
        byte[] bytes = new byte[length];
        frame.get(0, bytes, 0, length);
        OptionalInt namespace = namespace();
        for (NetlinkMessage message : NetlinkDatagram.decode(bytes)) {
            events.add(new Event(namespace, netfilter, message));
        }
    }

    private OptionalInt namespace() {
        boolean told = header.getLong(MSG_CONTROL_LENGTH) >= CMSGHDR + Integer.BYTES
                && control.getInt(8) == LibC.SOL_NETLINK
                && control.getInt(12) == LibC.NETLINK_LISTEN_ALL_NSID
                && control.getInt(CMSGHDR) >= 0;
        return told ? OptionalInt.of(control.getInt(CMSGHDR)) : OptionalInt.empty();
    }

    private static Pointer allocate(int bytes) {
        return Memory.allocateDirect(Runtime.getRuntime(LibC.get()), bytes, true);
    }

    private static byte[] integer(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    /** Ends the waiting that is under way, or the next one. */
    public void wake() {
        wakeUp.wake();
    }

    @Override
    public void close() {
        sockets.forEach(FileDescriptor::close);
        wakeUp.close();
    }
}
