package io.netyard.shell.lab;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;
import java.util.stream.Stream;

/** Completes the labs that are up, and lab files. */
final class ExportableLabs implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return Stream.of(new RunningLabs(), new LabFiles())
                .flatMap(which -> which.candidates(services, console, before, word).stream())
                .distinct()
                .toList();
    }
}
