package io.netyard.netns;

import io.netyard.api.NetnsRef;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/** What a foreign namespace hangs on, with its inode: pids and file names are used again, this cannot come to mean another namespace. */
sealed interface Anchor permits Attachment, MountedNamespace {

    /** Inode of the network namespace. */
    long inode();

    /** Whether it still is what it was. */
    boolean isValid();

    NetnsRef ref();

    /** The process, if it hangs on one. */
    OptionalLong process();

    /** Writes it down, for {@link #read}. */
    void write(Properties properties);

    /** Empty if that is not what {@link #write} has written. */
    static Optional<Anchor> read(Properties properties) {
        try {
            long inode = Long.parseLong(properties.getProperty("inode", ""));
            String path = properties.getProperty("path");
            return Optional.of(
                    path != null
                            ? new MountedNamespace(
                                    Path.of(path), inode, Instant.parse(properties.getProperty("made", "")))
                            : new Attachment(
                                    Long.parseLong(properties.getProperty("pid", "")),
                                    Long.parseLong(properties.getProperty("start", "")),
                                    inode));
        } catch (NumberFormatException | InvalidPathException | DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
