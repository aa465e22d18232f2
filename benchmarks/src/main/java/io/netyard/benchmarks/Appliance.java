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

    private final Path launcher;
    private final String bundle;

    /** @param jar of this module, installed as a bundle */
    Appliance(Path launcher, Path jar) throws IOException, InterruptedException {
        this.launcher = launcher;
        String said = run("bundle:install -s file:" + jar).output();
        Matcher matcher = BUNDLE.matcher(said);
        if (!matcher.find()) {
            throw new IOException("the appliance has not installed " + jar + ": " + said);
        }
        bundle = matcher.group(1);
    }

    /** One console command, as {@code ./netyard run} does it. */
    Program run(String command) throws IOException, InterruptedException {
        return Program.run(List.of(launcher.toString(), "--host", "run", command));
    }

    /** How long a console command takes inside the appliance, from parsing to the last byte of its output. */
    Duration time(String command) throws IOException, InterruptedException {
        return Duration.ofNanos(
                Long.parseLong(run("bench:time '" + command + "'").output().strip()));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("bundle:uninstall " + bundle);
    }
}
