package io.netyard.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Making and destroying a network of many nodes, beside the tools that people use and beside what the kernel itself costs. */
final class ScaleBenchmark implements Benchmark {

    private static final List<Integer> NODES = List.of(10, 100, 500, 1000);
    private static final int WARM_UP_ROUNDS = 2;
    private static final int ROUNDS = 5;

    /** Mininet takes minutes for more. */
    private static final int MOST_FOR_MININET = 100;

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String description() {
        return "lab:apply and lab:destroy of a bridge with %s nodes, beside what the kernel itself costs, ip -batch and Mininet"
                .formatted(NODES);
    }

    /** Medians in milliseconds, of making (by the contestant's name), of applying again, of destroying until all is freed. */
    private record Size(int nodes, Map<String, Series> making, Map<String, Series> again, Map<String, Series> freeing) {

        Size(int nodes) {
            this(nodes, new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        }
    }

    @Override
    public boolean run(Appliance appliance, Settings settings) throws IOException, InterruptedException {
        List<Size> sizes = new ArrayList<>();
        try (Programs programs = new Programs(settings.programs())) {
            Contestant limit = Tool.KERNEL_LIMIT.with(programs);
            Contestant batch = Tool.IP_BATCH.with(programs);
            Lab pin = new Lab(appliance, programs.directory(), "pin");
            Lab process = new Lab(appliance, programs.directory(), "process");
            Contestant mininet = Tool.MININET.with(programs);
            if (!Programs.isMininetThere()) {
                System.out.println(Programs.NO_MININET);
            }
            for (int nodes : settings.nodesOr(NODES)) {
                List<Contestant> contestants = new ArrayList<>(List.of(limit, batch, pin, process));
                if (nodes <= MOST_FOR_MININET && Programs.isMininetThere()) {
                    contestants.add(mininet);
                }
                Size size = new Size(nodes);
                int rounds = settings.roundsOr(ROUNDS);
                for (int round = 1 - WARM_UP_ROUNDS; round <= rounds; round++) {
                    boolean counts = round > 0;
                    System.err.printf(
                            "%d nodes, %s%n", nodes, counts ? "round " + round + " of " + rounds : "warming up");
                    for (Contestant contestant : contestants) {
                        // Its cost is the same in each round: no need to warm it up.
                        if (counts || contestant instanceof Lab) {
                            measure(contestant, programs, counts ? size : new Size(nodes));
                        }
                    }
                }
                print(size);
                sizes.add(size);
            }
            return judge(sizes, pin.name(), process.name());
        }
    }

    /** Nothing is left of one network when the next is begun, nor is the kernel still busy with it. */
    private static void measure(Contestant contestant, Programs programs, Size size)
            throws IOException, InterruptedException {
        Contestant.Network network = contestant.build(size.nodes());
        try (network) {
            if (network instanceof Lab.Up lab) {
                lab.check();
                add(size.again(), contestant.name() + ": apply again", lab.again());
            }
            List<String> namespaces = network.namespaces();
            try (Watch watch = new Watch(programs, namespaces)) {
                long began = network.destroy();
                long freed = namespaces.isEmpty() ? System.nanoTime() : watch.freed();
                add(size.freeing(), contestant.name() + ": destroy", Duration.ofNanos(freed - began));
            }
        }
        add(size.making(), contestant.name(), network.took());
    }

    private static void add(Map<String, Series> all, String name, Duration took) {
        all.computeIfAbsent(name, Series::new).add(took);
    }

    private static void print(Size size) {
        List<Series> all = new ArrayList<>(size.making().values());
        all.addAll(size.again().values());
        all.addAll(size.freeing().values());
        System.out.printf("%d nodes%n%s", size.nodes(), Series.table(all));
        double limit = size.making().get("kernel limit").median();
        size.making()
                .forEach((name, series) -> System.out.printf(
                        Locale.ROOT,
                        "%-20s %6.2f ms a node, %6.2f times the limit%n",
                        name,
                        series.median() / size.nodes(),
                        series.median() / limit));
        System.out.println();
    }

    private static boolean judge(List<Size> sizes, String pin, String process) {
        List<Goal> goals = new ArrayList<>();
        double perNodeAt100 = 0;
        for (Size size : sizes) {
            Map<String, Series> making = size.making();
            double limit = making.get("kernel limit").median();
            double pinned = making.get(pin).median();
            String at = "%d nodes: ".formatted(size.nodes());
            if (size.nodes() <= 100) {
                goals.add(Goal.atMost(1.3, at + "with pin, making takes, in limits,", pinned / limit, ""));
                goals.add(
                        Goal.atMost(3, at + "with process,", making.get(process).median() / limit, ""));
                goals.add(Goal.atLeast(
                        10,
                        at + "faster than ip -batch",
                        making.get("ip -batch").median() / pinned,
                        ""));
                if (making.containsKey("Mininet")) {
                    goals.add(Goal.atLeast(
                            50,
                            at + "faster than Mininet",
                            making.get("Mininet").median() / pinned,
                            ""));
                }
            }
            if (size.nodes() == 100) {
                perNodeAt100 = pinned / size.nodes();
                for (Series again : size.again().values()) {
                    goals.add(Goal.atMost(50, at + "applied again", again.median(), " ms"));
                }
            }
            if (size.nodes() == 1000) {
                goals.add(Goal.atMost(0.5, at + "with pin", pinned / limit, " times the limit"));
                if (perNodeAt100 > 0) {
                    goals.add(Goal.atMost(
                            1.7,
                            at + "a node takes",
                            pinned / size.nodes() / perNodeAt100,
                            " times as long as one of 100"));
                }
            }
        }
        goals.forEach(System.out::println);
        System.out.println();
        return goals.stream().allMatch(Goal::isMet);
    }
}
