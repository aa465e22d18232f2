package io.netyard.shell.lab;

import io.netyard.api.Text;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How far work has come, as a line of text: a bar, percent, count, time, and what is being done. */
final class ProgressLine {

    /** In character cells. */
    private static final int BAR = 24;

    /** In character cells: what a terminal has that does not say. */
    private static final int USUAL_WIDTH = 80;

    private final LongSupplier nanoTime;
    private final long began;
    private int step;
    private int steps;
    private String what = "";

    ProgressLine(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    /** @see Progress#show */
    void at(int step, int steps, String what) {
        this.step = step;
        this.steps = steps;
        this.what = what;
    }

    /** @param width of the terminal, in character cells; 0 if it does not say */
    String text(int width) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - began);
        String time = seconds < 60 ? seconds + " s" : "%d:%02d min".formatted(seconds / 60, seconds % 60);
        String text = steps == 0
                ? "%s  %s".formatted(time, what)
                : "[%s] %3d%%  %d/%d  %s  %s".formatted(bar(), percent(), step, steps, time, what);
        // The last cell stays free: some terminals begin a new line when it is filled.
        int most = (width <= 0 ? USUAL_WIDTH : width) - 1;
        String printable = Text.printable(text);
        return printable.length() <= most ? printable : printable.substring(0, Math.max(0, most));
    }

    /** What is done: the step that is being taken is not. */
    private int percent() {
        return (int) (100L * (step - 1) / steps);
    }

    private String bar() {
        int filled = BAR * percent() / 100;
        return "#".repeat(filled) + "-".repeat(BAR - filled);
    }
}
