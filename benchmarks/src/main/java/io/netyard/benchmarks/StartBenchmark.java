package io.netyard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Starting an appliance, a second one with a state directory of its own, until its console has answered. */
final class StartBenchmark implements Benchmark {

    private static final int ROUNDS = 5;

    /** In seconds. */
    private static final int GOAL = 5;

    private static final DateTimeFormatter LOGGED = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss,SSS");
    private static final int STAMP = 23;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String description() {
        return "./netyard start of what is built takes at most %d s until the console has answered, and what makes it up"
                .formatted(GOAL);
    }

    @Override
    public boolean run(Appliance appliance, Settings settings) throws IOException, InterruptedException {
        Series first = new Series("first start, in an empty state directory");
        Series whole = new Series("start");
        Series launcher = new Series("  launcher, up to the JVM's start");
        Series framework = new Series("  JVM, Karaf's framework, first bundles");
        Series bundles = new Series("  bundles and components, up to the ssh server");
        Series server = new Series("  ssh server, up to a session");
        Series command = new Series("  first command, and the launcher's end");
        Path state = Files.createTempDirectory("netyard-bench-state-");
        List<String> own =
                List.of("env", "NETYARD_STATE=" + state, settings.launcher().toString(), "--host");
        List<String> stop = with(own, "stop", "--keep");
        int rounds = settings.roundsOr(ROUNDS);
        // Both kinds of quotes are alien to the names of temporary directories.
        try (Guard guard = new Guard(List.of("sh", "-c", String.join(" ", stop) + "; rm -rf " + state))) {
            for (int round = 0; round <= rounds; round++) {
                System.err.printf("start %d of %d%n", round, rounds);
                Instant began = Instant.now();
                Duration took = Program.run(with(own, "start")).took();
                Instant ended = Instant.now();
                try {
                    if (round == 0) {
                        first.add(took);
                        continue;
                    }
                    whole.add(took);
                    List<String> log = Files.readAllLines(state.resolve("host/data/log/karaf.log"));
                    // Written as the process is started. The kernel counts that from its own start, which it tells in
                    // whole seconds.
                    Instant process = Files.getLastModifiedTime(state.resolve("host/process"))
                            .toInstant();
                    Instant logged = told(log, began, line -> true);
                    Instant listening = told(log, began, line -> line.contains("IoServiceFactoryFactory"));
                    Instant session = told(log, began, line -> line.contains("authenticated"));
                    launcher.add(Duration.between(began, process));
                    framework.add(Duration.between(process, logged));
                    bundles.add(Duration.between(logged, listening));
                    server.add(Duration.between(listening, session));
                    command.add(Duration.between(session, ended));
                } finally {
                    Program.run(stop);
                }
            }
            Program.run(List.of("rm", "-rf", state.toString()));
        }
        System.out.print(Series.table(List.of(first, whole, launcher, framework, bundles, server, command)));
        Goal goal = Goal.atMost(GOAL, "start takes", whole.median() / 1000, " s");
        System.out.printf("%n%s%n%n", goal);
        return goal.isMet();
    }

    private static List<String> with(List<String> command, String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        return all;
    }

    /** When the first such line was written to the log. */
    private static Instant told(List<String> log, Instant since, Predicate<String> which) throws IOException {
        return log.stream()
                .filter(which)
                .flatMap(line -> stamp(line).stream())
                .filter(time -> time.isAfter(since))
                .findFirst()
                .orElseThrow(
                        () -> new IOException("the log of the appliance does not tell when its parts have started"));
    }

    private static Optional<Instant> stamp(String line) {
        try {
            return Optional.of(LocalDateTime.parse(line.substring(0, Math.min(STAMP, line.length())), LOGGED)
                    .atZone(ZoneId.systemDefault())
                    .toInstant());
        } catch (DateTimeParseException e) {
            // The rest of a longer message.
            return Optional.empty();
        }
    }
}
