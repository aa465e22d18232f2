package io.netyard.shell.netns;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import io.netyard.shell.inventory.Column;
import java.util.Arrays;
import java.util.List;

/** Completes the column to sort by. */
final class SortColumns implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        String direction = word.startsWith("-") ? "-" : "";
        return Arrays.stream(Column.values())
                .map(column -> direction + column.word())
                .toList();
    }
}
