package io.netyard.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many processes in network namespaces of their own.
 *
 * <p>Each reads from a pipe of which only this JVM has the other end: however this JVM ends, they all end with it.
 */
final class Crowd implements AutoCloseable {

    /** In seconds: for all of them to start, and to end. */
    private static final int LIMIT = 120;

    /** $1 processes. In the background a shell gives its standard input away. */
    private static final String MEMBERS =
            "exec 3<&0; i=1; while [ $i -lt $1 ]; do cat <&3 3<&- & i=$((i+1)); done; exec cat 3<&-";

    private final List<Process> firsts = new ArrayList<>();
    private final Thread atExit = new Thread(this::end);
    private List<ProcessHandle> members = List.of();

    /** @param each number of processes in each namespace */
    Crowd(int namespaces, int each) throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            for (int i = 0; i < namespaces; i++) {
                firsts.add(new ProcessBuilder("unshare", "--net", "sh", "-c", MEMBERS, "member", Integer.toString(each))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
            }
            await(namespaces * each);
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Of the first process of each namespace. */
    List<Long> firstPids() {
        return firsts.stream().map(Process::pid).toList();
    }

    private void await(int wanted) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT);
        do {
            members = ProcessHandle.current()
                    .descendants()
                    .filter(process -> process.info().command().orElse("").endsWith("/cat"))
                    .toList();
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "only %d of %d processes have started within %d s".formatted(members.size(), wanted, LIMIT));
            }
            Thread.sleep(100);
        } while (members.size() < wanted);
    }

    private void end() {
        for (Process first : firsts) {
            try {
                first.getOutputStream().close();
            } catch (IOException e) {
                // It has ended by itself.
                continue;
            }
        }
        members.forEach(ProcessHandle::destroyForcibly);
        for (Process first : firsts) {
            first.destroyForcibly();
        }
    }

    @Override
    public void close() throws InterruptedException {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT);
        while (members.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
    }
}
