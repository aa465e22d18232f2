package io.netyard.shell.netns;

import io.netyard.shell.console.Console;
import io.netyard.shell.console.Table;
import io.netyard.shell.inventory.Column;
import io.netyard.shell.inventory.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Namespaces as rows under the columns that are wanted. */
final class NamespaceTable {

    private final List<Column> columns;
    private final boolean asked;
    private final int treeColumn;
    private final List<List<Object>> rows = new ArrayList<>();

    /** @param asked whether the user has asked for these columns; if not, a terminal shows none in which nothing stands */
    NamespaceTable(List<Column> columns, boolean asked) {
        this.columns = columns;
        this.asked = asked;
        this.treeColumn = Math.max(0, columns.indexOf(Column.INODE));
    }

    void row(Entry entry) {
        rows.add(cells(entry));
    }

    /** @param lines that lead to it */
    void row(String lines, Entry entry) {
        List<Object> cells = new ArrayList<>(cells(entry));
        cells.set(
                treeColumn,
                lines
                        + columns.get(treeColumn)
                                .cell(entry)
                                .map(Object::toString)
                                .orElse(""));
        rows.add(cells);
    }

    private List<Object> cells(Entry entry) {
        return columns.stream().<Object>map(column -> column.cell(entry)).toList();
    }

    void print(Console console) {
        boolean all = asked || rows.isEmpty() || !console.terminal();
        int[] shown = IntStream.range(0, columns.size())
                .filter(i -> all || rows.stream().anyMatch(row -> !row.get(i).equals(Optional.empty())))
                .toArray();
        Table table = new Table(IntStream.of(shown)
                        .mapToObj(i -> columns.get(i).heading())
                        .toList())
                .fitting();
        rows.forEach(row -> table.row(IntStream.of(shown).mapToObj(row::get).toList()));
        table.print(console);
    }
}
