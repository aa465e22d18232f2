package io.netyard.shell.console;

import io.netyard.api.netns.Namespaces.TerminalSize;

/**
 * What a caller over ssh says besides its input: signals, and changes of its terminal's size. They go to the program that the command
 * runs in its place; a command without one is interrupted. Safe for use from several threads.
 */
public final class Caller {

    /** Under this name it is in the session. */
    public static final String VARIABLE = "netyard.caller";

    /** Who is to hear of it. */
    public interface Listener {

        /** @param number as in signal(7) */
        void signal(int number);

        void resize(TerminalSize size);
    }

    private final Listener command;
    private Listener program;

    /** @param command hears what comes while there is no program */
    public Caller(Listener command) {
        this.command = command;
    }

    synchronized void listen(Listener running) {
        program = running;
    }

    synchronized void unlisten() {
        program = null;
    }

    private synchronized Listener listener() {
        return program == null ? command : program;
    }

    public void signal(int number) {
        listener().signal(number);
    }

    public void resize(TerminalSize size) {
        listener().resize(size);
    }
}
