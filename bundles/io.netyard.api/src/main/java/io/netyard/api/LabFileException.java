package io.netyard.api;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** A lab file is wrong. Carries every problem found, each with its place. */
public final class LabFileException extends NetyardException {

    private static final long serialVersionUID = 1L;

    /**
     * One thing wrong with a file.
     *
     * @param line from 1; 0 if the file as a whole is meant
     * @param column from 1; 0 if the file as a whole is meant
     */
    public record Problem(String file, int line, int column, String what) implements java.io.Serializable {

        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            return line == 0 ? file + ": " + what : "%s:%d:%d: %s".formatted(file, line, column, what);
        }
    }

    private final List<Problem> problems;

    /** @param problems at least one */
    public LabFileException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(joining("\n")), null);
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
