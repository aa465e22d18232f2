package io.netyard.kernel;

import io.netyard.api.IpPrefix;
import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.kernel.libc.LibC;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * A raw ICMP or ICMPv6 socket inside a namespace that hears echo replies only (raw(7), icmp(7), ipv6(7)). Never blocks.
 * Not for use by several threads at a time. Close it soon: it keeps its namespace alive.
 */
public final class IcmpSocket implements AutoCloseable {

    // netinet/in.h, linux/icmp.h, linux/icmpv6.h
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int SOL_RAW = 255;
    private static final int ICMP_FILTER = 1;
    private static final int ICMPV6_FILTER = 1;
    private static final int ICMP_ECHOREPLY = 0;
    private static final int ICMPV6_ECHO_REPLY = 129;

    /** Room for the echo replies of many peers that arrive at once. In bytes. */
    private static final int RECEIVE_BUFFER = 4 << 20;

    private static final int PACKET = 2048;
    private static final int SOCKADDR_IN = 16;
    private static final int SOCKADDR_IN6 = 28;

    private static final ByteOrder HOST = ByteOrder.nativeOrder();

    private final FileDescriptor fd;
    private final boolean ipv6;
    private final Pointer packet = Memory.allocateDirect(Runtime.getRuntime(LibC.get()), PACKET);
    private final Pointer address = Memory.allocateDirect(Runtime.getRuntime(LibC.get()), SOCKADDR_IN6);

    private IcmpSocket(FileDescriptor fd, boolean ipv6) {
        this.fd = fd;
        this.ipv6 = ipv6;
    }

    /**
     * What arrived.
     *
     * @param bytes the ICMP message; with IPv4 the IP header stands before it, with IPv6 not
     * @param source who sent it
     */
    public record Received(byte[] bytes, InetAddress source) {}

    public static IcmpSocket open(NetnsRef where, boolean ipv6) {
        return NamespaceThread.call(where, () -> openHere(ipv6));
    }

    private static IcmpSocket openHere(boolean ipv6) {
        LibC c = LibC.get();
        int number = c.socket(
                ipv6 ? LibC.AF_INET6 : LibC.AF_INET,
                LibC.SOCK_RAW | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK,
                ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
        if (number < 0) {
            throw new KernelException("open", "ICMP socket", LibC.errno(), "");
        }
        FileDescriptor fd = new FileDescriptor(number);
        // Both filters: a set bit stops that type.
        byte[] filter;
        if (ipv6) {
            filter = new byte[32];
            java.util.Arrays.fill(filter, (byte) 0xff);
            ByteBuffer words = ByteBuffer.wrap(filter).order(HOST);
            int word = ICMPV6_ECHO_REPLY / 32 * 4;
            words.putInt(word, ~(1 << ICMPV6_ECHO_REPLY % 32));
            c.setsockopt(number, IPPROTO_ICMPV6, ICMPV6_FILTER, filter, filter.length);
        } else {
            filter = ByteBuffer.allocate(4)
                    .order(HOST)
                    .putInt(~(1 << ICMP_ECHOREPLY))
                    .array();
            c.setsockopt(number, SOL_RAW, ICMP_FILTER, filter, filter.length);
        }
        byte[] size = ByteBuffer.allocate(4).order(HOST).putInt(RECEIVE_BUFFER).array();
        c.setsockopt(number, LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, size, size.length);
        return new IcmpSocket(fd, ipv6);
    }

    public boolean isIpv6() {
        return ipv6;
    }

    /**
     * Sends one ICMP message (with ICMPv6 the kernel fills in the checksum: RFC 3542, 3.1).
     *
     * @param scope ifindex for link-local targets, else 0
     * @throws KernelException if the kernel will not send it: no route, say
     */
    public void send(byte[] message, InetAddress target, int scope) {
        byte[] to = sockaddr(target, scope);
        while (LibC.get().sendto(fd.number(), message, message.length, 0, to, to.length) < 0) {
            if (LibC.errno() != LibC.EINTR) {
                throw new KernelException("send", "echo request to " + IpPrefix.text(target), LibC.errno(), "");
            }
        }
    }

    /** The next message that has arrived, if one has. */
    public Optional<Received> receive() {
        int[] length = {SOCKADDR_IN6};
        long count;
        do {
            count = LibC.get().recvfrom(fd.number(), packet, PACKET, 0, address, length);
        } while (count < 0 && LibC.errno() == LibC.EINTR);
        if (count < 0) {
            // EAGAIN: nothing there. Anything else is an ICMP error for something sent before, which its own silence
            // shows.
            return Optional.empty();
        }
        byte[] bytes = new byte[(int) count];
        packet.get(0, bytes, 0, bytes.length);
        byte[] source = new byte[ipv6 ? 16 : 4];
        address.get(ipv6 ? 8 : 4, source, 0, source.length);
        try {
            return Optional.of(new Received(bytes, InetAddress.getByAddress(source)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until one of them has something to read. @return those that have; empty after {@code limit} */
    public static List<IcmpSocket> poll(List<IcmpSocket> sockets, Duration limit) {
        return Poll.readable(sockets.stream().map(socket -> socket.fd.number()).toList(), limit).stream()
                .map(sockets::get)
                .toList();
    }

    int number() {
        return fd.number();
    }

    /** struct sockaddr_in and struct sockaddr_in6, netinet/in.h. */
    private static byte[] sockaddr(InetAddress target, int scope) {
        if (target instanceof Inet4Address) {
            return ByteBuffer.allocate(SOCKADDR_IN)
                    .order(HOST)
                    .putShort((short) LibC.AF_INET)
                    .putShort((short) 0)
                    .put(target.getAddress())
                    .array();
        }
        return ByteBuffer.allocate(SOCKADDR_IN6)
                .order(HOST)
                .putShort((short) LibC.AF_INET6)
                .putShort((short) 0)
                .putInt(0)
                .put(((Inet6Address) target).getAddress())
                .putInt(scope)
                .array();
    }

    @Override
    public void close() {
        fd.close();
    }
}
