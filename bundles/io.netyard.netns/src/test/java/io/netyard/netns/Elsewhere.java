package io.netyard.netns;

import io.netyard.testing.Eventually;
import java.util.ArrayList;
import java.util.List;

/**
 * A shell in namespaces that Netyard has nothing to do with, made by unshare(1). It says "ready", reads a line and ends: closing ends it.
 */
final class Elsewhere implements AutoCloseable {

    /** Of every type that a kernel without time namespaces has too. */
    static final List<String> ALL = List.of(
            "--user",
            "--map-root-user",
            "--net",
            "--uts",
            "--ipc",
            "--cgroup",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc");

    private final Process unshare;
    private final long pid;

    /** @param program whose last words are the shell and its script; by default one that waits */
    Elsewhere(List<String> unshare, String... program) throws Exception {
        List<String> command = new ArrayList<>(List.of("unshare"));
        command.addAll(unshare);
        command.addAll(program.length > 0 ? List.of(program) : List.of("sh", "-c", "echo ready; read line"));
        this.unshare = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] ready = this.unshare.getInputStream().readNBytes("ready\n".length());
        if (ready.length == 0) {
            throw new AssertionError(command + " has not come up");
        }
        pid = unshare.contains("--fork")
                ? this.unshare.children().findFirst().orElseThrow().pid()
                : this.unshare.pid();
    }

    /** Of the shell. */
    long pid() {
        return pid;
    }

    /** The link of /proc/PID/ns. */
    String namespace(String type) throws Exception {
        return java.nio.file.Files.readSymbolicLink(Processes.directory(pid).resolve("ns/" + type))
                .toString();
    }

    @Override
    public void close() throws Exception {
        unshare.getOutputStream().close();
        unshare.waitFor();
        Eventually.holds("the shell has ended", () -> Processes.isGone(pid));
    }
}
