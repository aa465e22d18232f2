package io.netyard.lab;

import io.netyard.lab.plan.Boundary;
import io.netyard.testing.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Another JVM that changes a lab, and says at which boundary it is. It can be made to end there as if killed, or to wait. */
final class LabProcess implements AutoCloseable {

    private static final int END = 9;

    private static final Pattern BOUNDARY = Pattern.compile("at (\\d+) of (\\d+)");

    private static final String DONE = "done";

    private final Process process;
    private final BufferedReader output;

    /**
     * @param what {@code apply} or {@code destroy}
     * @param subject a lab file, or a lab's name
     * @param how {@code halt:K}, {@code wait:K}, or anything else to go on
     */
    LabProcess(Path state, String what, String subject, String how) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LabProcess.class.getName(),
                        state.toString(),
                        what,
                        subject,
                        how)
                .redirectErrorStream(true)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    long pid() {
        return process.pid();
    }

    /** The boundary that it has come to; empty when it has ended. */
    OptionalInt nextBoundary() throws IOException {
        StringBuilder other = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher boundary = BOUNDARY.matcher(line);
            if (boundary.matches()) {
                return OptionalInt.of(Integer.parseInt(boundary.group(1)));
            }
            if (!line.equals(DONE)) {
                other.append(line).append('\n');
            }
        }
        if (!other.isEmpty()) {
            throw new AssertionError(other.toString());
        }
        return OptionalInt.empty();
    }

    void awaitBoundary(int boundary) throws IOException {
        OptionalInt reached = nextBoundary();
        while (reached.isPresent() && reached.getAsInt() < boundary) {
            reached = nextBoundary();
        }
        if (reached.isEmpty()) {
            throw new AssertionError("has ended before boundary " + boundary);
        }
    }

    /** From its waiting, to its end. */
    void goOn() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        while (nextBoundary().isPresent()) {
            // And the next one.
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int awaitEnd() throws Exception {
        while (nextBoundary().isPresent()) {
            // And the next one.
        }
        process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS);
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    public static void main(String... arguments) throws IOException {
        Path state = Path.of(arguments[0]);
        String[] how = Stream.concat(Stream.of(arguments[3].split(":")), Stream.of("-1"))
                .limit(2)
                .toArray(String[]::new);
        int at = Integer.parseInt(how[1]);
        AtomicBoolean waited = new AtomicBoolean();
        Boundary boundary = (done, steps) -> {
            System.out.printf("at %d of %d%n", done, steps);
            if (done == at && how[0].equals("halt")) {
                Runtime.getRuntime().halt(END);
            }
            if (done == at && how[0].equals("wait") && !waited.getAndSet(true)) {
                await();
            }
        };
        try (Appliance appliance = new Appliance(state, boundary)) {
            if (arguments[1].equals("apply")) {
                appliance.apply(Path.of(arguments[2]), Optional.empty());
            } else {
                appliance.destroy(arguments[2]);
            }
        }
        System.out.println(DONE);
        // Threads of the services are no reason to stay.
        Runtime.getRuntime().halt(0);
    }

    private static void await() {
        try {
            if (System.in.read() < 0) {
                Runtime.getRuntime().halt(END);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
