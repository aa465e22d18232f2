package io.netyard.lab.file;

import io.netyard.lab.file.Value.Entry;
import io.netyard.lab.file.Value.Mapping;
import java.util.LinkedHashMap;
import java.util.Map;

/** One value laid over another, as RFC 7396 has it: mappings merge key by key, null deletes a key, anything else replaces. */
final class MergePatch {

    private MergePatch() {}

    /** What remains keeps its order; what is new comes after. Each part keeps the place of who wrote it last. */
    static Value merge(Value target, Value patch) {
        if (!(patch instanceof Mapping overlay)) {
            return patch;
        }
        Map<String, Entry> merged = new LinkedHashMap<>(target instanceof Mapping base ? base.entries() : Map.of());
        overlay.entries().forEach((key, entry) -> {
            if (entry.value().isNull()) {
                merged.remove(key);
            } else {
                Value below = merged.containsKey(key) ? merged.get(key).value() : entry.value();
                merged.put(
                        key,
                        new Entry(entry.keyPosition(), merge(below == entry.value() ? EMPTY : below, entry.value())));
            }
        });
        return new Mapping(merged, overlay.position());
    }

    private static final Mapping EMPTY = new Mapping(Map.of(), Position.WHOLE_FILE);
}
