package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.kernel.libc.LibC;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor, closed once. Safe for use from several threads. */
final class FileDescriptor implements AutoCloseable {

    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    FileDescriptor(int number) {
        this.number = number;
    }

    /** Opens with O_CLOEXEC. */
    static FileDescriptor open(String path, int flags) {
        int fd = LibC.get().open(path, flags | LibC.O_CLOEXEC);
        if (fd < 0) {
            throw new KernelException("open", path, LibC.errno(), "");
        }
        return new FileDescriptor(fd);
    }

    int number() {
        if (closed.get()) {
            throw new IllegalStateException("file descriptor used after it was closed");
        }
        return number;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            // EINTR or not, Linux has freed the number: never close it twice.
            LibC.get().close(number);
        }
    }
}
