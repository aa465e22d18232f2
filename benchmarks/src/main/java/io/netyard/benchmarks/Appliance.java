package io.netyard.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The running appliance; while this is open, it has the command that measures others. */
final class Appliance implements AutoCloseable {

    private static final Pattern BUNDLE = Pattern.compile("Bundle ID: (\\d+)");
    private static final Pattern PID = Pattern.compile("pid (\\d+)");

    private final Path launcher;
    private final String bundle;
    private final Guard guard;

    /** @param jar of this module, installed as a bundle */
    Appliance(Path launcher, Path jar) throws IOException, InterruptedException {
        this.launcher = launcher;
        String said = run("bundle:install -s file:" + jar).output();
        Matcher matcher = BUNDLE.matcher(said);
        if (!matcher.find()) {
            throw new IOException("the appliance has not installed " + jar + ": " + said);
        }
        bundle = matcher.group(1);
        guard = guard("bundle:uninstall " + bundle);
    }

    /** One console command, as {@code ./netyard run} does it. */
    Program run(String command) throws IOException, InterruptedException {
        return Program.run(List.of(launcher.toString(), "--host", "run", command));
    }

    /**
     * @param start as {@link System#nanoTime}
     * @param took from parsing to the last byte of its output
     */
    record Timed(long start, Duration took) {}

    /** Runs a console command inside the appliance, where neither ssh nor the launcher counts. */
    Timed time(String command) throws IOException, InterruptedException {
        String[] said = run("bench:time '" + command + "'").output().strip().split(" ");
        return new Timed(Long.parseLong(said[0]), Duration.ofNanos(Long.parseLong(said[1])));
    }

    /** Has a console command run when this JVM ends without having closed the guard. */
    Guard guard(String command) throws IOException {
        return new Guard(List.of(launcher.toString(), "--host", "run", command));
    }

    /** Of its JVM. */
    long pid() throws IOException, InterruptedException {
        String said =
                Program.run(List.of(launcher.toString(), "--host", "status")).output();
        Matcher matcher = PID.matcher(said);
        if (!matcher.find()) {
            throw new IOException("the launcher does not tell the pid: " + said);
        }
        return Long.parseLong(matcher.group(1));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("bundle:uninstall " + bundle);
        guard.close();
    }
}
