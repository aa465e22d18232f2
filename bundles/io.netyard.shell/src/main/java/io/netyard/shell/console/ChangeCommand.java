package io.netyard.shell.console;

import org.apache.karaf.shell.api.action.Option;

/** A command that changes something, and can say what it would change instead. */
public abstract class ChangeCommand extends ConsoleCommand {

    @Option(name = "--dry-run", description = "Say what would be done, change nothing")
    boolean dryRun;

    protected final boolean isDryRun() {
        return dryRun;
    }

    /** @param sentence what the change does, as an infinitive without "to" */
    protected final void change(String sentence, Runnable change) {
        if (dryRun) {
            print("would " + sentence);
        } else {
            change.run();
        }
    }
}
