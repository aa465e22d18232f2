package io.netyard.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Durations of one thing, measured again and again. */
final class Series {

    private static final double NANOS_PER_MILLI = 1e6;

    private final String name;
    private final List<Duration> all = new ArrayList<>();

    Series(String name) {
        this.name = name;
    }

    void add(Duration duration) {
        all.add(duration);
    }

    /** In milliseconds, as are the others; of an even number the mean of the two in the middle. */
    double median() {
        List<Duration> sorted = all.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? millis(sorted.get(middle))
                : (millis(sorted.get(middle - 1)) + millis(sorted.get(middle))) / 2;
    }

    double least() {
        return all.stream().mapToDouble(Series::millis).min().orElseThrow();
    }

    double most() {
        return all.stream().mapToDouble(Series::millis).max().orElseThrow();
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / NANOS_PER_MILLI;
    }

    /** A row for each, in milliseconds. */
    static String table(List<Series> series) {
        int width = series.stream().mapToInt(one -> one.name.length()).max().orElse(0);
        String format = "%-" + width + "s  %9s  %9s  %9s  %4s%n";
        StringBuilder table = new StringBuilder(format.formatted("ms", "median", "least", "most", "runs"));
        for (Series one : series) {
            table.append(format.formatted(
                    one.name, number(one.median()), number(one.least()), number(one.most()), one.all.size()));
        }
        return table.toString();
    }

    private static String number(double millis) {
        return String.format(Locale.ROOT, "%.1f", millis);
    }
}
