package io.netyard.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs benchmarks against the appliance that runs on this kernel. See {@code ./netyard bench --help}. */
public final class Benchmarks {

    private static final List<Benchmark> ALL = List.of(
            new InventoryBenchmark(),
            new WiringBenchmark(),
            new ScaleBenchmark(),
            new MatrixBenchmark(),
            new MemoryBenchmark(),
            new StartBenchmark());

    private Benchmarks() {}

    /** @param arguments the launcher, this bundle's jar, and what {@code --help} says */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> asked = List.of(arguments).subList(2, arguments.length);
        if (asked.contains("--help")) {
            help();
            return;
        }
        Path launcher = Path.of(arguments[0]);
        try {
            Settings settings = Settings.of(asked, launcher);
            for (String name : settings.names()) {
                if (ALL.stream().noneMatch(benchmark -> benchmark.name().equals(name))) {
                    throw new IllegalArgumentException("no benchmark '%s': there are %s"
                            .formatted(
                                    name,
                                    String.join(
                                            ", ",
                                            ALL.stream().map(Benchmark::name).toList())));
                }
            }
            System.exit(run(launcher, Path.of(arguments[1]), settings) ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static boolean run(Path launcher, Path jar, Settings settings) throws IOException, InterruptedException {
        boolean met = true;
        try (Appliance appliance = new Appliance(launcher, jar)) {
            for (Benchmark benchmark : ALL) {
                if (settings.names().isEmpty() || settings.names().contains(benchmark.name())) {
                    System.out.printf("%s: %s%n%n", benchmark.name(), benchmark.description());
                    met &= benchmark.run(appliance, settings);
                }
            }
        }
        return met;
    }

    private static void help() {
        System.out.println(
                """
                usage: ./netyard bench [--nodes N,...] [--rounds N] [NAME...]

                  --nodes N,...  how many nodes the networks have that are made, 2 to 1000
                  --rounds N     how often each thing is measured, of which medians are shown
                """);
        ALL.forEach(benchmark -> System.out.printf("  %-12s%s%n", benchmark.name(), benchmark.description()));
    }
}
