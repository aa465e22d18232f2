package io.netyard.shell.console;

import io.netyard.api.Text;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.karaf.shell.support.table.ShellTable;

/**
 * Rows under headings. On a terminal as Karaf draws its own tables, else as aligned columns without lines, so that other
 * programs can read them: one heading row, no empty cells ({@code -} instead), columns two spaces apart.
 */
public final class Table {

    private static final String EMPTY_CELL = "-";

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        this(List.of(headings));
    }

    public Table(List<String> headings) {
        this.headings = List.copyOf(headings);
    }

    /** @param cells one per heading; made printable; null and empty optionals are empty cells */
    public Table row(Object... cells) {
        return row(List.of(cells));
    }

    public Table row(List<?> cells) {
        if (cells.size() != headings.size()) {
            throw new IllegalArgumentException(cells.size() + " cells under " + headings.size() + " headings");
        }
        rows.add(cells.stream().map(Table::cell).toList());
        return this;
    }

    public void print(Console console) {
        if (console.terminal()) {
            printDrawn(console.out());
        } else {
            printPlain(console.out());
        }
    }

    private void printDrawn(PrintStream out) {
        ShellTable table = new ShellTable();
        headings.forEach(table::column);
        rows.forEach(row -> table.addRow().addContent(row.toArray()));
        table.print(out);
    }

    private void printPlain(PrintStream out) {
        int[] widths = new int[headings.size()];
        List<List<String>> all = new ArrayList<>();
        all.add(headings);
        all.addAll(rows);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], shown(row.get(i)).length());
            }
        }
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = shown(row.get(i));
                line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String shown(String cell) {
        return cell.isEmpty() ? EMPTY_CELL : cell;
    }

    private static String cell(Object value) {
        Object present = value;
        if (value instanceof Optional<?> optional) {
            present = optional.orElse(null);
        } else if (value instanceof OptionalInt optional) {
            present = optional.isPresent() ? optional.getAsInt() : null;
        } else if (value instanceof OptionalLong optional) {
            present = optional.isPresent() ? optional.getAsLong() : null;
        }
        return present == null ? "" : Text.printable(present.toString());
    }
}
