package io.netyard.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that has the pid which another one had. The kernel gives pids in turn, and can be told where to go on (ns_last_pid, proc(5)), where it
 * was built with CONFIG_CHECKPOINT_RESTORE.
 */
public final class ReusedPid implements AutoCloseable {

    private static final Path LAST = Path.of("/proc/sys/kernel/ns_last_pid");

    /** Others start processes, too, and may be faster. */
    private static final int ATTEMPTS = 500;

    private final Process process;

    private ReusedPid(Process process) {
        this.process = process;
    }

    public static boolean isPossible() {
        return Files.isWritable(LAST);
    }

    /**
     * @param pid of a process that has ended and been collected
     * @param command a program that becomes none else, so that it has its pid from the start
     */
    public static ReusedPid start(long pid, List<String> command) throws Exception {
        List<Long> had = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Files.write(LAST, Long.toString(pid - 1).getBytes(StandardCharsets.US_ASCII));
            Process process = new ProcessBuilder(command).start();
            if (process.pid() == pid) {
                return new ReusedPid(process);
            }
            had.add(process.pid());
            process.destroyForcibly().waitFor();
        }
        throw new AssertionError("no process got pid " + pid + ", but " + had);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
