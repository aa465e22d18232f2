package io.netyard.lab.file;

import io.netyard.api.Text;
import io.netyard.lab.file.Value.Entry;
import io.netyard.lab.file.Value.Mapping;
import io.netyard.lab.file.Value.Scalar;
import io.netyard.lab.file.Value.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One mapping of a lab file, read key by key. What does not fit becomes a problem, and reading goes on without it. */
final class Fields {

    private final Map<String, Entry> entries;
    private final Problems problems;

    /** @param known the keys that have a meaning here; any other is a problem */
    private Fields(Map<String, Entry> entries, Problems problems, List<String> known) {
        this.entries = entries;
        this.problems = problems;
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                problems.add(
                        entry.keyPosition(),
                        "unknown key '%s'; %s".formatted(Text.printable(key), Spelling.hint(key, known)));
            }
        });
    }

    /** @param what the value is about, for messages: {@code "node netns1"}; nothing at all reads as an empty mapping */
    static Fields of(Value value, String what, Problems problems, String... known) {
        return new Fields(entries(value, what, problems), problems, List.of(known));
    }

    /** The entries of a mapping; anything else but nothing at all is a problem. */
    static Map<String, Entry> entries(Value value, String what, Problems problems) {
        if (value instanceof Mapping mapping) {
            return mapping.entries();
        }
        if (!value.isNull()) {
            problems.add(value.position(), "%s must be a mapping (key: value), not %s".formatted(what, value.kind()));
        }
        return Map.of();
    }

    boolean has(String key) {
        return given(key).isPresent();
    }

    /** The value of a key; empty if the key is missing or has no value. */
    Optional<Value> given(String key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::value).filter(value -> !value.isNull());
    }

    /** The place of the key, else of {@code otherwise}. */
    Position keyPosition(String key, Position otherwise) {
        return Optional.ofNullable(entries.get(key)).map(Entry::keyPosition).orElse(otherwise);
    }

    /** The entries of a mapping whose keys are names. */
    Map<String, Entry> named(String key) {
        return given(key).map(value -> entries(value, key, problems)).orElse(Map.of());
    }

    /** The entries of a value that is a mapping whose keys are names. */
    Map<String, Entry> named(Value value, String what) {
        return entries(value, what, problems);
    }

    Optional<Boolean> flag(String key) {
        return given(key).flatMap(value -> {
            if (value instanceof Scalar scalar && scalar.plain()) {
                switch (scalar.text()) {
                    case "true", "True", "TRUE":
                        return Optional.of(true);
                    case "false", "False", "FALSE":
                        return Optional.of(false);
                    default:
                }
            }
            problems.add(value.position(), key + " must be true or false");
            return Optional.empty();
        });
    }

    /** A whole number made into what it stands for; the maker refuses with an IllegalArgumentException. */
    <T> Optional<At<T>> number(String key, Function<Integer, T> make) {
        return given(key).flatMap(value -> number(value, key, make));
    }

    <T> Optional<At<T>> number(Value value, String what, Function<Integer, T> make) {
        if (value instanceof Scalar scalar && scalar.plain() && scalar.text().matches("[-+]?\\d{1,9}")) {
            return make(value.position(), Integer.valueOf(scalar.text()), make);
        }
        problems.add(value.position(), what + " must be a whole number");
        return Optional.empty();
    }

    /** A text made into what it stands for; the maker refuses with an IllegalArgumentException. */
    <T> Optional<At<T>> text(String key, Function<String, T> make) {
        return given(key).flatMap(value -> text(value, key, make));
    }

    /** A list of texts; empty if the key is missing, so that an empty list can mean something else. */
    <T> Optional<List<At<T>>> texts(String key, Function<String, T> make) {
        return given(key).map(value -> texts(value, key, make));
    }

    <T> Optional<At<T>> text(Value value, String what, Function<String, T> make) {
        if (value instanceof Scalar scalar && !value.isNull()) {
            return make(value.position(), scalar.text(), make);
        }
        problems.add(value.position(), "%s must be a single value, not %s".formatted(what, value.kind()));
        return Optional.empty();
    }

    <T> List<At<T>> texts(Value value, String what, Function<String, T> make) {
        List<At<T>> made = new ArrayList<>();
        if (value instanceof Sequence list) {
            list.items().forEach(item -> text(item, "each of " + what, make).ifPresent(made::add));
        } else {
            problems.add(value.position(), "%s must be a list, not %s".formatted(what, value.kind()));
        }
        return made;
    }

    /** The key of an entry made into what it stands for. */
    <T> Optional<At<T>> key(String key, Entry entry, Function<String, T> make) {
        return make(entry.keyPosition(), key, make);
    }

    private <S, T> Optional<At<T>> make(Position position, S from, Function<S, T> make) {
        try {
            return Optional.of(new At<>(make.apply(from), position));
        } catch (IllegalArgumentException e) {
            problems.add(position, e.getMessage());
            return Optional.empty();
        }
    }
}
