package io.netyard.shell.lab;

import io.netyard.api.NetyardException;
import io.netyard.api.lab.Labs;
import io.netyard.api.lab.RunningLab;
import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes the name of a lab that is lost. */
final class LostLabs implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        Labs labs = services.labs();
        return labs.names().stream().filter(lab -> isLost(labs, lab)).toList();
    }

    private static boolean isLost(Labs labs, String lab) {
        try {
            return labs.running(lab).standing().state() == RunningLab.State.LOST;
        } catch (NetyardException e) {
            // Nobody knows its file, so it cannot be brought back.
            return false;
        }
    }
}
