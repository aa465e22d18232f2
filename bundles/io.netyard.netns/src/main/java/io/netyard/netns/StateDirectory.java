package io.netyard.netns;

import io.netyard.api.RequestException;
import io.netyard.api.netns.NetnsSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Where Netyard keeps what must outlive the JVM but not the boot. It exists only while there is something in it.
 *
 * @param root {@code /run/netyard}, which is a tmpfs on every current distribution
 */
record StateDirectory(Path root) {

    static final StateDirectory DEFAULT = new StateDirectory(Path.of("/run/netyard"));

    /** Stands for "no lab" as a directory's name; no lab can be called so. */
    private static final String NO_LAB = "-";

    /** Making a namespace takes milliseconds. */
    private static final Duration BEING_MADE = Duration.ofMinutes(1);

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
