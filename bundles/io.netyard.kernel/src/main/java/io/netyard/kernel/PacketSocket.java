package io.netyard.kernel;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.kernel.libc.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * A raw packet socket on one interface (packet(7)): whole Ethernet frames, out and in. Never blocks, and never makes its interface
 * promiscuous: a bridge hears more then than it does by itself. Not for use by several threads at a time. Close it soon: it keeps its
 * namespace alive.
 *
 * <p>A listener hears frames both as they come in and as they go out, but not those that it sends itself.
 */
public final class PacketSocket implements AutoCloseable {

    // linux/if_ether.h
    private static final int ETH_P_ALL = 0x0003;

    // linux/socket.h, linux/if_packet.h
    private static final int SOL_PACKET = 263;
    private static final int PACKET_AUXDATA = 8;

    /** TP_STATUS_VLAN_VALID: tp_vlan_tci holds the tag that was taken off the frame. */
    private static final int VLAN_VALID = 1 << 4;

    // struct tpacket_auxdata, linux/if_packet.h
    private static final int AUX_STATUS = 0;
    private static final int AUX_VLAN_TCI = 16;
    private static final int AUX_SIZE = 20;

    // struct sockaddr_ll, linux/if_packet.h
    private static final int SOCKADDR_LL = 20;
    private static final int SLL_PACKET_TYPE = 10;
    private static final int SLL_ADDRESS = 12;
    private static final int PACKET_OUTGOING = 4;

    // struct msghdr, struct iovec and struct cmsghdr of a 64-bit ABI (sys/socket.h)
    private static final int MSGHDR = 56;
    private static final int MSG_NAME = 0;
    private static final int MSG_NAME_LENGTH = 8;
    private static final int MSG_IOV = 16;
    private static final int MSG_IOV_LENGTH = 24;
    private static final int MSG_CONTROL = 32;
    private static final int MSG_CONTROL_LENGTH = 40;
    private static final int IOVEC = 16;
    private static final int CMSGHDR = 16;
    private static final int CONTROL = 64;

    /** Room for a burst of frames. In bytes. */
    private static final int RECEIVE_BUFFER = 4 << 20;

    /** Longer frames are cut. In bytes. */
    private static final int FRAME = 2048;

    private static final ByteOrder HOST = ByteOrder.nativeOrder();

    private final FileDescriptor fd;
    private final InterfaceName device;
    private final int index;
    private final MacAddress mac;
    private final Pointer frame = allocate(FRAME);
    private final Pointer address = allocate(SOCKADDR_LL);
    private final Pointer control = allocate(CONTROL);
    private final Pointer vector = allocate(IOVEC);
    private final Pointer message = allocate(MSGHDR);

    private PacketSocket(FileDescriptor fd, InterfaceName device, int index, MacAddress mac) {
        this.fd = fd;
        this.device = device;
        this.index = index;
        this.mac = mac;
    }

    /**
     * A frame.
     *
     * @param bytes from the destination address on; without the tag that {@code tag} tells
     * @param tag VID of the outermost tag, if the kernel keeps it beside the frame; else it stands in the bytes
     * @param outgoing on its way out of the interface
     */
    public record Received(byte[] bytes, OptionalInt tag, boolean outgoing) {}

    /** A socket that hears all that passes an interface, and can send. */
    public static PacketSocket listen(NetnsRef where, InterfaceName device) {
        return listen(where, List.of(device)).get(device);
    }

    /**
     * The same for several interfaces of one namespace; all or none.
     *
     * @throws KernelException if one does not exist
     */
    public static Map<InterfaceName, PacketSocket> listen(NetnsRef where, Collection<InterfaceName> devices) {
        return NamespaceThread.call(where, () -> openAll(devices, ETH_P_ALL));
    }

    /** A socket that hears nothing. */
    public static PacketSocket sender(NetnsRef where, InterfaceName device) {
        return NamespaceThread.call(where, () -> openAll(List.of(device), 0)).get(device);
    }

    private static Map<InterfaceName, PacketSocket> openAll(Collection<InterfaceName> devices, int protocol) {
        Map<InterfaceName, PacketSocket> sockets = new LinkedHashMap<>();
        try {
            for (InterfaceName device : devices) {
                if (!sockets.containsKey(device)) {
                    sockets.put(device, openHere(device, protocol));
                }
            }
        } catch (RuntimeException e) {
            sockets.values().forEach(PacketSocket::close);
            throw e;
        }
        return sockets;
    }

