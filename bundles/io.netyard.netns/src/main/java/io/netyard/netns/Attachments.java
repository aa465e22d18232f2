package io.netyard.netns;

import java.nio.file.Path;
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
        state.write(directory.resolve(name), properties);
    }

    synchronized void remove(String name) {
        StateDirectory.delete(directory.resolve(name));
        forgetInvalid();
        state.clean(directory);
    }

    /** Drafts too: one that is there now was left by a JVM that was killed. */
    private void forgetInvalid() {
        StateDirectory.children(directory).stream()
                .filter(file -> StateDirectory.isDraft(file)
                        || read(file).filter(Attachment::isValid).isEmpty())
                .forEach(StateDirectory::delete);
    }

    private List<Path> files() {
        return StateDirectory.children(directory).stream()
                .filter(file -> !StateDirectory.isDraft(file))
                .toList();
    }

    private static Optional<Attachment> read(Path file) {
        return StateDirectory.read(file)
                .flatMap(Anchor::read)
                .filter(Attachment.class::isInstance)
                .map(Attachment.class::cast);
    }
}
