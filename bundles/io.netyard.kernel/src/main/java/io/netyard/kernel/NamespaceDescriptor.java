package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.NamespaceId;
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

    /** Whether it belongs to {@link KeptNamespaces}, and who uses it does not close it. */
    private volatile boolean isKept;

    private NamespaceDescriptor(FileDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens it, or gives the one that the calling thread {@link KeptNamespaces keeps}.
     *
     * @throws RequestException if the reference does not lead to that namespace any more
     * @throws KernelException if the kernel refuses to open it
     */
    public static NamespaceDescriptor open(NetnsRef where) {
        return KeptNamespaces.current()
                .map(kept -> kept.descriptor(where, () -> openAnew(where)))
                .orElseGet(() -> openAnew(where));
    }

    private static NamespaceDescriptor openAnew(NetnsRef where) {
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

    /**
     * Opens a network namespace by the first of the things that keep it alive through which that can be done, sockets of other processes
     * included.
     *
     * @throws RequestException if none leads to it any more, or none may be used
     */
    public static NamespaceDescriptor open(HostNamespace namespace) {
        for (Holding holding : namespace.holdings()) {
            Optional<NamespaceFile> opened = holding.kind() == Holding.Kind.SOCKET
                    ? ofSocket(namespace.id(), holding.path())
                    : NamespaceFile.open(namespace.id(), holding.path());
            if (opened.isPresent()) {
                return new NamespaceDescriptor(opened.get().descriptor());
            }
        }
        throw new RequestException(namespace.id() + " is gone, or may not be opened");
    }

    private static Optional<NamespaceFile> ofSocket(NamespaceId id, String file) {
        Matcher matcher = OPEN_FILE.matcher(file);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try (ProcReader reader = new ProcReader();
                ProcessDirectory process =
                        reader.process(Long.parseLong(matcher.group(1))).orElse(null)) {
            Optional<NamespaceFile> namespace =
                    process == null ? Optional.empty() : process.socketNamespace(Integer.parseInt(matcher.group(2)), 0);
            if (namespace.isPresent() && !namespace.get().id().equals(id)) {
                namespace.get().close();
                return Optional.empty();
            }
            return namespace;
        }
    }

    /** The number, valid until {@link #close()}. */
    public int number() {
        return descriptor.number();
    }

    NamespaceDescriptor kept() {
        isKept = true;
        return this;
    }

    @Override
    public void close() {
        if (!isKept) {
            end();
        }
    }

    void end() {
        descriptor.close();
    }
}
