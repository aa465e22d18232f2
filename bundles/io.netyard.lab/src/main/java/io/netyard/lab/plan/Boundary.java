package io.netyard.lab.plan;

/**
 * Told of each boundary between two steps of a change. What it throws ends the change there: a {@link RuntimeException} as a step
 * that fails, an {@link Error} as the end of the JVM would, with nothing undone. For tests of both.
 */
@FunctionalInterface
public interface Boundary {

    Boundary NONE = (done, steps) -> {};

    /** @param done how many of the steps are done, 0 to {@code steps} */
    void reached(int done, int steps);
}
