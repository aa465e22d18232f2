package io.netyard.testing.containers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A container of a real runtime with a root file system of busybox, no network but the loopback interface, and nothing of the host's
 * configuration. All of its files are in a scratch directory; closing it ends it and leaves nothing behind. For one thread.
 */
public abstract class RealContainer implements AutoCloseable {

    private final String label;

    RealContainer(String label) {
        this.label = label;
    }

    /** {@code RUNTIME:NAME}, as Netyard is to call it. */
    public final String label() {
        return label;
    }

    /** Returns when it runs. */
    public abstract void start();

    /** Returns when none of its processes is left. Does nothing if it does not run. */
    public abstract void stop();

    /** Its first process, as the runtime's own tools tell; while it runs. */
    public abstract long pid();

    /** Ends it and starts it again: another process, other namespaces. */
    public final void restart() {
        stop();
        start();
    }

    /** What a program prints that runs in all of the container's namespaces, standard error included. */
    public final String run(String... command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--target", Long.toString(pid()), "--all", "--"));
        words.addAll(List.of(command));
        return Tool.run(words);
    }

    /** The same, but in its network namespace alone: with the host's programs, for instance ip(8). */
    public final String runInNetwork(String... command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--target", Long.toString(pid()), "--net", "--"));
        words.addAll(List.of(command));
        return Tool.run(words);
    }

    @Override
    public abstract void close();

    @Override
    public final String toString() {
        return label;
    }

    /** @return where the container's files may be put; who is nobody outside of it must be able to reach it */
    static Path directory(Path scratch, String name) {
        BusyboxRoot.open(scratch);
        return BusyboxRoot.open(scratch.resolve(name));
    }
}
