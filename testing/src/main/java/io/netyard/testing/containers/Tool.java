package io.netyard.testing.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a runtime's own program to its end. */
final class Tool {

    /** In seconds. The lab kernel is slow at starting programs. */
    private static final int LIMIT = 120;

    private Tool() {}

    static String run(String... command) {
        return run(List.of(command));
    }

    /**
     * Its output, standard error included.
     *
     * @throws AssertionError with that output if it fails or does not end
     */
    static String run(List<String> command) {
        try {
            // Not a pipe: what the program leaves running would hold it open.
            Path output = Files.createTempFile("netyard-tool", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                try {
                    boolean ended = process.waitFor(LIMIT, TimeUnit.SECONDS);
                    String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
                    if (!ended || process.exitValue() != 0) {
                        throw new AssertionError(
                                "%s %s: %s".formatted(command, ended ? "failed" : "does not end", said.strip()));
                    }
                    return said;
                } finally {
                    process.destroyForcibly();
                }
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
