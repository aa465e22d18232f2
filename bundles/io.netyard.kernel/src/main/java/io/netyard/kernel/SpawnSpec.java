package io.netyard.kernel;

import java.util.List;

/**
 * A program to be started.
 *
 * @param file searched in PATH unless it has a slash
 * @param argv the first one is the program's own name for itself, which {@code ps} shows
 * @param environment entries of the form {@code KEY=VALUE}
 * @param stdio where its standard streams lead
 */
public record SpawnSpec(String file, List<String> argv, List<String> environment, Stdio stdio) {

    public SpawnSpec {
        argv = List.copyOf(argv);
        environment = List.copyOf(environment);
    }

    /** The three standard streams of a program. */
    public sealed interface Stdio {}

    /** All three are /dev/null. */
    public record Detached() implements Stdio {}

    /** Three pipes. */
    public record Pipes() implements Stdio {}

    /** A pseudo terminal, which becomes the program's controlling terminal. In character cells. */
    public record Terminal(int columns, int rows) implements Stdio {}
}
