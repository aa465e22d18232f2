package io.netyard.netns;

import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.NetnsSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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
                .filter(lab -> !of(lab).isEmpty())
                .toList();
    }

    synchronized void put(Entry entry) {
        Path file = file(entry.lab(), entry.node());
        Properties properties = new Properties();
        entry.anchor().write(properties);
        properties.setProperty("what", entry.what().toString());
        properties.setProperty("since", entry.since().toString());
        properties.setProperty("times", Integer.toString(entry.times()));
        state.write(file, properties);
    }

    synchronized void remove(String lab, String node) {
        Path file = file(lab, node);
        StateDirectory.delete(file);
        state.clean(file.getParent());
    }

    private Path file(String lab, String node) {
        return state.of(KIND, new NetnsSpec(node, Optional.of(lab), "-"));
    }

    /** Empty for drafts, for what is gone this moment, and for what is not ours. */
    private Optional<Entry> read(Path file) {
        return state.spec(KIND, file, "-").flatMap(spec -> spec.lab()
                .flatMap(lab -> StateDirectory.read(file).flatMap(properties -> entry(lab, spec.name(), properties))));
    }

    private static Optional<Entry> entry(String lab, String node, Properties properties) {
        try {
            Instant since = Instant.parse(properties.getProperty("since", ""));
            int times = Integer.parseInt(properties.getProperty("times", ""));
            return ForeignNamespace.parse(properties.getProperty("what", "")).flatMap(what -> Anchor.read(properties)
                    .map(anchor -> new Entry(lab, node, what, anchor, since, times)));
        } catch (DateTimeParseException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
