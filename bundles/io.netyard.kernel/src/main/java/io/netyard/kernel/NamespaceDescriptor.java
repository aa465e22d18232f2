package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.kernel.libc.LibC;
import java.nio.file.Path;

/**
 * An open file descriptor of a network namespace, to name it in a netlink request (IFLA_NET_NS_FD, NETNSA_FD). Keeps the namespace
 * alive, so close it soon. Safe for use from several threads.
 */
public final class NamespaceDescriptor implements AutoCloseable {

    private final FileDescriptor descriptor;

    private NamespaceDescriptor(FileDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * @throws RequestException if the reference does not lead to that namespace any more
     * @throws KernelException if the kernel refuses to open it
     */
    public static NamespaceDescriptor open(NetnsRef where) {
        FileDescriptor descriptor;
        try {
            descriptor = FileDescriptor.open(where.net().toString(), LibC.O_RDONLY);
        } catch (KernelException e) {
            if (e.isAbsent()) {
                throw new RequestException("%s is gone: %s does not exist".formatted(where, where.net()), e);
            }
            throw e;
        }
        try {
            // Checked on the descriptor: the path may come to mean another namespace at any moment.
            if (NamespaceThread.inode(Path.of("/proc/self/fd/" + descriptor.number())) != where.inode()) {
                throw new RequestException("%s does not lead to %s any more".formatted(where.net(), where));
            }
        } catch (RequestException e) {
            descriptor.close();
            throw e;
        }
        return new NamespaceDescriptor(descriptor);
    }

    /** The number, valid until {@link #close()}. */
    public int number() {
        return descriptor.number();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
