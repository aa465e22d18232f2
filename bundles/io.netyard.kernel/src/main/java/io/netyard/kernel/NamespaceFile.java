package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.libc.LibC;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * An open file of a namespace of any type, to ask it for its relatives: see ioctl_ns(2) and linux/nsfs.h. Keeps the namespace alive, so
 * close it soon. Safe for use from several threads.
 */
public final class NamespaceFile implements AutoCloseable {

    private static final int STATX_SIZE = 256;

    private final NamespaceId id;
    private final FileDescriptor descriptor;

    private NamespaceFile(NamespaceId id, FileDescriptor descriptor) {
        this.id = id;
        this.descriptor = descriptor;
    }

    /** Opens it if that file leads to this namespace; empty if it does not, or not any more, or may not be opened. */
    public static Optional<NamespaceFile> open(NamespaceId id, String path) {
        // Looked at first: to open what is there instead (a device, a FIFO of somebody) may not be without effect.
        if (!leadsTo(id, path)) {
            return Optional.empty();
        }
        FileDescriptor descriptor;
        try {
            descriptor = FileDescriptor.open(path, LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_NOCTTY);
        } catch (KernelException e) {
            return Optional.empty();
        }
        Pointer statx = statx(descriptor.number(), "");
        if (statx == null || !isNamespace(statx) || inode(statx) != id.inode()) {
            descriptor.close();
            return Optional.empty();
        }
        return Optional.of(new NamespaceFile(id, descriptor));
    }

    /** Whether that file is this namespace's now. Opens nothing. */
    public static boolean leadsTo(NamespaceId id, String path) {
        Pointer statx = statx(LibC.AT_FDCWD, path);
        return statx != null && isNamespace(statx) && inode(statx) == id.inode();
    }

    /** Inode of the namespace that this file opens; empty if there is no such file, or it is not one of a namespace. Opens nothing. */
    public static OptionalLong inodeAt(String path) {
        Pointer statx = statx(LibC.AT_FDCWD, path);
        return statx != null && isNamespace(statx) ? OptionalLong.of(inode(statx)) : OptionalLong.empty();
    }

    /** Takes over a descriptor that the kernel has made of a namespace. */
    static Optional<NamespaceFile> of(NamespaceType type, FileDescriptor descriptor) {
        long inode = inode(descriptor);
        if (inode < 0) {
            descriptor.close();
            return Optional.empty();
        }
        return Optional.of(new NamespaceFile(new NamespaceId(type, inode), descriptor));
    }

    public NamespaceId id() {
        return id;
    }

    /** The user namespace that it belongs to; of a user namespace, its parent. Empty if that is not ours or one below. */
    public Optional<NamespaceFile> owner() {
        return relative(LibC.NS_GET_USERNS, NamespaceType.USER);
    }

    /** The parent of a pid or user namespace; empty for others, and if that is not ours or one below. */
    public Optional<NamespaceFile> parent() {
        return relative(LibC.NS_GET_PARENT, id.type());
    }

    /** To be closed instead of this. */
    FileDescriptor descriptor() {
        return descriptor;
    }

    /** The number, valid until {@link #close()}. */
    int number() {
        return descriptor.number();
    }

    @Override
    public void close() {
        descriptor.close();
    }

    private Optional<NamespaceFile> relative(long request, NamespaceType type) {
        int number = LibC.get().ioctl(descriptor.number(), request, null);
        return number < 0 ? Optional.empty() : of(type, new FileDescriptor(number));
    }

    /** Of whatever the descriptor is open on; -1 if it cannot be told. */
    static long inode(FileDescriptor descriptor) {
        Pointer statx = statx(descriptor.number(), "");
        return statx == null ? -1 : inode(statx);
    }

    private static long inode(Pointer statx) {
        return statx.getLong(LibC.STATX_INO_OFFSET);
    }

    /** On the file system of namespaces: an inode number alone can be that of anything, and a file of FUSE answers to any ioctl. */
    private static boolean isNamespace(Pointer statx) {
        return statx.getLong(LibC.STATX_DEV_OFFSET) == Nsfs.DEVICE;
    }

    private static Pointer statx(int directory, String path) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        Pointer file = Memory.allocateDirect(Runtime.getRuntime(LibC.get()), name.length + 1);
        file.put(0, name, 0, name.length);
        file.putByte(name.length, (byte) 0);
        Pointer buffer = Memory.allocateDirect(Runtime.getRuntime(LibC.get()), STATX_SIZE);
        int flags = LibC.AT_NO_AUTOMOUNT | (name.length == 0 ? LibC.AT_EMPTY_PATH : 0);
        return LibC.get().statx(directory, file, flags, LibC.STATX_INO, buffer) == 0 ? buffer : null;
    }

    /** Asked once: there is one such file system. */
    private static final class Nsfs {

        /** Major and minor number as they stand in struct statx. */
        private static final long DEVICE = device();

        private static long device() {
            Pointer statx = statx(LibC.AT_FDCWD, "/proc/self/ns/mnt");
            if (statx == null) {
                throw new KernelException("read", "/proc/self/ns/mnt", LibC.errno(), "");
            }
            return statx.getLong(LibC.STATX_DEV_OFFSET);
        }
    }
}
