package io.netyard.shell.netns;

import io.netyard.api.inventory.NamespaceType;
import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import io.netyard.shell.inventory.NamespaceTypes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Completes {@code net,uts}, and {@code all}. */
final class TypeLists implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        List<String> types =
                Arrays.stream(NamespaceType.values()).map(NamespaceType::word).toList();
        return word.contains(",")
                ? Lists.candidates(types, word)
                : Stream.concat(types.stream(), Stream.of(NamespaceTypes.ALL)).toList();
    }
}
