package io.netyard.testing.containers;

import io.netyard.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A machine of systemd-nspawn (package systemd-container), not registered anywhere: it needs no systemd. */
public final class NspawnContainer extends RealContainer {

    /** In seconds. */
    private static final int PATIENCE = 60;

    private final String name;
    private final Path root;
    private final Path log;
    private final Traces cgroups = Traces.ofCgroups();
    private final Traces run = Traces.of(Path.of("/run/systemd/nspawn"));
    private Process nspawn;

    private NspawnContainer(Path scratch, String name) {
        super("nspawn:" + name);
        this.name = name;
        Path directory = directory(scratch, "nspawn");
        this.root = BusyboxRoot.make(directory.resolve(name));
        this.log = directory.resolve(name + ".log");
    }

    /** Not yet started. */
    public static NspawnContainer of(Path scratch, String name) {
        return new NspawnContainer(scratch, name);
    }

    @Override
    public void start() {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                "systemd-nspawn",
                "--quiet",
                "--register=no",
                "--keep-unit",
                "--directory=" + root,
                "--machine=" + name,
                "--private-network",
                "--console=pipe",
                "--settings=no",
                "--link-journal=no",
                "--resolv-conf=off",
                "--timezone=off",
                "/bin/sh",
                "-c",
                // A shell that becomes something else: when it has, all is set up.
                "echo up; exec sleep 100000"));
        // Locks of a directory that nobody else knows of would only be left in /run.
        builder.environment().put("SYSTEMD_NSPAWN_LOCK", "0");
        builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        try {
            nspawn = builder.start();
            Eventually.holds(name + " runs", () -> {
                if (!nspawn.isAlive()) {
                    throw new AssertionError("systemd-nspawn has ended: " + Files.readString(log));
                }
                return Files.readString(log).contains("up") && leader().isPresent();
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The child of systemd-nspawn, which is what it registers as the machine's leader where it does. */
    private Optional<ProcessHandle> leader() {
        return nspawn.toHandle().children().findFirst();
    }

    @Override
    public void stop() {
        if (nspawn == null) {
            return;
        }
        Optional<ProcessHandle> leader = leader();
        nspawn.destroy();
        try {
            if (!nspawn.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                leader.ifPresent(ProcessHandle::destroyForcibly);
                nspawn.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        nspawn = null;
    }

    @Override
    public long pid() {
        return leader().orElseThrow(() -> new AssertionError(name + " does not run"))
                .pid();
    }

    @Override
    public void close() {
        stop();
        cgroups.removeNew("payload", "supervisor");
        run.removeNew("");
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
