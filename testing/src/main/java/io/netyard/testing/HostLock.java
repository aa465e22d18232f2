package io.netyard.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Lets one class of live tests at a time run on a host, whatever JVM it is in: only so can what it leaves behind be told from
 * what others are doing. A wish and not a guarantee: after some minutes it goes on without.
 */
final class HostLock {

    private static final Path FILE = Path.of("/run/lock/netyard-live-tests");
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final long PAUSE_MILLIS = 50;

    private static FileChannel channel;
    private static FileLock lock;

    private HostLock() {}

    static synchronized void acquire() {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try {
            Files.createDirectories(FILE.getParent());
            channel = FileChannel.open(FILE, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            while (lock == null && System.nanoTime() < deadline) {
                lock = tryLock();
                if (lock == null) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (IOException e) {
            // Without the lock, then.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static synchronized void release() {
        try {
            if (lock != null) {
                lock.release();
                lock = null;
            }
            if (channel != null) {
                channel.close();
                channel = null;
            }
        } catch (IOException e) {
            // It ends with the JVM.
        }
    }

    private static FileLock tryLock() throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
