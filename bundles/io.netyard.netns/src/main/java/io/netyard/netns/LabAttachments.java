package io.netyard.netns;

import io.netyard.api.RequestException;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.NetnsSpec;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The foreign namespaces that labs use as nodes: one small file each, {@code /run/netyard/lab-attachments/LAB/NODE}. Unlike the names that
 * users give they are kept when the namespace has ended: that it is missing is something to be told, and a pid must not be taken up anew.
 */
final class LabAttachments {

    private static final String KIND = "lab-attachments";

    /** As {@link io.netyard.api.netns.ForeignNamespaces.Attachment}. */
    record Entry(String lab, String node, ForeignNamespace what, Anchor anchor, Instant since, int times) {}

    private final StateDirectory state;

    LabAttachments(StateDirectory state) {
        this.state = state;
    }

    /** By lab and node. */
    List<Entry> all() {
        return state.nodes(KIND).stream().flatMap(file -> read(file).stream()).toList();
    }

    List<Entry> of(String lab) {
        return StateDirectory.children(state.root().resolve(KIND).resolve(lab)).stream()
                .flatMap(file -> read(file).stream())
                .toList();
    }

    List<String> labs() {
        return StateDirectory.children(state.root().resolve(KIND)).stream()
                .map(directory -> directory.getFileName().toString())
                .toList();
    }

    synchronized void put(Entry entry) {
        Path file = file(entry.lab(), entry.node());
        Properties properties = new Properties();
        entry.anchor().write(properties);
        properties.setProperty("what", entry.what().toString());
        properties.setProperty("since", entry.since().toString());
        properties.setProperty("times", Integer.toString(entry.times()));
        state.make(file.getParent());
        // A node's name never starts with a dot.
        Path draft = file.resolveSibling("." + entry.node());
        try {
            try (Writer writer = Files.newBufferedWriter(draft)) {
                properties.store(writer, null);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be written (" + e + ")", e);
        }
    }

    synchronized void remove(String lab, String node) {
        Path file = file(lab, node);
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.resolveSibling("." + node));
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be removed (" + e + ")", e);
        }
        state.clean(file.getParent());
    }

    private Path file(String lab, String node) {
        return state.of(KIND, new NetnsSpec(node, Optional.of(lab), "-"));
    }

    /** Empty for drafts, for what is gone this moment, and for what is not ours. */
    private Optional<Entry> read(Path file) {
        Optional<NetnsSpec> spec = state.spec(KIND, file, "-");
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            Instant since = Instant.parse(properties.getProperty("since", ""));
            int times = Integer.parseInt(properties.getProperty("times", ""));
            return spec.flatMap(name -> ForeignNamespace.parse(properties.getProperty("what", ""))
                    .flatMap(what -> Anchor.read(properties)
                            .map(anchor ->
                                    new Entry(name.lab().orElseThrow(), name.name(), what, anchor, since, times))));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
