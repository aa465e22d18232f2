package io.netyard.lab.file;

import io.netyard.api.LabFileException;
import io.netyard.api.LabFileException.Problem;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Everything found wrong with one file. Stages share most of their text, so the same problem comes up often and counts once. */
final class Problems {

    /** Nobody reads more than this, and a file can be wrong in very many places. */
    private static final int MOST = 100;

    private record Found(Position position, String what) {}

    private final Path file;
    private final Set<Found> found = new LinkedHashSet<>();

    Problems(Path file) {
        this.file = file;
    }

    /** @throws LabFileException if it is one too many: then there is no use in looking further */
    void add(Position position, String what) {
        found.add(new Found(position, what));
        if (found.size() == MOST) {
            throw new LabFileException(asList());
        }
    }

    /** @throws LabFileException if anything was added so far, with all of it in the file's order */
    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new LabFileException(asList());
        }
    }

    LabFileException with(Position position, String what) {
        add(position, what);
        return new LabFileException(asList());
    }

    private List<Problem> asList() {
        return found.stream()
                .sorted(Comparator.comparing(Found::position))
                .map(problem -> new Problem(
                        file.toString(),
                        problem.position().line(),
                        problem.position().column(),
                        problem.what()))
                .toList();
    }
}
