package io.netyard.shell.console;

import java.util.List;

/** Says what could stand at one place of a command line. Needs a constructor without parameters. */
public interface Candidates {

    /**
     * @param before the words that stand before, the command's name first
     * @param word what is written so far at the place; candidates that don't start with it are left out afterwards
     * @return candidates; one that ends in a colon is a beginning, to be continued
     */
    List<String> candidates(Services services, Console console, List<String> before, String word);
}
