package io.netyard.shell.netns;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import io.netyard.shell.inventory.Column;
import java.util.Arrays;
import java.util.List;

/** Completes {@code inode,pid}. */
final class ColumnLists implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return Lists.candidates(Arrays.stream(Column.values()).map(Column::word).toList(), word);
    }
}
