package io.netyard.shell.lab;

import io.netyard.api.lab.Plan;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long the steps and phases of a change took. */
final class PlanTiming {

    private static final int SLOWEST = 10;

    private static final int MICROS_PER_MILLI = 1_000;

    /** All steps of one kind. */
    private record Kind(String operation, int count, Duration total, Duration median, Duration max) {

        static Kind of(String operation, List<Duration> times) {
            List<Duration> sorted = times.stream().sorted().toList();
            Duration total = sorted.stream().reduce(Duration.ZERO, Duration::plus);
            int last = sorted.size() - 1;
            Duration median =
                    sorted.get(last / 2).plus(sorted.get(sorted.size() / 2)).dividedBy(2);
            return new Kind(operation, sorted.size(), total, median, sorted.get(last));
        }
    }

    private final Plan done;
    private final List<Kind> kinds;

    private PlanTiming(Plan done, List<Kind> kinds) {
        this.done = done;
        this.kinds = kinds;
    }

    static PlanTiming of(Plan done) {
        Map<String, List<Duration>> times = new LinkedHashMap<>();
        done.steps().forEach(step -> step.took()
                .ifPresent(took -> times.computeIfAbsent(step.operation(), any -> new ArrayList<>())
                        .add(took)));
        return new PlanTiming(
                done,
                times.entrySet().stream()
                        .map(entry -> Kind.of(entry.getKey(), entry.getValue()))
                        .sorted(Comparator.comparing(Kind::total).reversed())
                        .toList());
    }

    /** Kinds of steps, the slowest steps, phases; without what there is nothing of. Times are in milliseconds. */
    List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        if (!kinds.isEmpty()) {
            Table byKind = new Table("OPERATION", "COUNT", "TOTAL-MS", "MEDIAN-MS", "MAX-MS");
            kinds.forEach(kind -> byKind.row(
                    kind.operation(), kind.count(), millis(kind.total()), millis(kind.median()), millis(kind.max())));
            tables.add(byKind);
            Table slowest = new Table("MS", "SLOWEST-STEPS").fitting();
            done.steps().stream()
                    .filter(step -> step.took().isPresent())
                    .sorted(Comparator.comparing((Plan.Step step) -> step.took().orElseThrow())
                            .reversed())
                    .limit(SLOWEST)
                    .forEach(step -> slowest.row(millis(step.took().orElseThrow()), step.sentence()));
            tables.add(slowest);
        }
        Table phases = new Table("PHASE", "MS");
        done.phases().forEach((phase, took) -> phases.row(word(phase), millis(took)));
        phases.row("all", millis(done.phases().values().stream().reduce(Duration.ZERO, Duration::plus)));
        tables.add(phases);
        return tables;
    }

    /** By kind of step; times are in microseconds. */
    List<Map<String, Object>> fields() {
        return kinds.stream()
                .map(kind -> Json.object(
                        "operation", kind.operation(),
                        "count", kind.count(),
                        "totalMicros", micros(kind.total()),
                        "medianMicros", micros(kind.median()),
                        "maxMicros", micros(kind.max())))
                .toList();
    }

    static String word(Plan.Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static long micros(Duration time) {
        return time.toNanos() / MICROS_PER_MILLI;
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.2f", micros(time) / (double) MICROS_PER_MILLI);
    }
}
