package io.netyard.shell.lab;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;
import java.util.Set;

/** Completes the stages of the running lab that is named before; of a file that is not up, they are not known. */
final class StageNames implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        Set<String> up = Set.copyOf(services.labs().names());
        return before.stream()
                .skip(1)
                .map(name -> name.replaceFirst("^.*/", "").replaceFirst("\\.ya?ml$", ""))
                .filter(up::contains)
                .findFirst()
                .map(lab -> services.labs().running(lab).stages())
                .orElse(List.of());
    }
}
