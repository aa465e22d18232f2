package io.netyard.testing.containers;

import io.netyard.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A container of Podman (packages podman, crun, runc), with a storage of its own. */
public final class PodmanContainer extends RealContainer {

    private final String name;
    private final Path directory;
    private final Path root;
    /** Podman wants no more than 50 characters. */
    private final Path shortPath;

    private final Traces cgroups = Traces.ofCgroups();
    private Optional<ProcessHandle> conmon = Optional.empty();

    private PodmanContainer(Path scratch, String name) {
        super("podman:" + name);
        this.name = name;
        this.directory = directory(scratch, "podman");
        this.root = BusyboxRoot.make(directory.resolve(name));
        try {
            this.shortPath = Files.createTempDirectory(Path.of("/run"), "podman");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Not yet started. */
    public static PodmanContainer of(Path scratch, String name) {
        return new PodmanContainer(scratch, name);
    }

    @Override
    public void start() {
        podman(
                "run",
                "--detach",
                "--name",
                name,
                "--network=none",
                // The limits that Podman wants to set are higher than those of many a test machine.
                "--ulimit=nofile=1024:1024",
                "--ulimit=nproc=1024:1024",
                "--rootfs",
                root.toString(),
                "/bin/sleep",
                "100000");
        conmon = ProcessHandle.of(pid()).flatMap(ProcessHandle::parent);
    }

    @Override
    public void stop() {
        if (conmon.isEmpty()) {
            return;
        }
        podman("rm", "--force", "--time", "0", name);
        try {
            // It turns into what cleans up.
            Eventually.holds("conmon has ended", () -> conmon.filter(ProcessHandle::isAlive)
                    .isEmpty());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        conmon = Optional.empty();
    }

    @Override
    public long pid() {
        return Long.parseLong(
                podman("inspect", "--format", "{{.State.Pid}}", name).strip());
    }

    @Override
    public void close() {
        stop();
        cgroups.removeNew("libpod");
        Tool.run("rm", "--recursive", shortPath.toString());
    }

    private String podman(String... more) {
        List<String> words = new ArrayList<>(List.of(
                "env",
                "TMPDIR=" + directory,
                "podman",
                "--root=" + directory.resolve("root"),
                "--runroot=" + shortPath.resolve("run"),
                "--tmpdir=" + shortPath.resolve("tmp"),
                "--cgroup-manager=cgroupfs",
                "--storage-driver=vfs",
                "--events-backend=file",
                // crun refuses control groups of both versions side by side.
                "--runtime=" + (Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")) ? "crun" : "runc")));
        words.addAll(List.of(more));
        return Tool.run(words);
    }
}