    private static PacketSocket openHere(InterfaceName device, int protocol) {
        LibC c = LibC.get();
        int index = c.if_nametoindex(device.value());
        if (index == 0) {
            throw new KernelException("find interface", device.value(), LibC.errno(), "");
        }
        // Protocol 0: nothing is heard before it is bound to its interface.
        int number = c.socket(LibC.AF_PACKET, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0);
        if (number < 0) {
            throw new KernelException("open", "packet socket", LibC.errno(), "");
        }
        FileDescriptor fd = new FileDescriptor(number);
        try {
            if (protocol != 0) {
                byte[] on = integer(1);
                if (c.setsockopt(number, SOL_PACKET, PACKET_AUXDATA, on, on.length) != 0) {
                    throw new KernelException("ask for VLAN tags of", device.value(), LibC.errno(), "");
                }
                byte[] size = integer(RECEIVE_BUFFER);
                c.setsockopt(number, LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, size, size.length);
            }
            byte[] where = sockaddr(protocol, index);
            if (c.bind(number, where, where.length) != 0) {
                throw new KernelException("listen on", device.value(), LibC.errno(), "");
            }
            return new PacketSocket(fd, device, index, hardwareAddress(number, device));
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** packet(7): the address of a bound socket holds its interface's hardware address. */
    private static MacAddress hardwareAddress(int socket, InterfaceName device) {
        Pointer address = allocate(SOCKADDR_LL);
        if (LibC.get().getsockname(socket, address, new int[] {SOCKADDR_LL}) != 0) {
            throw new KernelException("read the hardware address of", device.value(), LibC.errno(), "");
        }
        byte[] octets = new byte[MacAddress.LENGTH];
        address.get(SLL_ADDRESS, octets, 0, octets.length);
        return MacAddress.of(octets);
    }

    public InterfaceName device() {
        return device;
    }

    /** The interface's hardware address when the socket was opened. */
    public MacAddress mac() {
        return mac;
    }

    /**
     * Sends one frame out of the interface.
     *
     * @param bytes from the destination address on, tags included; at least an Ethernet header
     * @throws KernelException if the kernel will not send it: the interface is down or gone, or the frame is too long for it
     */
    public void send(byte[] bytes) {
        int etherType = ByteBuffer.wrap(bytes).getShort(2 * MacAddress.LENGTH) & 0xffff;
        byte[] to = sockaddr(etherType, index);
        while (LibC.get().sendto(fd.number(), bytes, bytes.length, 0, to, to.length) < 0) {
            if (LibC.errno() != LibC.EINTR) {
                throw new KernelException("send", "frame out of " + device, LibC.errno(), "");
            }
        }
    }

    /** The next frame that has passed, if one has. */
    public Optional<Received> receive() {
        vector.putPointer(0, frame);
        vector.putLong(8, FRAME);
        message.putPointer(MSG_NAME, address);
        message.putInt(MSG_NAME_LENGTH, SOCKADDR_LL);
        message.putPointer(MSG_IOV, vector);
        message.putLong(MSG_IOV_LENGTH, 1);
        message.putPointer(MSG_CONTROL, control);
        message.putLong(MSG_CONTROL_LENGTH, CONTROL);
        long count;
        do {
            count = LibC.get().recvmsg(fd.number(), message, 0);
        } while (count < 0 && LibC.errno() == LibC.EINTR);
        if (count < 0) {
            // EAGAIN: nothing there. ENETDOWN is told once when the interface goes down, which silence shows as well.
            return Optional.empty();
        }
        byte[] bytes = new byte[(int) Math.min(count, FRAME)];
        frame.get(0, bytes, 0, bytes.length);
        boolean outgoing = (address.getByte(SLL_PACKET_TYPE) & 0xff) == PACKET_OUTGOING;
        return Optional.of(new Received(bytes, tag(), outgoing));
    }

    private OptionalInt tag() {
        if (message.getLong(MSG_CONTROL_LENGTH) < CMSGHDR + AUX_SIZE
                || control.getInt(8) != SOL_PACKET
                || control.getInt(12) != PACKET_AUXDATA
                || (control.getInt(CMSGHDR + AUX_STATUS) & VLAN_VALID) == 0) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(control.getShort(CMSGHDR + AUX_VLAN_TCI) & 0x0fff);
    }

    /** Waits until one of them has something to read. @return those that have; empty after {@code limit} */
    public static List<PacketSocket> poll(List<PacketSocket> sockets, Duration limit) {
        return Poll.readable(sockets.stream().map(socket -> socket.fd.number()).toList(), limit).stream()
                .map(sockets::get)
                .toList();
    }

    /**
     * Waits until one of these sockets of either kind has something to read.
     *
     * @return false after {@code limit}
     */
    public static boolean poll(List<PacketSocket> frames, List<IcmpSocket> echoes, Duration limit) {
        List<Integer> numbers = new ArrayList<>();
        frames.forEach(socket -> numbers.add(socket.fd.number()));
        echoes.forEach(socket -> numbers.add(socket.number()));
        return !Poll.readable(numbers, limit).isEmpty();
    }

    private static byte[] sockaddr(int protocol, int index) {
        // The protocol is in network byte order, the index in the host's.
        byte[] address = new byte[SOCKADDR_LL];
        ByteBuffer.wrap(address).order(HOST).putShort(0, (short) LibC.AF_PACKET).putInt(4, index);
        address[2] = (byte) (protocol >> 8);
        address[3] = (byte) protocol;
        return address;
    }

    private static byte[] integer(int value) {
        return ByteBuffer.allocate(4).order(HOST).putInt(value).array();
    }

    private static Pointer allocate(int bytes) {
        return Memory.allocateDirect(Runtime.getRuntime(LibC.get()), bytes, true);
    }

    @Override
    public void close() {
        fd.close();
    }
}
