package io.netyard.shell.netns;

import io.netyard.api.inventory.NamespaceType;
import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.Arrays;
import java.util.List;

/** Completes one type of namespace. */
final class TypeWords implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return Arrays.stream(NamespaceType.values()).map(NamespaceType::word).toList();
    }
}
