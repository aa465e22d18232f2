package io.netyard.netns;

import io.netyard.api.RequestException;
import io.netyard.api.netns.NetnsSpec;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Where Netyard keeps what must outlive the JVM but not the boot. It exists only while there is something in it.
 *
 * @param root {@code /run/netyard}, which is a tmpfs on every current distribution
 */
record StateDirectory(Path root) {

    static final StateDirectory DEFAULT = new StateDirectory(Path.of("/run/netyard"));

    /** No node's name begins so. */
    private static final String DRAFT = ".";

    /** In each file: the run of the machine that it speaks of. */
    private static final String BOOT = "boot";

    /** Stands for "no lab" as a directory's name; no lab can be called so. */
    private static final String NO_LAB = "-";

    /** Making a namespace takes milliseconds. */
    static final Duration BEING_MADE = Duration.ofMinutes(1);

    /** {@code ROOT/KIND/LAB/NODE}. */
    Path of(String kind, NetnsSpec spec) {
        return root.resolve(kind).resolve(spec.lab().orElse(NO_LAB)).resolve(spec.name());
    }

    /** The lab and node that {@code ROOT/KIND/LAB/NODE} stands for; empty if it is none of ours. */
    Optional<NetnsSpec> spec(String kind, Path directory, String holder) {
        Path under = root.resolve(kind);
        if (!directory.startsWith(under) || directory.getNameCount() != under.getNameCount() + 2) {
            return Optional.empty();
        }
        return spec(
                directory.getParent().getFileName().toString(),
                directory.getFileName().toString(),
                holder);
    }

    static Optional<NetnsSpec> spec(String lab, String node, String holder) {
        try {
            return Optional.of(new NetnsSpec(node, lab.equals(NO_LAB) ? Optional.empty() : Optional.of(lab), holder));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static String lab(NetnsSpec spec) {
        return spec.lab().orElse(NO_LAB);
    }

    /** All {@code ROOT/KIND/LAB/NODE}. */
    List<Path> nodes(String kind) {
        return children(root.resolve(kind)).stream()
                .flatMap(lab -> children(lab).stream())
                .toList();
    }

    /** Sorted by name; none if it is not there. */
    static List<Path> children(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            throw new RequestException(directory + ": cannot be read (" + e.getMessage() + ")", e);
        }
        Collections.sort(found);
        return found;
    }

    /** Makes it and its parents. Somebody else's {@link #clean} may take a parent away in between, hence more than once. */
    Path make(Path directory) {
        for (int attempt = 1; ; attempt++) {
            try {
                return Files.createDirectories(directory);
            } catch (IOException e) {
                if (attempt == 5) {
                    throw new RequestException(directory + ": cannot be made (" + e + ")", e);
                }
            }
        }
    }

    /** Writes a small file at one stroke, and makes its directory: whoever reads it meanwhile sees what was there before. */
    void write(Path file, Properties properties) {
        Properties marked = new Properties();
        marked.putAll(properties);
        marked.setProperty(BOOT, Boot.current());
        make(file.getParent());
        Path draft = draft(file);
        try {
            try (Writer writer = Files.newBufferedWriter(draft)) {
                marked.store(writer, null);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be written (" + e + ")", e);
        }
    }

    /**
     * What {@link #write} has written; empty if it is gone this moment, if it is none of ours, or if it speaks of an earlier run of the
     * machine, of which no process and no mount is left.
     */
    static Optional<Properties> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            // Without one an earlier version has written it.
            Object boot = properties.remove(BOOT);
            return boot == null || boot.equals(Boot.current()) ? Optional.of(properties) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Removes a file, and the draft of it that a JVM has left that was killed while it wrote. Idempotent. */
    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(draft(file));
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be removed (" + e + ")", e);
        }
    }

    /** Whether it is something half-written, and no entry. */
    static boolean isDraft(Path file) {
        return file.getFileName().toString().startsWith(DRAFT);
    }

    private static Path draft(Path file) {
        return file.resolveSibling(DRAFT + file.getFileName());
    }

    /** Whether {@code ROOT/KIND/LAB/NODE} is of this lab. */
    static boolean isOf(String lab, Path node) {
        return node.getParent().getFileName().toString().equals(lab);
    }

    /**
     * True if nobody has put anything into it or taken anything out for a while: what is half-made there is what a JVM left that was
     * killed, and not what another one is making.
     */
    static boolean isAbandoned(Path directory) {
        try {
            return Files.getLastModifiedTime(directory)
                    .toInstant()
                    .isBefore(Instant.now().minus(BEING_MADE));
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes {@code directory} and its parents up to and including the root, as far as they are empty. */
    void clean(Path directory) {
        for (Path at = directory; at.startsWith(root); at = at.getParent()) {
            try {
                Files.deleteIfExists(at);
            } catch (DirectoryNotEmptyException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
