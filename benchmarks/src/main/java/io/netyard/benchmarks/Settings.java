package io.netyard.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was asked for.
 *
 * @param names of the benchmarks to be run; none for all
 * @param nodes sizes of networks, for the benchmarks that make such; none for their own choice
 * @param rounds how often each thing is measured; 0 for the benchmark's own choice
 * @param launcher {@code ./netyard}
 */
record Settings(List<String> names, List<Integer> nodes, int rounds, Path launcher) {

    private static final int MOST_NODES = 1000;

    /** @throws IllegalArgumentException with one line about what is wrong with them */
    static Settings of(List<String> arguments, Path launcher) {
        List<String> names = new ArrayList<>();
        List<Integer> nodes = List.of();
        int rounds = 0;
        var rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            switch (argument) {
                case "--nodes" -> nodes = numbers(argument, rest.hasNext() ? rest.next() : "", 2, MOST_NODES);
                case "--rounds" ->
                    rounds = numbers(argument, rest.hasNext() ? rest.next() : "", 1, 1000)
                            .get(0);
                default -> {
                    if (argument.startsWith("-")) {
                        throw new IllegalArgumentException("unknown option " + argument);
                    }
                    names.add(argument);
                }
            }
        }
        return new Settings(List.copyOf(names), nodes, rounds, launcher);
    }

    private static List<Integer> numbers(String option, String text, int least, int most) {
        try {
            List<Integer> numbers =
                    Stream.of(text.split(",")).map(Integer::valueOf).toList();
            if (numbers.stream().allMatch(number -> number >= least && number <= most)) {
                return numbers;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "%s takes numbers from %d to %d, not '%s'".formatted(option, least, most, text));
    }

    /** The directory {@code benchmarks/programs}. */
    Path programs() {
        return launcher.resolveSibling("benchmarks/programs");
    }

    List<Integer> nodesOr(List<Integer> usual) {
        return nodes.isEmpty() ? usual : nodes;
    }

    int roundsOr(int usual) {
        return rounds == 0 ? usual : rounds;
    }
}
