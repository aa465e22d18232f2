package io.netyard.lab;

import io.netyard.api.RequestException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The right to change one lab, among all processes of a machine: an advisory lock of the kernel (fcntl(2), F_SETLK) on a file that is there
 * as long as somebody has it. It ends with the process that has it, however that ends.
 *
 * <p>A process gives such a lock up when it closes <em>any</em> descriptor of the file. So the file is opened only when the kernel says that
 * nobody has it, this process included.
 */
final class ProcessLock implements AutoCloseable {

    /** One line for each lock: see proc_locks(5). */
    private static final Path LOCKS = Path.of("/proc/locks");

    private static final Pattern LOCK =
            Pattern.compile("\\d+: POSIX +ADVISORY +WRITE +(-?\\d+) ([0-9a-f]+):([0-9a-f]+):(\\d+) .*");

    /** The file may go, and its directory, between two steps that it takes to get the lock; each time somebody else had it. */
    private static final int ATTEMPTS = 100;

    private final Path file;
    private final FileChannel channel;

    private ProcessLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * @param file is made, with its directory, and both go when the lock is given back
     * @throws RequestException if somebody has it, with his pid
     */
    static ProcessLock acquire(Path file, String lab) {
        synchronized (ProcessLock.class) {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                try {
                    Files.createDirectories(file.getParent());
                    requireFree(file, lab);
                    FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    if (isLocked(channel)
                            && holder(file)
                                    .equals(OptionalLong.of(
                                            ProcessHandle.current().pid()))) {
                        return new ProcessLock(file, channel);
                    }
                    // Another process was faster, or has just removed the file.
                    channel.close();
                } catch (NoSuchFileException e) {
                    // The directory has gone with somebody else's lock.
                } catch (IOException e) {
                    throw new RequestException("%s: %s".formatted(file, e), e);
                }
            }
            throw new RequestException("lab %s is being changed by others all the time: try again".formatted(lab));
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void requireFree(Path file, String lab) throws IOException {
        OptionalLong holder = holder(file);
        if (holder.isPresent()) {
            throw new RequestException(
                    "lab %s is being changed by process %d, another Netyard of this machine: try again when that is done"
                            .formatted(lab, holder.getAsLong()));
        }
    }

    /** The process that has the lock of the file which is now at this path. */
    private static OptionalLong holder(Path file) throws IOException {
        long device;
        long inode;
        try {
            device = (Long) Files.getAttribute(file, "unix:dev");
            inode = (Long) Files.getAttribute(file, "unix:ino");
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
        for (String line : Files.readAllLines(LOCKS)) {
            Matcher lock = LOCK.matcher(line);
            if (lock.matches()
                    && Long.parseLong(lock.group(2), 16) == major(device)
                    && Long.parseLong(lock.group(3), 16) == minor(device)
                    && Long.parseLong(lock.group(4)) == inode) {
                return OptionalLong.of(Long.parseLong(lock.group(1)));
            }
        }
        return OptionalLong.empty();
    }

    // The C library's encoding of a dev_t (gnu_dev_major and gnu_dev_minor, makedev(3)).

    private static long major(long device) {
        return device >>> 8 & 0xfff | device >>> 32 & ~0xfffL;
    }

    private static long minor(long device) {
        return device & 0xff | device >>> 12 & ~0xffL;
    }

    @Override
    public void close() {
        try {
            // First the file: who opens it from now on opens another one.
            Files.deleteIfExists(file);
            channel.close();
            for (Path directory : List.of(file.getParent(), file.getParent().getParent())) {
                Files.deleteIfExists(directory);
            }
        } catch (DirectoryNotEmptyException e) {
            // There is something else in it.
        } catch (IOException e) {
            throw new RequestException("%s: %s".formatted(file, e), e);
        }
    }
}
