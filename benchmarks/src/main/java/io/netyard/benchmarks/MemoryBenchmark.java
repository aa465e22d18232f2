package io.netyard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What nodes cost in memory: of the appliance, of the processes that hold namespaces, of the kernel. */
final class MemoryBenchmark implements Benchmark {

    private static final List<Integer> NODES = List.of(100, 1000);
    private static final List<String> HOLDERS = List.of("pin", "process");

    /** In MiB. */
    private static final int GOAL = 256;

    private static final Pattern HEAP = Pattern.compile("(?:generation|heap)[^\\n]*?used (\\d+)K");

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String description() {
        return "the appliance's heap is at most %d MiB with 1,000 nodes; what a node costs of memory".formatted(GOAL);
    }

    /**
     * All in KiB.
     *
     * @param heap in use after a full collection
     * @param resident set of the appliance's JVM
     * @param slab of the kernel, with what it can take back
     * @param kept part of it that the kernel cannot take back
     * @param available to new programs without swapping, as the kernel estimates
     */
    private record Memory(long heap, long resident, long slab, long kept, long available) {

        static Memory now(long pid) throws IOException, InterruptedException {
            String meminfo = Files.readString(Path.of("/proc/meminfo"));
            return new Memory(
                    heap(pid),
                    field(Files.readString(Path.of("/proc/" + pid + "/status")), "VmRSS"),
                    field(meminfo, "Slab"),
                    field(meminfo, "SUnreclaim"),
                    field(meminfo, "MemAvailable"));
        }

        private static long heap(long pid) throws IOException, InterruptedException {
            String jcmd =
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            Program.run(List.of(jcmd, Long.toString(pid), "GC.run"));
            Matcher used = HEAP.matcher(Program.run(List.of(jcmd, Long.toString(pid), "GC.heap_info"))
                    .output());
            long sum = 0;
            while (used.find()) {
                sum += Long.parseLong(used.group(1));
            }
            if (sum == 0) {
                throw new IOException("the heap of process " + pid + " is not told");
            }
            return sum;
        }
    }

    @Override
    public boolean run(Appliance appliance, Settings settings) throws IOException, InterruptedException {
        long pid = appliance.pid();
        List<Goal> goals = new ArrayList<>();
        System.out.printf(
                "%-6s %-8s %10s %10s %12s %12s %12s %12s%n",
                "nodes", "holder", "heap", "resident", "holders", "slab", "unreclaim.", "available");
        System.out.printf(
                "%-6s %-8s %10s %10s %12s %12s %12s %12s%n",
                "", "", "MiB", "MiB", "KiB a node", "KiB a node", "KiB a node", "KiB a node");
        try (Programs programs = new Programs(settings.programs())) {
            for (int nodes : settings.nodesOr(NODES)) {
                for (String holder : HOLDERS) {
                    Memory before = Memory.now(pid);
                    Memory after;
                    long holders;
                    try (Lab.Up lab = new Lab(appliance, programs.directory(), holder).build(nodes)) {
                        List<String> namespaces = lab.namespaces();
                        after = Memory.now(pid);
                        holders = holders(namespaces);
                        try (Watch watch = new Watch(programs, namespaces)) {
                            lab.destroy();
                            watch.freed();
                        }
                    }
                    System.out.printf(
                            Locale.ROOT,
                            "%-6d %-8s %10.1f %10.1f %12.1f %12.1f %12.1f %12.1f%n",
                            nodes,
                            holder,
                            after.heap() / 1024.0,
                            after.resident() / 1024.0,
                            (double) holders / nodes,
                            (double) (after.slab() - before.slab()) / nodes,
                            (double) (after.kept() - before.kept()) / nodes,
                            (double) (before.available() - after.available()) / nodes);
                    goals.add(Goal.atMost(
                            GOAL, "%d nodes, %s: heap".formatted(nodes, holder), after.heap() / 1024.0, " MiB"));
                }
            }
        }
        System.out.println();
        goals.forEach(System.out::println);
        System.out.println();
        return goals.stream().allMatch(Goal::isMet);
    }

    /** What the processes that hold these namespaces take, where there are such: shared memory counts once for all that share it. */
    private static long holders(List<String> namespaces) throws IOException {
        long sum = 0;
        for (String namespace : namespaces) {
            if (namespace.startsWith("/proc/")) {
                sum += field(
                        Files.readString(Path.of(namespace)
                                .resolveSibling("../smaps_rollup")
                                .normalize()),
                        "Pss");
            }
        }
        return sum;
    }

    /** Of a file of lines {@code NAME: NUMBER kB}. */
    private static long field(String text, String name) throws IOException {
        Matcher matcher = Pattern.compile("(?m)^" + name + ":\\s+(\\d+) kB$").matcher(text);
        if (!matcher.find()) {
            throw new IOException("the kernel does not tell " + name);
        }
        return Long.parseLong(matcher.group(1));
    }
}
