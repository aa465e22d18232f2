package io.netyard.testing.containers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A machine of systemd-nspawn (package systemd-container), not registered anywhere: it needs no systemd. */
public final class NspawnContainer extends RealContainer {

    private final String name;
    private final Path root;
    private final Path log;
    private final Traces cgroups = Traces.ofCgroups();
    private final Traces run = Traces.of(Path.of("/run/systemd/nspawn"));
    private Daemon nspawn;

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
        List<String> command = List.of(
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
                // A shell that becomes something else: when it has spoken, all is set up.
                "echo up; exec sleep 100000");
        // Locks of a directory that nobody else knows of would only be left in /run.
        nspawn = new Daemon(command, Map.of("SYSTEMD_NSPAWN_LOCK", "0"), log, () -> Files.readString(log)
                .contains("up"));
    }

    @Override
    public void stop() {
        if (nspawn != null) {
            nspawn.close();
            nspawn = null;
        }
    }

    /** The child of systemd-nspawn: where it registers a machine, that is what it names as the leader. */
    @Override
    public long pid() {
        return nspawn.child().pid();
    }

    @Override
    public void close() {
        stop();
        cgroups.removeNew("payload", "supervisor");
        run.removeNew("");
    }
}
