package io.netyard.testing.containers;

import io.netyard.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A container of LXC (package lxc), with an LXCPATH of its own. */
public final class LxcContainer extends RealContainer {

    /** The first user id of the host that an unprivileged container has, and how many; nobody's on a machine for tests. */
    private static final String ID_MAP = "0 100000 65536";

    private final String name;
    private final Path path;
    private final Path log;
    private final Traces cgroups = Traces.ofCgroups();
    private final Traces locks = Traces.of(Path.of("/run/lxc"));

    private Optional<ProcessHandle> monitor = Optional.empty();

    private LxcContainer(Path scratch, String name, List<String> more) {
        super("lxc:" + name);
        this.name = name;
        this.path = directory(scratch, "lxc");
        this.log = path.resolve(name + ".log");
        Path root = BusyboxRoot.make(BusyboxRoot.open(path.resolve(name)).resolve("rootfs"));
        List<String> config = new ArrayList<>(List.of(
                "lxc.rootfs.path = dir:" + root,
                "lxc.uts.name = " + name,
                "lxc.net.0.type = empty",
                "lxc.apparmor.profile = unconfined",
                "lxc.mount.auto = proc:mixed",
                "lxc.init.cmd = /bin/sleep 100000"));
        config.addAll(more);
        try {
            Files.write(path.resolve(name).resolve("config"), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its root is the host's root. Not yet started. */
    public static LxcContainer privileged(Path scratch, String name) {
        return new LxcContainer(scratch, name, List.of());
    }

    /** Its root is nobody outside: it has a user namespace. Not yet started. */
    public static LxcContainer unprivileged(Path scratch, String name) {
        return new LxcContainer(scratch, name, List.of("lxc.idmap = u " + ID_MAP, "lxc.idmap = g " + ID_MAP));
    }

    @Override
    public void start() {
        try {
            lxc("lxc-start", "--logfile", log.toString(), "--logpriority", "WARN");
            lxc("lxc-wait", "--state", "RUNNING", "--timeout", "60");
            monitor = ProcessHandle.of(pid()).flatMap(ProcessHandle::parent);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + logged(), e);
        }
    }

    @Override
    public void stop() {
        if (lxc("lxc-info", "--state", "--no-humanize").contains("RUNNING")) {
            lxc("lxc-stop", "--kill");
        }
        awaitMonitor();
    }

    @Override
    public long pid() {
        return Long.parseLong(lxc("lxc-info", "--pid", "--no-humanize").strip());
    }

    @Override
    public void close() {
        stop();
        cgroups.removeNew("lxc.");
        locks.removeNew("");
    }

    /** It ends a little later; until then it keeps a control group. */
    private void awaitMonitor() {
        try {
            Eventually.holds("the monitor has ended", () -> monitor.filter(ProcessHandle::isAlive)
                    .isEmpty());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String lxc(String program, String... more) {
        List<String> words = new ArrayList<>(List.of(program, "--lxcpath", path.toString(), "--name", name));
        words.addAll(List.of(more));
        return Tool.run(words);
    }

    private String logged() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }
}
