package io.netyard.shell.link;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes the interfaces that are lent, by their names on the host. */
final class LentCards implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return services.cards().lent().stream().map(card -> card.name().value()).toList();
    }
}
