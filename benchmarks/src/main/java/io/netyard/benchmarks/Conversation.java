package io.netyard.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program that is talked with by lines. However this JVM ends, the program's standard input ends with it; all of those in
 * {@code benchmarks/programs} end then.
 */
final class Conversation implements AutoCloseable {

    /** In seconds: longer than any of them takes for an answer, or to end. */
    private static final int LIMIT = 600;

    private final String name;
    private final Process process;
    private final BufferedReader answers;

    Conversation(Path directory, List<String> command) throws IOException {
        name = command.get(0);
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    long pid() {
        return process.pid();
    }

    void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    String hear() throws IOException, InterruptedException {
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(this::read);
        try {
            String line = answer.get(LIMIT, TimeUnit.SECONDS);
            if (line == null) {
                throw new IOException(name + " ended with status " + process.waitFor() + " before it had answered");
            }
            return line;
        } catch (TimeoutException e) {
            throw new IOException(name + " has not answered within " + LIMIT + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(name + " does not answer", e);
        }
    }

    /** @throws IOException if it says anything else */
    void expect(String wanted) throws IOException, InterruptedException {
        String line = hear();
        while (!line.equals(wanted)) {
            if (line.startsWith("lost")) {
                throw new IOException(name + ": " + line);
            }
            line = hear();
        }
    }

    private String read() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends its input, and waits for its end. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
        } finally {
            if (!process.waitFor(LIMIT, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
