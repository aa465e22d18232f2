package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.kernel.libc.LibC;

/** A pipe to oneself: wakes a thread that waits in poll(2). */
final class WakeUp implements AutoCloseable {

    private final FileDescriptor read;
    private final FileDescriptor write;

    WakeUp() {
        int[] pipe = new int[2];
        if (LibC.get().pipe2(pipe, LibC.O_CLOEXEC | LibC.SOCK_NONBLOCK) != 0) {
            throw new KernelException("open", "pipe", LibC.errno(), "");
        }
        read = new FileDescriptor(pipe[0]);
        write = new FileDescriptor(pipe[1]);
    }

    /** The descriptor to poll. */
    FileDescriptor descriptor() {
        return read;
    }

    /** Wakes, now or at the next poll. A full pipe wakes as well as one more byte would. */
    void wake() {
        LibC.get().write(write.number(), new byte[1], 1);
    }

    void drain() {
        byte[] bytes = new byte[64];
        while (LibC.get().read(read.number(), bytes, bytes.length) == bytes.length) {
            // There may be more.
            continue;
        }
    }

    @Override
    public void close() {
        write.close();
        read.close();
    }
}
