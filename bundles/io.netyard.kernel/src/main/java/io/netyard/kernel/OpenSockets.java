package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.api.RequestException;
import io.netyard.kernel.libc.LibC;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sockets that other processes have open: their files in /proc cannot be opened, but their descriptors can be copied (pidfd_getfd(2)). */
final class OpenSockets {

    private static final Pattern FILE = Pattern.compile("/proc/(\\d{1,9})/fd/(\\d{1,9})");

    private OpenSockets() {}

    /**
     * A new descriptor of the network namespace that a socket belongs to.
     *
     * @param file {@code /proc/PID/fd/NUMBER}
     * @throws RequestException if that is gone, or something else by now
     * @throws KernelException if the kernel does not allow it
     */
    static FileDescriptor namespaceOf(String file) {
        Matcher matcher = FILE.matcher(file);
        if (!matcher.matches()) {
            throw new RequestException(file + " is not a descriptor of a process");
        }
        LibC c = LibC.get();
        try (FileDescriptor process =
                        opened(c.syscall(LibC.SYS_PIDFD_OPEN, Long.parseLong(matcher.group(1)), 0, 0, 0), file);
                FileDescriptor socket = opened(
                        c.syscall(LibC.SYS_PIDFD_GETFD, process.number(), Long.parseLong(matcher.group(2)), 0, 0),
                        file)) {
            return opened(c.ioctl(socket.number(), LibC.SIOCGSKNS, null), file);
        }
    }

    private static FileDescriptor opened(long number, String file) {
        if (number >= 0) {
            return new FileDescriptor((int) number);
        }
        int errno = LibC.errno();
        if (errno == LibC.EPERM || errno == LibC.EMFILE) {
            throw new KernelException("reach the network namespace of the socket", file, errno, "");
        }
        throw new RequestException(file + " is not an open socket any more");
    }
}
