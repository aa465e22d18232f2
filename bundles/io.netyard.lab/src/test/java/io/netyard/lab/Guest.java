package io.netyard.lab;

import io.netyard.testing.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process with namespaces of its own that Netyard has nothing to do with: what a container is, to others. */
final class Guest implements AutoCloseable {

    private final Process process;

    Guest() throws Exception {
        process = new ProcessBuilder("unshare", "--net", "--uts", "sleep", "600").start();
        Eventually.holds("a guest", () -> read("cmdline").startsWith("sleep\0"));
    }

    long pid() {
        return process.pid();
    }

    /** In clock ticks since boot. */
    long startTime() throws IOException {
        String stat = read("stat");
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
    }

    private String read(String file) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid()), file), StandardCharsets.ISO_8859_1);
    }

    /** What a command prints inside, standard error included. */
    String run(String command) throws IOException, InterruptedException {
        return runOutside(
                Stream.concat(Stream.of("nsenter", "--net=/proc/" + pid() + "/ns/net"), Stream.of(command.split(" ")))
                        .toArray(String[]::new));
    }

    static String runOutside(String... command) throws IOException, InterruptedException {
        Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!run.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(List.of(command) + " did not end");
            }
            return output;
        } finally {
            run.destroyForcibly();
        }
    }

    /** All that could betray that somebody has been here. */
    List<String> state() throws IOException, InterruptedException {
        List<String> state = new ArrayList<>();
        for (String command : List.of(
                "ip -d addr",
                "ip route show table all",
                "ip -6 route show table all",
                "ip neigh",
                "ip rule",
                "bridge link")) {
            state.add(command + "\n" + run(command));
        }
        return state;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
