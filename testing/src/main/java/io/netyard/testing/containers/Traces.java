package io.netyard.testing.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What runtimes leave behind on purpose: control groups that they reuse, directories in /run. What was not there before a container was made
 * is removed after it; if somebody else has begun to use it meanwhile, the kernel refuses and it stays.
 */
final class Traces {

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private final Path below;
    private final Set<Path> before;

    private Traces(Path below) {
        this.below = below;
        this.before = now(below);
    }

    /** Of control groups, in all hierarchies. */
    static Traces ofCgroups() {
        return new Traces(CGROUPS);
    }

    static Traces of(Path below) {
        return new Traces(below);
    }

    /** Of control groups, only the directories: their own files go with them. */
    void removeNew(String... namePrefixes) {
        List<Path> now = new ArrayList<>(now(below));
        now.sort(Comparator.reverseOrder());
        for (Path path : now) {
            boolean meant =
                    Stream.of(namePrefixes).anyMatch(prefix -> ("/" + below.relativize(path)).contains("/" + prefix));
            if (meant && !before.contains(path)) {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    // In use by somebody else.
                }
            }
        }
    }

    private static Set<Path> now(Path below) {
        Set<Path> found = new TreeSet<>();
        if (!Files.isDirectory(below)) {
            return found;
        }
        try (Stream<Path> all = Files.walk(below)) {
            all.filter(path -> !below.equals(CGROUPS) || Files.isDirectory(path))
                    .forEach(found::add);
            return found;
        } catch (UncheckedIOException | IOException e) {
            // Something has just gone; what was seen is enough to go by.
            return found;
        }
    }
}
