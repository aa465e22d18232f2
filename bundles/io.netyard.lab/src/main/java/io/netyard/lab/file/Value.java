package io.netyard.lab.file;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What YAML text says, with the place of each of its parts. */
sealed interface Value {

    Mapping EMPTY = new Mapping(Map.of(), Position.WHOLE_FILE);

    Position position();

    /** How many values it consists of, all that aliases repeat counted again. */
    long size();

    default boolean isNull() {
        return false;
    }

    /** What it is, in an error message. */
    String kind();

    /** @param plain written without quotes, so that it may be a number, true, false or null */
    record Scalar(String text, boolean plain, Position position) implements Value {

        private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

        @Override
        public boolean isNull() {
            return plain && NULLS.contains(text);
        }

        @Override
        public long size() {
            return 1;
        }

        @Override
        public String kind() {
            return isNull() ? "nothing" : "a single value";
        }
    }

    record Sequence(List<Value> items, Position position, long size) implements Value {

        Sequence(List<Value> items, Position position) {
            this(
                    List.copyOf(items),
                    position,
                    1 + items.stream().mapToLong(Value::size).sum());
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    record Mapping(Map<String, Entry> entries, Position position, long size) implements Value {

        Mapping(Map<String, Entry> entries, Position position) {
            this(
                    Collections.unmodifiableMap(new LinkedHashMap<>(entries)),
                    position,
                    1
                            + entries.values().stream()
                                    .mapToLong(entry -> entry.value().size())
                                    .sum());
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** @param keyPosition of the key */
    record Entry(Position keyPosition, Value value) {}
}
