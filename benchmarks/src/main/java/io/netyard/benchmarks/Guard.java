package io.netyard.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Cleans up after a JVM that was killed: a process that runs a command when its standard input ends, unless it has read a line before. It has a
 * session of its own, where what interrupts this JVM does not reach it.
 */
final class Guard implements AutoCloseable {

    private final Conversation process;

    Guard(List<String> command) throws IOException {
        List<String> guarded =
                new ArrayList<>(List.of("setsid", "sh", "-c", "read -r line || exec \"$@\" >/dev/null 2>&1", "guard"));
        guarded.addAll(command);
        process = new Conversation(Path.of("/"), guarded);
    }

    /** There is nothing to be cleaned up any more. */
    @Override
    public void close() throws IOException, InterruptedException {
        process.say("done");
        process.close();
    }
}
