package io.netyard.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files in which runtimes keep what they know, as far as they may be read. JSON is YAML. */
final class JsonFile {

    /** In bytes. Larger ones are not worth the time for a name. */
    private static final long LARGEST = 4 << 20;

    private JsonFile() {}

    /** Maps, lists, strings, numbers; empty if there is no such file or it is none of JSON. */
    static Optional<Object> read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            LoadSettings settings =
                    LoadSettings.builder().setCodePointLimit((int) LARGEST).build();
            return Optional.ofNullable(new Load(settings).loadFromString(Files.readString(file)));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** A member of an object, if it is a string. */
    static Optional<String> string(Object object, String key) {
        return object instanceof Map<?, ?> map && map.get(key) instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }

    /** The first of a list of strings that is a member of an object. */
    static Optional<String> first(Object object, String key) {
        return object instanceof Map<?, ?> map
                        && map.get(key) instanceof List<?> list
                        && !list.isEmpty()
                        && list.get(0) instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }
}
