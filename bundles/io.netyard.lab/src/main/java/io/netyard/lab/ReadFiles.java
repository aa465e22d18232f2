package io.netyard.lab;

import io.netyard.lab.LabStore.Entry;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.file.Meaning;
import io.netyard.lab.layer2.Warnings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lab files that were read lately. What a file says follows from its text alone, and is not worked out again as long as that is the same.
 *
 * <p>For any threads.
 */
final class ReadFiles {

    /** How many are remembered. That of a lab with a thousand nodes takes some megabytes. */
    private static final int MOST = 8;

    private record Known(LabFile file, Map<Optional<String>, Warnings> warnings) {}

    private final Map<Path, Known> known = new LinkedHashMap<>(MOST, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Known> eldest) {
            return size() > MOST;
        }
    };

    /** As {@link LabFile#read}. */
    LabFile read(Path file) {
        return parse(LabFile.textOf(file), file);
    }

    /** As {@link LabFile#parse}. */
    LabFile parse(String text, Path file) {
        synchronized (known) {
            Known before = known.get(file);
            if (before != null && before.file().text().equals(text)) {
                return before.file();
            }
        }
        LabFile parsed = LabFile.parse(text, file);
        synchronized (known) {
            known.put(file, new Known(parsed, new LinkedHashMap<>()));
        }
        return parsed;
    }

    /** What is dangerous about a file at one of its stages. */
    Warnings warnings(Entry entry) {
        synchronized (known) {
            Known file = known.get(entry.file().file());
            if (file != null && file.file() == entry.file() && file.warnings().containsKey(entry.stage())) {
                return file.warnings().get(entry.stage());
            }
        }
        Meaning meaning = entry.meaning();
        Warnings warnings = Warnings.of(meaning.network(), meaning.description());
        synchronized (known) {
            Known file = known.get(entry.file().file());
            if (file != null && file.file() == entry.file()) {
                file.warnings().put(entry.stage(), warnings);
            }
        }
        return warnings;
    }
}
