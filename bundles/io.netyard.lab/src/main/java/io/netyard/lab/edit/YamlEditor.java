package io.netyard.lab.edit;

import io.netyard.lab.edit.Part.Alias;
import io.netyard.lab.edit.Part.Mapping;
import io.netyard.lab.edit.Part.Pair;
import io.netyard.lab.edit.Part.Scalar;
import io.netyard.lab.edit.Part.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Edits a YAML text in place: what is not edited stays as it is to the byte, comments, layout and line ends included. A place is a list of keys;
 * of a list's item, its index in decimal. What cannot be edited that way, because it is an alias, say, is refused.
 *
 * <p>The text must be one that has been read as a lab file.
 */
public final class YamlEditor {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z./][A-Za-z0-9 ./_=-]*[A-Za-z0-9./_]|[A-Za-z/]");
    private static final Pattern ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}(/\\d+)?( [A-Za-z0-9 ./_-]*[A-Za-z0-9])?");
    private static final List<String> WORDS = List.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String mark;
    private final String newLine;
    private String text;
    private Part root;

    public YamlEditor(String text) {
        this.mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
        this.newLine = text.contains("\r\n") ? "\r\n" : "\n";
        replaceAll(text.substring(mark.length()));
    }

    public String text() {
        return mark + text;
    }

    private void replaceAll(String changed) {
        text = changed;
        root = Layout.of(changed);
    }

    private void replace(int start, int end, String with) {
        replaceAll(text.substring(0, start) + with + text.substring(end));
    }

    /** A text as a YAML value that is that text, in quotes where it could be read as something else. */
    public static String quoted(String value) {
        boolean plain = PLAIN.matcher(value).matches() && !WORDS.contains(value.toLowerCase(java.util.Locale.ROOT))
                || ADDRESS.matcher(value).matches();
        return plain ? value : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    // Reading

    /** How many of the keys of a path are there; null as a value counts as not there. */
    public int depth(List<String> path) {
        Part part = root;
        for (int i = 0; i < path.size(); i++) {
            Part next = child(part, path.get(i));
            if (next == null || next instanceof Scalar scalar && scalar.isNull()) {
                return i;
            }
            part = next;
        }
        return path.size();
    }

    public boolean has(List<String> path) {
        return depth(path) == path.size();
    }

    /** The keys of a mapping, or nothing if there is none. */
    public List<String> keys(List<String> path) {
        Part part = find(path, path.size());
        return part instanceof Mapping mapping
                ? mapping.pairs().stream().map(Pair::key).toList()
                : List.of();
    }

    /** The single values of a list; empty if there is no list. */
    public Optional<List<String>> items(List<String> path) {
        if (!(find(path, path.size()) instanceof Sequence sequence)) {
            return Optional.empty();
        }
        return Optional.of(sequence.items().stream()
                .map(item -> item instanceof Scalar scalar ? scalar.text() : "")
                .toList());
    }

    private static Part child(Part part, String key) {
        if (part instanceof Mapping mapping) {
            Pair pair = mapping.pair(key);
            return pair == null ? null : pair.value();
        }
        if (part instanceof Sequence sequence && key.matches("\\d{1,6}")) {
            int index = Integer.parseInt(key);
            return index < sequence.items().size() ? sequence.items().get(index) : null;
        }
        return null;
    }

    private Part find(List<String> path, int length) {
        Part part = root;
        for (String key : path.subList(0, length)) {
            part = part == null ? null : child(part, key);
        }
        return part;
    }

    /** What may be edited. */
    private Part editable(List<String> path, int length) {
        for (int i = 0; i <= length; i++) {
            if (find(path, i) instanceof Alias alias) {
                throw new UneditableException("line %d has an alias there, *%s: edit it yourself"
                        .formatted(line(alias.start()), alias.name()));
            }
        }
        Part part = find(path, length);
        if (part != null && part.shared()) {
            throw new UneditableException(
                    "line %d has an anchor, or stands in what has one: edit it yourself".formatted(line(part.start())));
        }
        return part;
    }

    private int line(int offset) {
        return (int) text.substring(0, offset).chars().filter(c -> c == '\n').count() + 1;
    }

    // Editing

    /**
     * Gives a key a value, and makes the mappings on the way that are missing.
     *
     * @param value as YAML in one line
     */
    public void set(List<String> path, String value) {
        int there = depth(path);
        if (there == path.size()) {
            replaceValue(path, value);
            return;
        }
        // The deepest that is there; a key with nothing behind it is there, too.
        int parent = find(path, there + 1) == null ? there : there + 1;
        StringBuilder nested = new StringBuilder();
        for (String key : path.subList(parent + (parent == there ? 1 : 0), path.size())) {
            nested.append('{').append(quoted(key)).append(": ");
        }
        int braces = path.size() - parent - (parent == there ? 1 : 0);
        nested.append(value).append("}".repeat(braces));
        if (parent == there) {
            insert(path, there, nested.toString());
        } else {
            replaceValue(path.subList(0, parent), nested.toString());
        }
    }

    private void insert(List<String> path, int depth, String value) {
        if (!(editable(path, depth) instanceof Mapping mapping)) {
            throw new UneditableException(
                    "%s is no mapping: edit it yourself".formatted(depth == 0 ? "the file" : path.get(depth - 1)));
        }
        String pair = quoted(path.get(depth)) + ": " + value;
        if (mapping.flow()) {
            if (mapping.pairs().isEmpty()) {
                replace(mapping.start(), mapping.end(), "{" + pair + "}");
            } else {
                int end = mapping.pairs().get(mapping.pairs().size() - 1).end();
                replace(end, end, ", " + pair);
            }
            return;
        }
        Pair last = mapping.pairs().get(mapping.pairs().size() - 1);
        insertLine(last.end(), indentation(mapping.pairs().get(0).keyStart()) + pair);
    }

    /** After the line of an offset. */
    private void insertLine(int offset, String line) {
        int at = offset > 0 && text.charAt(offset - 1) == '\n' ? offset : nextLine(offset);
        boolean closed = at == 0 || text.charAt(at - 1) == '\n';
        replace(at, at, closed ? line + newLine : newLine + line);
    }

    private int lineStart(int offset) {
        return text.lastIndexOf('\n', offset - 1) + 1;
    }

    private int nextLine(int offset) {
        int end = text.indexOf('\n', offset);
        return end < 0 ? text.length() : end + 1;
    }

    /** Blanks up to the column of an offset. */
    private String indentation(int offset) {
        return text.substring(lineStart(offset), offset).replaceAll("[^ ]", " ");
    }

    private void replaceValue(List<String> path, String value) {
        Part part = editable(path, path.size());
        boolean block = part instanceof Mapping mapping && !mapping.flow()
                || part instanceof Sequence sequence && !sequence.flow();
        if (block) {
            Part owner = find(path, path.size() - 1);
            if (!(owner instanceof Mapping mapping)) {
                throw new UneditableException("edit it yourself");
            }
            replaceBlock(mapping.pair(path.get(path.size() - 1)), value);
            return;
        }
        if (!(part instanceof Scalar)) {
            refuseComments(part.start(), part.end());
        }
        boolean empty = part.start() == part.end();
        int at = empty ? colon(find(path, path.size() - 1), path.get(path.size() - 1)) : part.start();
        replace(at, empty ? at : part.end(), empty ? " " + value : value);
    }

    /** Behind the colon of a key whose value is empty. */
    private int colon(Part owner, String key) {
        if (!(owner instanceof Mapping mapping)) {
            throw new UneditableException("an empty item of a list: edit it yourself");
        }
        Pair pair = mapping.pair(key);
        int colon = text.indexOf(':', pair.keyEnd());
        String between = colon < 0 ? "?" : text.substring(pair.keyEnd(), colon);
        if (!between.isBlank()) {
            throw new UneditableException(
                    "line %d has a key without a colon: edit it yourself".formatted(line(pair.keyStart())));
        }
        return colon + 1;
    }

    private void replaceBlock(Pair pair, String value) {
        int colon = text.indexOf(':', pair.keyEnd()) + 1;
        int firstLine = lineStart(pair.value().start());
        if (firstLine <= pair.keyStart()) {
            throw new UneditableException("line %d: edit it yourself".formatted(line(pair.keyStart())));
        }
        int end = blockEnd(pair.value().end());
        replaceAll(text.substring(0, colon) + " " + value + text.substring(colon, firstLine) + text.substring(end));
    }

    private int blockEnd(int end) {
        return end > 0 && text.charAt(end - 1) == '\n' ? end : nextLine(end);
    }

    private void refuseComments(int start, int end) {
        if (text.substring(start, end).contains("#")) {
            throw new UneditableException(
                    "line %d has a comment that would be lost: edit it yourself".formatted(line(start)));
        }
    }

    /**
     * Adds an item to a list, and makes the list if it is missing.
     *
     * @param item a text
     */
    public void add(List<String> path, String item) {
        if (!has(path)) {
            set(path, "[" + quoted(item) + "]");
            return;
        }
        if (!(editable(path, path.size()) instanceof Sequence sequence)) {
            throw new UneditableException("%s is no list: edit it yourself".formatted(path.get(path.size() - 1)));
        }
        List<Part> items = sequence.items();
        if (sequence.flow()) {
            if (items.isEmpty()) {
                replace(sequence.start(), sequence.end(), "[" + quoted(item) + "]");
            } else {
                int end = items.get(items.size() - 1).end();
                replace(end, end, ", " + quoted(item));
            }
            return;
        }
        insertLine(items.get(items.size() - 1).end(), indentation(dash(items.get(0))) + "- " + quoted(item));
    }

    /** Where the dash of an item of a block list is. */
    private int dash(Part item) {
        int at = item.start() - 1;
        while (at >= 0 && text.charAt(at) == ' ') {
            at--;
        }
        if (at < 0 || text.charAt(at) != '-') {
            throw new UneditableException("line %d has an item that does not follow its dash: edit it yourself"
                    .formatted(line(item.start())));
        }
        return at;
    }

    /**
     * Takes an item out of a list.
     *
     * @param which of the single values in it; the first that fits
     * @throws UneditableException also if there is none
     */
    public void drop(List<String> path, Predicate<String> which) {
        if (!(editable(path, path.size()) instanceof Sequence sequence)) {
            throw new UneditableException("the file does not say it in a list of its own");
        }
        List<Part> items = sequence.items();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof Alias alias) {
                throw new UneditableException("line %d has an alias there, *%s: edit it yourself"
                        .formatted(line(alias.start()), alias.name()));
            }
            if (items.get(i) instanceof Scalar scalar && which.test(scalar.text())) {
                drop(path, sequence, i);
                return;
            }
        }
        throw new UneditableException("the file does not say it in so many words");
    }

    private void drop(List<String> path, Sequence sequence, int index) {
        List<Part> items = sequence.items();
        Part item = items.get(index);
        if (sequence.flow()) {
            List<int[]> ranges = new ArrayList<>();
            items.forEach(each -> ranges.add(new int[] {each.start(), each.end()}));
            dropFromFlow(ranges, index);
        } else if (items.size() == 1) {
            replaceValue(path, "[]");
        } else {
            dropLines(dash(item), item.end());
        }
    }

    private void dropFromFlow(List<int[]> ranges, int index) {
        int start = ranges.get(index)[0];
        int end = ranges.get(index)[1];
        if (index + 1 < ranges.size()) {
            end = ranges.get(index + 1)[0];
        } else if (index > 0) {
            start = ranges.get(index - 1)[1];
        }
        refuseComments(start, end);
        replace(start, end, "");
    }

    private void dropLines(int start, int end) {
        int from = lineStart(start);
        if (!text.substring(from, start).isBlank()) {
            throw new UneditableException(
                    "line %d has more in it than what is to go: edit it yourself".formatted(line(start)));
        }
        replace(from, blockEnd(end), "");
    }

    /** Takes a key out of a mapping, with its value. @throws UneditableException also if there is none */
    public void remove(List<String> path) {
        int last = path.size() - 1;
        if (!(editable(path, last) instanceof Mapping mapping) || mapping.pair(path.get(last)) == null) {
            throw new UneditableException("the file does not say it in so many words");
        }
        editable(path, path.size());
        Pair pair = mapping.pair(path.get(last));
        int index = mapping.pairs().indexOf(pair);
        if (mapping.flow()) {
            List<int[]> ranges = new ArrayList<>();
            mapping.pairs().forEach(each -> ranges.add(new int[] {each.keyStart(), each.end()}));
            dropFromFlow(ranges, index);
        } else if (mapping.pairs().size() == 1 && last > 0) {
            replaceValue(path.subList(0, last), "{}");
        } else {
            dropLines(pair.keyStart(), pair.end());
        }
    }
}
