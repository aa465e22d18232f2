package io.netyard.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs benchmarks against the appliance that runs on this kernel. See {@code ./netyard bench --help}. */
public final class Benchmarks {

    private static final List<Benchmark> ALL = List.of(new InventoryBenchmark(), new WiringBenchmark());

    private Benchmarks() {}

    /** @param arguments the launcher, this bundle's jar, and names of benchmarks, or none for all */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> names = List.of(arguments).subList(2, arguments.length);
        if (names.contains("--help")) {
            System.out.println("usage: ./netyard bench [NAME...]\n");
            ALL.forEach(benchmark -> System.out.printf("  %-12s%s%n", benchmark.name(), benchmark.description()));
            return;
        }
        for (String name : names) {
            if (ALL.stream().noneMatch(benchmark -> benchmark.name().equals(name))) {
                System.err.printf(
                        "no benchmark '%s': there are %s%n",
                        name,
                        String.join(", ", ALL.stream().map(Benchmark::name).toList()));
                System.exit(2);
            }
        }
        boolean met = true;
        try (Appliance appliance = new Appliance(Path.of(arguments[0]), Path.of(arguments[1]))) {
            for (Benchmark benchmark : ALL) {
                if (names.isEmpty() || names.contains(benchmark.name())) {
                    System.out.printf("%s: %s%n%n", benchmark.name(), benchmark.description());
                    met &= benchmark.run(appliance);
                }
            }
        }
        System.exit(met ? 0 : 1);
    }
}
