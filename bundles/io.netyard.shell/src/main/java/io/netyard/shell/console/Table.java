package io.netyard.shell.console;

import io.netyard.api.Text;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.console.Terminal;
import org.apache.karaf.shell.support.table.ShellTable;

/**
 * Rows under headings. On a terminal as Karaf draws its own tables, else as aligned columns without lines, so that other
 * programs can read them: one heading row, no empty cells ({@code -} instead), columns two spaces apart.
 */
public final class Table {

    private static final String EMPTY_CELL = "-";

    /** In character cells: what Karaf draws between two columns. */
    private static final int DRAWN_LINE = 3;

    /** In character cells: less of a text says nothing. */
    private static final int LEAST_WIDTH = 10;

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();
    private boolean fitting;

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

    /** The last column, a long text, is cut to what fits where the table is drawn on a terminal. */
    public Table fitting() {
        fitting = true;
        return this;
    }

    public void print(Console console) {
        if (console.terminal()) {
            printDrawn(console.out(), fitting ? widthOfLast(console.session().getTerminal()) : Integer.MAX_VALUE);
        } else {
            printPlain(console.out());
        }
    }

    private void printDrawn(PrintStream out, int widthOfLast) {
        ShellTable table = new ShellTable();
        headings.forEach(table::column);
        for (List<String> row : rows) {
            Object[] cells = row.toArray();
            cells[cells.length - 1] = cut(row.get(cells.length - 1), widthOfLast);
            table.addRow().addContent(cells);
        }
        table.print(out);
    }

    private int widthOfLast(Terminal terminal) {
        if (terminal.getWidth() <= 0) {
            return Integer.MAX_VALUE;
        }
        int before = 0;
        for (int i = 0; i < headings.size() - 1; i++) {
            int column = i;
            before += DRAWN_LINE
                    + Stream.concat(Stream.of(headings), rows.stream())
                            .mapToInt(row -> row.get(column).length())
                            .max()
                            .orElse(0);
        }
        return Math.max(LEAST_WIDTH, terminal.getWidth() - before);
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
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
