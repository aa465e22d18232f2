package io.netyard.netns;

import io.netyard.api.RequestException;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The names that users have given to foreign namespaces: one small file each, {@code /run/netyard/attached/NAME}. A name is
 * valid as long as the very process it was given by lives and stays in that namespace: pid, start time and inode must
 * match, so a pid that is used again cannot bring somebody else's namespace under the name.
 */
final class Attachments {

    private final StateDirectory state;
    private final Path directory;

    Attachments(StateDirectory state) {
        this.state = state;
        this.directory = state.root().resolve("attached");
    }

    /** Those that are valid now, by name. */
    Map<String, Attachment> all() {
        Map<String, Attachment> found = new TreeMap<>();
        for (Path file : files()) {
            read(file)
                    .filter(Attachment::isValid)
                    .ifPresent(attachment ->
                            found.put(Objects.requireNonNull(file.getFileName()).toString(), attachment));
        }
        return found;
    }

    synchronized void put(String name, Attachment attachment) {
        forgetInvalid();
        Properties properties = new Properties();
        attachment.write(properties);
        state.make(directory);
        // A node's name never starts with a dot.
        Path draft = directory.resolve("." + name);
        try {
            try (Writer writer = Files.newBufferedWriter(draft)) {
                properties.store(writer, null);
            }
            Files.move(draft, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new RequestException(directory + ": cannot be written (" + e + ")", e);
        }
    }

    synchronized void remove(String name) {
        delete(directory.resolve(name));
        forgetInvalid();
        state.clean(directory);
    }

    /** Drafts too: one that is there now was left by a JVM that was killed. */
    private void forgetInvalid() {
        StateDirectory.children(directory).stream()
                .filter(file ->
                        isDraft(file) || read(file).filter(Attachment::isValid).isEmpty())
                .forEach(Attachments::delete);
    }

    private List<Path> files() {
        return StateDirectory.children(directory).stream()
                .filter(file -> !isDraft(file))
                .toList();
    }

    private static boolean isDraft(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    private static Optional<Attachment> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return Anchor.read(properties).filter(Attachment.class::isInstance).map(Attachment.class::cast);
        } catch (IOException | IllegalArgumentException e) {
            // Gone this moment, or not written by us.
            return Optional.empty();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be removed (" + e + ")", e);
        }
    }
}
