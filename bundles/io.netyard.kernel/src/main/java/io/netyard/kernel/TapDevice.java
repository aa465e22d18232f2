package io.netyard.kernel;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.kernel.libc.LibC;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The user's end of a tap interface: what the kernel sends by the interface is read here, what is written here arrives there
 * (Documentation/networking/tuntap.rst). While it is open the interface has a carrier. It belongs to the namespace that it was opened in, and
 * keeps that alive.
 *
 * <p>Frames are Ethernet frames without their frame check sequence. One thread sends, receives and closes; any may wake it.
 */
public final class TapDevice implements AutoCloseable {

    private static final String TUN = "/dev/net/tun";

    // linux/if_tun.h
    private static final long TUNSETIFF = 0x4004_54caL;
    private static final long TUNSETPERSIST = 0x4004_54cbL;
    private static final short IFF_TAP = 0x0002;
    private static final short IFF_NO_PI = 0x1000;
    private static final short IFF_TUN_EXCL = (short) 0x8000;

    /** struct ifreq: the name in IFNAMSIZ bytes, then a union of 24 bytes, here the flags in a short. linux/if.h */
    private static final int IFREQ = 40;

    private static final int IFNAMSIZ = 16;

    /** The largest MTU of a tap, and the Ethernet header and two tags before it. In bytes. */
    private static final int FRAME = 65_535 + 14 + 8;

    private final FileDescriptor fd;
    private final WakeUp wakeUp = new WakeUp();
    private boolean closed;
    private final byte[] buffer = new byte[FRAME];

    private TapDevice(FileDescriptor fd) {
        this.fd = fd;
    }

    /**
     * Makes a tap in the calling thread's namespace: for use inside {@link NamespaceThread} bodies. It goes again when it is closed, unless
     * {@link #persist} was called.
     */
    public static TapDevice createHere(InterfaceName name) {
        return open(name, IFF_TUN_EXCL, "create the tap interface");
    }

    /**
     * Opens a tap that exists; the caller has seen that it does, since one that does not is made, and goes when it is closed.
     *
     * @throws KernelException if somebody else has it open, among others
     */
    public static TapDevice open(NetnsRef where, InterfaceName name) {
        return NamespaceThread.call(where, () -> open(name, (short) 0, "open the tap interface"));
    }

    private static TapDevice open(InterfaceName name, short exclusive, String operation) {
        FileDescriptor fd = openTun();
        Pointer request = Memory.allocateDirect(Runtime.getRuntime(LibC.get()), IFREQ, true);
        byte[] text = name.value().getBytes(StandardCharsets.UTF_8);
        request.put(0, text, 0, text.length);
        request.putShort(IFNAMSIZ, (short) (IFF_TAP | IFF_NO_PI | exclusive));
        if (LibC.get().ioctl(fd.number(), TUNSETIFF, request) != 0) {
            int errno = LibC.errno();
            fd.close();
            throw new KernelException(operation, name.value(), errno, "");
        }
        return new TapDevice(fd);
    }

    /** The device is the machine's, and its mode says who may: a user who is root in a namespace only need not be among them. */
    private static FileDescriptor openTun() {
        try {
            return FileDescriptor.open(TUN, LibC.O_RDWR | LibC.O_NONBLOCK);
        } catch (KernelException e) {
            if (e.errno() == LibC.EACCES) {
                throw new RequestException(
                        "tap interfaces need %s, which is not open to this user here: its mode must be 0666"
                                .formatted(TUN),
                        e);
            }
            throw e;
        }
    }

    /** Lets the interface stay when it is closed. */
    public void persist() {
        if (LibC.get().ioctl(fd.number(), TUNSETPERSIST, Pointer.wrap(Runtime.getRuntime(LibC.get()), 1)) != 0) {
            throw new KernelException("keep", "tap interface", LibC.errno(), "");
        }
    }

    /** Waits for a frame or a {@link #wake}. @return true if there may be a frame */
    public boolean await(Duration limit) {
        List<Integer> ready =
                Poll.readable(List.of(fd.number(), wakeUp.descriptor().number()), limit);
        return ready.contains(0);
    }

    /** The next frame, if there is one. @throws KernelException if the interface has gone or is down */
    public Optional<byte[]> receive() {
        while (true) {
            long length = LibC.get().read(fd.number(), buffer, buffer.length);
            if (length >= 0) {
                return Optional.of(Arrays.copyOf(buffer, (int) length));
            }
            int errno = LibC.errno();
            if (errno == LibC.EAGAIN) {
                return Optional.empty();
            }
            if (errno != LibC.EINTR) {
                throw new KernelException("read from", "tap interface", errno, "");
            }
        }
    }

    /** False if the kernel does not take it: the interface is down, its queue is full. Frames get lost, as on any cable. */
    public boolean send(byte[] frame) {
        long sent;
        do {
            sent = LibC.get().write(fd.number(), frame, frame.length);
        } while (sent < 0 && LibC.errno() == LibC.EINTR);
        return sent == frame.length;
    }

    /** Ends an {@link #await} that is under way, or the next one; does nothing once it is closed. */
    public synchronized void wake() {
        if (!closed) {
            wakeUp.wake();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        fd.close();
        wakeUp.close();
    }
}
