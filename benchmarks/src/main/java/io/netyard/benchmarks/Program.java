package io.netyard.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A run of a program to its end.
 *
 * @param took from before it was started until it had ended and all that it wrote had been read
 */
record Program(String output, Duration took) {

    /** In seconds: more than anything here takes. */
    private static final int LIMIT = 600;

    /** What it writes to its standard error goes to ours if it fails; else it is of no interest here. */
    static Program run(List<String> command) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("netyard-bench-", ".err");
        // In case this JVM is told to end.
        errors.toFile().deleteOnExit();
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectError(errors.toFile())
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT, TimeUnit.SECONDS)) {
                throw new IOException(command + " did not end within " + LIMIT + " s");
            }
            long end = System.nanoTime();
            if (process.exitValue() != 0) {
                System.err.print(Files.readString(errors));
                throw new IOException(command + " failed with status " + process.exitValue());
            }
            return new Program(output, Duration.ofNanos(end - start));
        } finally {
            process.destroyForcibly();
            Files.delete(errors);
        }
    }
}
