package io.netyard.netns;

import io.netyard.testing.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process in a network namespace that Netyard has nothing to do with: {@code unshare --net sleep}. */
final class Foreign implements AutoCloseable {

    private final Process process;

    Foreign(String... unshare) throws Exception {
        String[] command = {"unshare", "--net", "--uts", "sleep", "300"};
        process = new ProcessBuilder(unshare.length > 0 ? unshare : command).start();
        Eventually.holds("a foreign namespace", () -> Processes.arguments(pid()).startsWith("sleep\0"));
    }

    long pid() {
        return process.pid();
    }

    long inode() {
        return Processes.netInode(pid()).orElseThrow();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What a command prints that looks at it from outside, standard error included. */
    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(List.of(command) + " did not end");
            }
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
