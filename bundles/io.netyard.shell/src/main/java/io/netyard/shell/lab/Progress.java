package io.netyard.shell.lab;

import io.netyard.api.Text;
import io.netyard.api.lab.Labs;
import io.netyard.shell.console.Console;

/** Shows on a terminal which step is being taken, on one line that is written over; elsewhere shows nothing. */
final class Progress implements AutoCloseable {

    private static final String TO_THE_START_AND_EMPTY = "\r\u001b[K";

    private final Console console;
    private boolean shown;

    Progress(Console console) {
        this.console = console;
    }

    void show(Labs.Progress now) {
        if (!console.terminal()) {
            return;
        }
        console.err()
                .print(TO_THE_START_AND_EMPTY
                        + Text.printable("[%d/%d] %s"
                                .formatted(now.step(), now.steps(), now.what().sentence())));
        console.err().flush();
        shown = true;
    }

    @Override
    public void close() {
        if (shown) {
            console.err().print(TO_THE_START_AND_EMPTY);
            console.err().flush();
        }
    }
}
