package io.netyard.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The map of a host with many namespaces and cables. */
final class WiringBenchmark implements Benchmark {

    private static final int NAMESPACES = 200;
    private static final int CABLES_EACH = 5;
    private static final int WARM_UP_ROUNDS = 5;
    private static final int ROUNDS = 15;

    /** In milliseconds. */
    private static final int GOAL = 500;

    @Override
    public String name() {
        return "wiring";
    }

    @Override
    public String description() {
        return "link:map inside the console takes no longer than %d ms, with %,d veth pairs between %d namespaces"
                .formatted(GOAL, NAMESPACES * CABLES_EACH, NAMESPACES);
    }

    @Override
    public boolean run(Appliance appliance, Settings settings) throws IOException, InterruptedException {
        Series map = new Series("link:map, inside the console");
        Series find = new Series("link:find, inside the console");
        try (Crowd crowd = new Crowd(NAMESPACES, 1)) {
            long hub = crowd.firstPids().get(0);
            wire(hub, crowd.firstPids());
            long cables = appliance
                    .run("link:map " + hub)
                    .output()
                    .lines()
                    .filter(line -> line.contains(" veth "))
                    .count();
            if (cables != NAMESPACES * CABLES_EACH) {
                throw new IOException(
                        "link:map shows %d cables instead of %d".formatted(cables, NAMESPACES * CABLES_EACH));
            }
            for (int round = 0; round < WARM_UP_ROUNDS + settings.roundsOr(ROUNDS); round++) {
                var whole = appliance.time("link:map").took();
                var one = appliance.time("link:find h0_0@" + hub).took();
                if (round >= WARM_UP_ROUNDS) {
                    map.add(whole);
                    find.add(one);
                }
            }
        }
        System.out.print(Series.table(List.of(map, find)));
        System.out.printf(Locale.ROOT, "%nlink:map takes %.0f ms; at most %d is the goal%n%n", map.median(), GOAL);
        return map.median() <= GOAL;
    }

    /** Each namespace, the hub too, gets as many cables from the hub. */
    private static void wire(long hub, List<Long> pids) throws IOException, InterruptedException {
        StringBuilder batch = new StringBuilder();
        IntStream.range(0, pids.size()).forEach(i -> IntStream.range(0, CABLES_EACH)
                .forEach(k -> batch.append("link add name h%d_%d type veth peer name e%d_%d netns %d%n"
                        .formatted(i, k, i, k, pids.get(i)))));
        Process ip = new ProcessBuilder("nsenter", "--net=/proc/" + hub + "/ns/net", "ip", "-batch", "-")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream input = ip.getOutputStream()) {
            input.write(batch.toString().getBytes(StandardCharsets.UTF_8));
        }
        if (ip.waitFor() != 0) {
            throw new IOException("ip could not make the cables");
        }
    }
}
