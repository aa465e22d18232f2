package io.netyard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The list of all network namespaces of a full host, beside that of util-linux. */
final class InventoryBenchmark implements Benchmark {

    private static final int NAMESPACES = 200;
    private static final int PROCESSES_EACH = 10;
    private static final int WARM_UP_ROUNDS = 5;
    private static final int ROUNDS = 15;

    @Override
    public String name() {
        return "inventory";
    }

    @Override
    public String description() {
        return "netns:list inside the console takes no longer than lsns -t net as a process, with %,d processes in %d namespaces"
                .formatted(NAMESPACES * PROCESSES_EACH, NAMESPACES);
    }

    @Override
    public boolean run(Appliance appliance, Settings settings) throws IOException, InterruptedException {
        Series lsns = new Series("lsns -t net, a process");
        Series list = new Series("netns:list, inside the console");
        Series launched = new Series("./netyard run netns:list, with ssh");
        Series nothing = new Series("true, a process");
        try (Crowd crowd = new Crowd(NAMESPACES, PROCESSES_EACH)) {
            checkThatAllAreListed(appliance, crowd);
            for (int round = 0; round < WARM_UP_ROUNDS + settings.roundsOr(ROUNDS); round++) {
                Program asProcess = Program.run(List.of("lsns", "-t", "net"));
                Duration inside = appliance.time("netns:list").took();
                Program withSsh = appliance.run("netns:list");
                Program empty = Program.run(List.of("true"));
                if (round >= WARM_UP_ROUNDS) {
                    lsns.add(asProcess.took());
                    list.add(inside);
                    launched.add(withSsh.took());
                    nothing.add(empty.took());
                }
            }
        }
        double ratio = list.median() / lsns.median();
        System.out.print(Series.table(List.of(lsns, list, launched, nothing)));
        System.out.printf(
                Locale.ROOT, "%nnetns:list takes %.2f times as long as lsns; at most 1.00 is the goal%n%n", ratio);
        return ratio <= 1;
    }

    /** What lists less is faster. */
    private static void checkThatAllAreListed(Appliance appliance, Crowd crowd)
            throws IOException, InterruptedException {
        Set<String> listed = new HashSet<>();
        appliance
                .run("netns:list -o inode,nprocs")
                .output()
                .lines()
                .forEach(line -> listed.add(line.strip().replaceAll(" +", " ")));
        for (long pid : crowd.firstPids()) {
            String link =
                    Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).toString();
            String wanted = link.replaceAll("\\D", "") + " " + PROCESSES_EACH;
            if (!listed.contains(wanted)) {
                throw new IOException(
                        "netns:list does not show %s with its %d processes".formatted(link, PROCESSES_EACH));
            }
        }
    }
}
