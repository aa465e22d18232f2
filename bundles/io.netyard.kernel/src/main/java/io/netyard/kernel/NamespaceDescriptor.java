package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.kernel.libc.LibC;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An open file descriptor of a network namespace, to name it in a netlink request (IFLA_NET_NS_FD, NETNSA_FD). Keeps the namespace
 * alive, so close it soon. Safe for use from several threads.
 */
public final class NamespaceDescriptor implements AutoCloseable {

    private static final Pattern OPEN_FILE = Pattern.compile("/proc/(\\d{1,9})/fd/(\\d{1,9})");

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
        return checked(descriptor, where.net().toString(), where.inode());
    }

    /** Checked on the descriptor: the path may come to mean another namespace at any moment. */
    private static NamespaceDescriptor checked(FileDescriptor descriptor, String path, long inode) {
        try {
            if (NamespaceThread.inode(Path.of("/proc/self/fd/" + descriptor.number())) != inode) {
                throw new RequestException("%s does not lead to net:[%d] any more".formatted(path, inode));
            }
        } catch (RequestException e) {
            descriptor.close();
            throw e;
        }
        return new NamespaceDescriptor(descriptor);
    }

    /**
     * Opens a network namespace by the first of the things that keep it alive through which that can be done, sockets of other processes
     * included.
     *
     * @throws RequestException if none leads to it any more
     * @throws KernelException if the kernel refuses to open it
     */
    public static NamespaceDescriptor open(HostNamespace namespace) {
        NetyardException failure = null;
        for (Holding holding : namespace.holdings()) {
            try {
                if (holding.kind() == Holding.Kind.SOCKET) {
                    return checked(
                            ofSocket(holding.path()),
                            holding.path(),
                            namespace.id().inode());
                }
                if (!holding.path().isEmpty()) {
                    return open(new NetnsRef(namespace.id().inode(), Path.of(holding.path()), Optional.empty()));
                }
            } catch (NetyardException e) {
                // What is not allowed says more than what has gone.
                if (!(failure instanceof KernelException earlier) || earlier.isAbsent()) {
                    failure = e;
                }
            }
        }
        throw failure != null
                ? failure
                : new RequestException(namespace.id() + " cannot be opened by anything that keeps it alive");
    }

    private static FileDescriptor ofSocket(String file) {
        Matcher matcher = OPEN_FILE.matcher(file);
        if (matcher.matches()) {
            try (ProcReader reader = new ProcReader();
                    ProcessDirectory process =
                            reader.process(Long.parseLong(matcher.group(1))).orElse(null)) {
                Optional<NamespaceFile> namespace = process == null
                        ? Optional.empty()
                        : process.socketNamespace(Integer.parseInt(matcher.group(2)), 0);
                if (namespace.isPresent()) {
                    return namespace.get().descriptor();
                }
            }
        }
        throw new RequestException(file + " is not an open socket any more");
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
