package io.netyard.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Proving that each node reaches each other one, beside Mininet's pingAll. */
final class MatrixBenchmark implements Benchmark {

    private static final List<Integer> NODES = List.of(30, 50);
    private static final int WARM_UP_ROUNDS = 2;
    private static final int ROUNDS = 5;
    private static final int GOAL = 100;

    @Override
    public String name() {
        return "matrix";
    }

    @Override
    public String description() {
        return "lab:verify of all pairs of %s nodes inside the console, %d times faster per pair than Mininet's pingAll"
                .formatted(NODES, GOAL);
    }

    @Override
    public boolean run(Appliance appliance, Settings settings) throws IOException, InterruptedException {
        boolean met = true;
        try (Programs programs = new Programs(settings.programs())) {
            boolean withMininet = Programs.isMininetThere();
            if (!withMininet) {
                System.out.println(Programs.NO_MININET);
            }
            for (int nodes : settings.nodesOr(NODES)) {
                met &= measure(appliance, programs, nodes, settings.roundsOr(ROUNDS), withMininet);
            }
        }
        return met;
    }

    private static boolean measure(Appliance appliance, Programs programs, int nodes, int rounds, boolean withMininet)
            throws IOException, InterruptedException {
        Series verify = new Series("lab:verify, inside the console");
        Series pingAll = new Series("Mininet's pingAll");
        List<Series> all = new ArrayList<>(List.of(verify));
        try (Lab.Up lab = new Lab(appliance, programs.directory(), "pin").build(nodes)) {
            for (int round = 1 - WARM_UP_ROUNDS; round <= rounds; round++) {
                System.err.printf(
                        "%d nodes, %s%n", nodes, round > 0 ? "round " + round + " of " + rounds : "warming up");
                Duration took = lab.verify();
                if (round > 0) {
                    verify.add(took);
                }
                if (withMininet && round > 0) {
                    pingAll.add(pingAll(programs, nodes));
                }
            }
        }
        if (withMininet) {
            all.add(pingAll);
        }
        int pairs = nodes * (nodes - 1);
        System.out.printf("%d nodes, %d pairs%n%s", nodes, pairs, Series.table(all));
        System.out.printf(Locale.ROOT, "lab:verify takes %.3f ms a pair%n%n", verify.median() / pairs);
        if (!withMininet) {
            return true;
        }
        Goal goal = Goal.atLeast(
                GOAL, "%d nodes: faster than pingAll".formatted(nodes), pingAll.median() / verify.median(), " times");
        System.out.printf("%s%n%n", goal);
        return goal.isMet();
    }

    private static Duration pingAll(Programs programs, int nodes) throws IOException, InterruptedException {
        try (Conversation mininet = programs.mininet(nodes)) {
            mininet.expect("built");
            long start = System.nanoTime();
            mininet.say("ping");
            mininet.expect("pinged");
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            mininet.say("delete");
            mininet.expect("deleted");
            return took;
        }
    }
}
