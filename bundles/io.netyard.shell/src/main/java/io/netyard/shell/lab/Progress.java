package io.netyard.shell.lab;

import io.netyard.shell.console.Console;
import java.util.function.LongSupplier;

/**
 * Shows on a terminal how far long work has come, on one line that is written over and cleared in the end; elsewhere shows nothing. Who works
 * only leaves word here: a thread of its own draws, ten times a second at most, since a slow terminal must not hold the work up.
 */
final class Progress implements AutoCloseable {

    private static final long PAUSE_MILLIS = 100;

    private static final String TO_THE_START_AND_EMPTY = "\r\u001b[K";

    private final Console console;
    private final ProgressLine line;
    private final Thread drawer;
    private boolean changed;
    private boolean closed;
    private boolean drawn;

    Progress(Console console) {
        this(console, System::nanoTime);
    }

    Progress(Console console, LongSupplier nanoTime) {
        this.console = console;
        this.line = new ProgressLine(nanoTime);
        this.drawer = new Thread(this::draw, "netyard progress");
        drawer.setDaemon(true);
        if (console.terminal()) {
            drawer.start();
        }
    }

    /**
     * @param step the one that is being done, from 1; 0 if there are none to be counted
     * @param steps how many there are
     * @param what in words
     */
    synchronized void show(int step, int steps, String what) {
        line.at(step, steps, what);
        changed = true;
    }

    private void draw() {
        try {
            while (pause()) {
                String text;
                synchronized (this) {
                    // Before anything has been said there is nothing to show; then the time runs on, also while a step
                    // lasts.
                    if (!changed) {
                        continue;
                    }
                    text = line.text(console.session().getTerminal().getWidth());
                    drawn = true;
                }
                console.err().print(TO_THE_START_AND_EMPTY + text);
                console.err().flush();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** @return whether to go on */
    private synchronized boolean pause() throws InterruptedException {
        if (!closed) {
            wait(PAUSE_MILLIS);
        }
        return !closed;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (drawer.isAlive()) {
            try {
                drawer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (drawn) {
            console.err().print(TO_THE_START_AND_EMPTY);
            console.err().flush();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
