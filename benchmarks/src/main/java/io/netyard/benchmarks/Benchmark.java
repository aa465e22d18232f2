package io.netyard.benchmarks;

import java.io.IOException;

/** One of them. */
interface Benchmark {

    String name();

    /** One sentence: what is compared with what, on what load, and what must come out. */
    String description();

    /** @return whether the goal was met */
    boolean run(Appliance appliance, Settings settings) throws IOException, InterruptedException;
}
