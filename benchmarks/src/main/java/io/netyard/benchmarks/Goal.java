package io.netyard.benchmarks;

import java.util.Locale;

/**
 * A figure that was measured and what it has to be.
 *
 * @param what a sentence up to the figure
 * @param unit written after the figure, or empty
 */
record Goal(String what, double figure, String unit, Bound bound, double limit) {

    enum Bound {
        AT_MOST,
        AT_LEAST
    }

    static Goal atMost(double limit, String what, double figure, String unit) {
        return new Goal(what, figure, unit, Bound.AT_MOST, limit);
    }

    static Goal atLeast(double limit, String what, double figure, String unit) {
        return new Goal(what, figure, unit, Bound.AT_LEAST, limit);
    }

    boolean isMet() {
        return bound == Bound.AT_MOST ? figure <= limit : figure >= limit;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-6s  %s %.2f%s; %s %s%s is the goal",
                isMet() ? "met" : "MISSED",
                what,
                figure,
                unit,
                bound == Bound.AT_MOST ? "at most" : "at least",
                limit == Math.rint(limit) ? String.format(Locale.ROOT, "%.0f", limit) : Double.toString(limit),
                unit);
    }
}
