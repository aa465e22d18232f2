package io.netyard.shell.inventory;

import static java.util.Comparator.comparing;
import static java.util.Comparator.nullsLast;
import static java.util.Locale.ROOT;
import static java.util.stream.Collectors.joining;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.netns.Netns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What a list of namespaces can show of each, and be sorted by. */
public enum Column {
    NAME(entry -> labels(entry).or(() -> entry.namespace().mountPoint())),
    INODE(entry -> Optional.of(entry.id().inode())),
    TYPE(entry -> Optional.of(entry.id().type().word())),
    NPROCS(entry -> Optional.of((long) entry.namespace().pids().size())),
    PID(first(HostProcess::pid)),
    PPID(first(HostProcess::parent)),
    USER(first(HostProcess::user)),
    UID(first(HostProcess::uid)),
    HELD_BY(entry -> text(entry.namespace().holdings().stream()
            .map(holding -> word(holding.kind()))
            .collect(joining(",")))),
    HOSTNAME(entry -> text(entry.namespace().hostname())),
    OWNER(entry -> entry.namespace().owner().map(NamespaceId::inode)),
    PARENT(entry -> entry.namespace().parent().map(NamespaceId::inode)),
    USERNS(entry -> entry.namespace().userNamespace().map(NamespaceId::inode)),
    CONTAINER(entry -> entry.namespace().container().map(name -> entry.isPrivileged() ? name + " (privileged)" : name)),
    ORIGIN(entry -> entry.origin().map(origin -> origin.name().toLowerCase(ROOT))),
    LAB(entry -> entry.netns().flatMap(Netns::lab)),
    HOLDER(entry -> entry.netns().flatMap(Netns::holder)),
    PATH(entry -> entry.namespace().holdings().stream()
            .map(Holding::path)
            .filter(path -> !path.isEmpty())
            .findFirst()),
    COMMAND(first(HostProcess::command));

    private static final List<Column> DEFAULT =
            List.of(NAME, INODE, NPROCS, PID, USER, HELD_BY, HOSTNAME, CONTAINER, COMMAND);

    private final Function<Entry, Optional<? extends Comparable<?>>> value;

    Column(Function<Entry, Optional<? extends Comparable<?>>> value) {
        this.value = value;
    }

    /** As a user writes it. */
    public String word() {
        return name().toLowerCase(ROOT).replace('_', '-');
    }

    public String heading() {
        return name().replace('_', '-');
    }

    /** A number (Long) or a text; empty if there is nothing to say. */
    public Optional<?> cell(Entry entry) {
        return value.apply(entry);
    }

    /** Whether {@link Entry#netns()} must be asked for. */
    public boolean needsNetns() {
        return this == ORIGIN || this == LAB || this == HOLDER;
    }

    /** Those that are shown unless others are asked for. */
    public static List<Column> usual(boolean severalTypes) {
        List<Column> columns = new ArrayList<>(DEFAULT);
        if (severalTypes) {
            columns.add(columns.indexOf(INODE) + 1, TYPE);
        }
        return List.copyOf(columns);
    }

    /**
     * Reads {@code inode,pid}.
     *
     * @throws RequestException if there is no such column; says which there are
     */
    public static List<Column> parse(String words) {
        Set<Column> columns = new LinkedHashSet<>();
        for (String word : words.split(",", -1)) {
            columns.add(one(word));
        }
        return List.copyOf(columns);
    }

    private static Column one(String word) {
        return Arrays.stream(values())
                .filter(column -> column.word().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new RequestException("no column '%s': there are %s"
                        .formatted(
                                Text.printable(word),
                                Arrays.stream(values()).map(Column::word).collect(joining(", ")))));
    }

    /**
     * Reads {@code nprocs} or, for the other way round, {@code -nprocs}: numbers by size, texts by letter, empty cells last.
     *
     * @throws RequestException if there is no such column; says which there are
     */
    public static Comparator<Entry> order(String word) {
        boolean down = word.startsWith("-");
        Column column = one(down ? word.substring(1) : word);
        Comparator<Comparable<Object>> inOrder = Comparator.naturalOrder();
        return comparing(column::comparable, nullsLast(down ? inOrder.reversed() : inOrder));
    }

    @SuppressWarnings("unchecked") // Within one column all are of one type.
    private Comparable<Object> comparable(Entry entry) {
        return (Comparable<Object>) value.apply(entry).orElse(null);
    }

    /** Of each type the appliance's own first, then those that Netyard has a name for by that, then the others by inode. */
    public static Comparator<Entry> usualOrder() {
        return comparing((Entry entry) -> entry.id().type())
                .thenComparing(entry -> !entry.isHost())
                .thenComparing(entry -> labels(entry).orElse(null), nullsLast(Comparator.naturalOrder()))
                .thenComparing(Entry::id);
    }

    public static String word(Holding.Kind kind) {
        return kind.name().toLowerCase(ROOT).replace('_', '-');
    }

    private static Function<Entry, Optional<? extends Comparable<?>>> first(
            Function<HostProcess, ? extends Comparable<?>> what) {
        return entry -> entry.namespace().first().map(what);
    }

    private static Optional<String> labels(Entry entry) {
        return text(String.join(",", entry.namespace().labels()));
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }
}
