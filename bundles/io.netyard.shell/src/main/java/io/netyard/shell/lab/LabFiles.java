package io.netyard.shell.lab;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes lab files: those in the caller's directory, those that come with Netyard, and after a slash those of any directory. */
final class LabFiles implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        LabFolders folders = LabFolders.of(console);
        return word.contains("/") ? folders.paths(word) : folders.names();
    }
}
