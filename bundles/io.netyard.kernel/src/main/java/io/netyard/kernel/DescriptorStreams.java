package io.netyard.kernel;

import io.netyard.kernel.libc.LibC;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Streams over descriptors. close(2) does not wake a thread that reads, so each read waits for its descriptor and for
 * the end of the whole set.
 */
final class DescriptorStreams implements AutoCloseable {

    private final WakeUp ended = new WakeUp();
    private int readers;
    private boolean closed;

    InputStream from(FileDescriptor fd) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, bytes.length);
                if (length == 0) {
                    return 0;
                }
                byte[] buffer = new byte[Math.min(length, 8192)];
                int count = readOnce(fd, buffer);
                if (count <= 0) {
                    // A terminal without a program at its other end answers EIO: that is its end of file.
                    return -1;
                }
                System.arraycopy(buffer, 0, bytes, offset, count);
                return count;
            }
        };
    }

    private int readOnce(FileDescriptor fd, byte[] buffer) {
        synchronized (this) {
            if (closed) {
                return -1;
            }
            readers++;
        }
        try {
            List<Integer> ready =
                    Poll.readable(List.of(fd.number(), ended.descriptor().number()), Duration.ofSeconds(-1));
            return ready.contains(1) ? -1 : (int) LibC.get().read(fd.number(), buffer, buffer.length);
        } finally {
            synchronized (this) {
                readers--;
                notifyAll();
            }
        }
    }

    /** @param ownEnd whether the end of this stream is the end of the descriptor: of a pipe it is, of a terminal not */
    OutputStream to(FileDescriptor fd, boolean ownEnd) {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, bytes.length);
                int sent = 0;
                while (sent < length) {
                    byte[] part = java.util.Arrays.copyOfRange(bytes, offset + sent, offset + length);
                    long count = LibC.get().write(fd.number(), part, part.length);
                    if (count < 0 && LibC.errno() != LibC.EINTR) {
                        throw new IOException("the program does not read any more");
                    }
                    sent += (int) Math.max(0, count);
                }
            }

            @Override
            public void close() {
                if (ownEnd) {
                    fd.close();
                }
            }
        };
    }

    /** Ends all reading; afterwards nobody uses the descriptors any more and they can be closed. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        ended.wake();
        boolean interrupted = false;
        while (readers > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                // Readers leave as soon as they are woken.
                interrupted = true;
            }
        }
        ended.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
