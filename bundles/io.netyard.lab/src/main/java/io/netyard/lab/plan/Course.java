package io.netyard.lab.plan;

import io.netyard.api.lab.Labs;
import io.netyard.api.lab.Plan;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The course of one change: who watches it, whether it is still wanted, how long each phase took. Used by one thread at a time. */
public final class Course {

    private final Consumer<Labs.Progress> progress;
    private final BooleanSupplier cancelled;
    private final Map<Plan.Phase, Duration> took = new EnumMap<>(Plan.Phase.class);
    private Plan.Phase phase;

    /** @param cancelled asked before each step */
    public Course(Consumer<Labs.Progress> progress, BooleanSupplier cancelled) {
        this.progress = progress;
        this.cancelled = cancelled;
    }

    /** Nobody watches it, and it goes on to its end. */
    public static Course unattended() {
        return new Course(progress -> {}, () -> false);
    }

    /** Does some work of a phase, and adds its time to that of the phase. */
    public <T> T in(Plan.Phase entered, Supplier<T> work) {
        Plan.Phase before = phase;
        phase = entered;
        progress.accept(new Labs.Progress(entered, 0, 0, Optional.empty()));
        long began = System.nanoTime();
        try {
            return work.get();
        } finally {
            took.merge(entered, Duration.ofNanos(System.nanoTime() - began), Duration::plus);
            phase = before;
        }
    }

    /** As {@link #in(Plan.Phase, Supplier)}. */
    public void in(Plan.Phase entered, Runnable work) {
        in(entered, () -> {
            work.run();
            return null;
        });
    }

    /** Adds to the time of a phase what was done before this course began. */
    public void spent(Plan.Phase on, Duration time) {
        took.merge(on, time, Duration::plus);
    }

    /** @param step the one that begins now, from 1 */
    void at(int step, int steps, Plan.Step what) {
        progress.accept(new Labs.Progress(phase, step, steps, Optional.of(what)));
    }

    boolean isCancelled() {
        return cancelled.getAsBoolean();
    }

    public Map<Plan.Phase, Duration> took() {
        return Map.copyOf(took);
    }
}
