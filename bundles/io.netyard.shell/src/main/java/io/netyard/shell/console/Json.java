package io.netyard.shell.console;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Writes JSON (RFC 8259), indented by two spaces. All that is not ASCII is escaped, so that no encoding can spoil it. */
public final class Json {

    private final StringBuilder out = new StringBuilder();

    private Json() {}

    /**
     * An object with its fields in the order given.
     *
     * @param namesAndValues names (strings) and values in turn; a value may be null
     */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /**
     * @param value maps become objects, collections arrays, integers and booleans themselves, empty optionals and null
     *     {@code null}, anything else the string that its toString() gives
     */
    public static String text(Object value) {
        Json json = new Json();
        json.write(value, 0);
        return json.out.toString();
    }

    private void write(Object value, int depth) {
        if (value instanceof Optional<?> optional) {
            write(optional.orElse(null), depth);
        } else if (value instanceof OptionalInt optional) {
            write(optional.isPresent() ? optional.getAsInt() : null, depth);
        } else if (value instanceof OptionalLong optional) {
            write(optional.isPresent() ? optional.getAsLong() : null, depth);
        } else if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            out.append(value);
        } else if (value instanceof Map<?, ?> object) {
            Iterator<? extends Map.Entry<?, ?>> entries = object.entrySet().iterator();
            writeAll(entries, '{', '}', depth, entry -> {
                string(entry.getKey().toString());
                out.append(": ");
                write(entry.getValue(), depth + 1);
            });
        } else if (value instanceof Collection<?> array) {
            writeAll(array.iterator(), '[', ']', depth, element -> write(element, depth + 1));
        } else {
            string(value.toString());
        }
    }

    private <T> void writeAll(
            Iterator<T> elements, char open, char close, int depth, java.util.function.Consumer<T> each) {
        out.append(open);
        boolean any = elements.hasNext();
        while (elements.hasNext()) {
            newLine(depth + 1);
            each.accept(elements.next());
            out.append(elements.hasNext() ? "," : "");
        }
        if (any) {
            newLine(depth);
        }
        out.append(close);
    }

    private void newLine(int depth) {
        out.append('\n').append("  ".repeat(depth));
    }

    private void string(String text) {
        out.append('"');
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
