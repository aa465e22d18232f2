package io.netyard.lab;

import io.netyard.api.RequestException;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.lab.file.LabFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What has to be known about labs when the JVM that made them is gone: for each a directory with the file
 * {@code settled}, which says what it is, and, while a change is under way, {@code changing}, which says what it is to become. Each is
 * written at one stroke. It ends with the boot, as the labs do.
 */
final class LabStore {

    static final Path DEFAULT = Path.of("/run/netyard/labs");

    private static final String SETTLED = "settled";
    private static final String CHANGING = "changing";
    private static final String NO_STAGE = "-";

    /** In {@code changing}: the lab is being destroyed. */
    private static final String DESTROY = "destroy\n";

    /** A lab file at one of its stages. */
    record Entry(LabFile file, Optional<String> stage) {}

    private final Path root;

    LabStore(Path root) {
        this.root = root;
    }

    List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> labs = Files.newDirectoryStream(root)) {
            labs.forEach(lab -> names.add(lab.getFileName().toString()));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            throw failed(root, e);
        }
        return List.copyOf(names);
    }

    Optional<Entry> settled(String lab) {
        return read(lab, SETTLED).map(LabStore::parse);
    }

    boolean isChanging(String lab) {
        return read(lab, CHANGING).isPresent();
    }

    /** What an unfinished change was to lead to; empty if the lab was being destroyed. */
    Optional<Entry> changing(String lab) {
        return read(lab, CHANGING).filter(text -> !text.equals(DESTROY)).map(LabStore::parse);
    }

    void begin(String lab, Entry target) {
        write(lab, CHANGING, text(target));
    }

    void beginDestroying(String lab) {
        write(lab, CHANGING, DESTROY);
    }

    /** The change has succeeded. */
    void settle(String lab, Entry entry) {
        write(lab, SETTLED, text(entry));
        delete(lab, CHANGING);
    }

    /** The change has not taken place. */
    void abort(String lab) {
        delete(lab, CHANGING);
        tidy(lab);
    }

    void forget(String lab) {
        delete(lab, SETTLED);
        delete(lab, CHANGING);
        tidy(lab);
    }

    private static String text(Entry entry) {
        return "%s\n%s\n%s"
                .formatted(
                        entry.file().file().toAbsolutePath().toUri(),
                        entry.stage().orElse(NO_STAGE),
                        entry.file().text());
    }

    private static Entry parse(String text) {
        String[] parts = text.split("\n", 3);
        Optional<String> stage = Optional.of(parts[1]).filter(name -> !name.equals(NO_STAGE));
        return new Entry(LabFile.parse(parts[2], Path.of(URI.create(parts[0]))), stage);
    }

    private Optional<String> read(String lab, String name) {
        Path file = directory(lab).resolve(name);
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException | java.nio.file.NotDirectoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private void write(String lab, String name, String text) {
        Path directory = directory(lab);
        Path part = directory.resolve(name + ".part");
        try {
            Files.createDirectories(directory);
            Files.write(part, text.getBytes(StandardCharsets.UTF_8));
            Files.move(part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private void delete(String lab, String name) {
        Path file = directory(lab).resolve(name);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** Removes the directories that hold nothing any more. */
    private void tidy(String lab) {
        delete(lab, SETTLED + ".part");
        delete(lab, CHANGING + ".part");
        for (Path at : List.of(directory(lab), root, root.getParent())) {
            try {
                Files.deleteIfExists(at);
            } catch (DirectoryNotEmptyException e) {
                return;
            } catch (IOException e) {
                throw failed(at, e);
            }
        }
    }

    private Path directory(String lab) {
        try {
            NetnsSpec.requireName("lab", lab);
        } catch (IllegalArgumentException e) {
            throw new RequestException(e.getMessage(), e);
        }
        return root.resolve(lab);
    }

    private static RequestException failed(Path path, Exception e) {
        String reason =
                e instanceof java.nio.file.AccessDeniedException ? "permission denied, needs root" : e.toString();
        return new RequestException("%s: %s".formatted(path, reason), e);
    }
}
