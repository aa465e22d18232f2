package io.netyard.testing.containers;

import io.netyard.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A program that a runtime needs running, for as long as this is open. */
final class Daemon implements AutoCloseable {

    /** In seconds. */
    private static final int PATIENCE = 60;

    private final Process process;

    /**
     * Returns when it is ready.
     *
     * @param log where its output goes
     * @throws AssertionError with its output if it ends or does not get ready
     */
    Daemon(List<String> command, Map<String, String> environment, Path log, Callable<Boolean> ready) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Eventually.holds(command.get(0) + " is ready", () -> {
                if (!process.isAlive()) {
                    throw new AssertionError(command.get(0) + " has ended: " + Files.readString(log));
                }
                return ready.call();
            });
        } catch (AssertionError e) {
            close();
            throw e;
        } catch (Exception e) {
            close();
            throw new IllegalStateException(e);
        }
    }

    /** Its only child, or one of them. */
    ProcessHandle child() {
        return process.children()
                .findFirst()
                .orElseThrow(() -> new AssertionError(process.info().command().orElse("?") + " has no child"));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
