package io.netyard.container;

import io.netyard.api.container.ContainerRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Containers of Podman; conmon(8) watches over each. */
@Component
public final class Podman implements ContainerRuntime {

    private static final Set<String> VALUED = Set.of(
            "--api-version",
            "-b",
            "--bundle",
            "-c",
            "--cid",
            "-u",
            "--cuuid",
            "-n",
            "--name",
            "-r",
            "--runtime",
            "--runtime-arg",
            "--runtime-opt",
            "--exit-dir",
            "--exit-command",
            "--exit-command-arg",
            "--exit-delay",
            "--persist-dir",
            "-p",
            "--container-pidfile",
            "-P",
            "--conmon-pidfile",
            "-l",
            "--log-path",
            "--log-level",
            "--log-size-max",
            "--log-tag",
            "--log-label",
            "--socket-dir-path",
            "-0",
            "--sdnotify-mode",
            "--seccomp-notify-socket");

    private final Path storage;

    @Activate
    public Podman() {
        this(Path.of("/var/lib/containers/storage"));
    }

    /** @param storage where containers/storage keeps images and containers */
    Podman(Path storage) {
        this.storage = storage;
    }

    @Override
    public String name() {
        return "podman";
    }

    @Override
    public String description() {
        return "containers of Podman";
    }

    /** {@code libpod-ID.scope} of the manager systemd, {@code libpod-ID} of the manager cgroupfs. conmon is in {@code libpod-conmon-ID}. */
    @Override
    public Optional<String> ofCgroup(List<String> path) {
        String group = path.get(path.size() - 1);
        return SystemdUnit.between("libpod-", group, group.endsWith(".scope") ? ".scope" : "")
                .filter(ContainerId::isOne)
                .map(id -> named(id).orElseGet(() -> ContainerId.shortened(id)));
    }

    /** CRI-O uses conmon as well, but does not clean up by podman. */
    @Override
    public Optional<String> ofMonitor(List<String> command) {
        if (!Options.program(command).equals("conmon")) {
            return Optional.empty();
        }
        Options options = new Options(command, VALUED);
        if (options.value("--exit-command")
                .map(Options::fileName)
                .filter("podman"::equals)
                .isEmpty()) {
            return Optional.empty();
        }
        return options.value("-n", "--name").or(() -> options.value("-c", "--cid")
                .filter(ContainerId::isOne)
                .map(id -> named(id).orElseGet(() -> ContainerId.shortened(id))));
    }

    private Optional<String> named(String id) {
        return Stream.of("overlay", "vfs", "btrfs", "zfs")
                .map(driver -> storage.resolve(driver + "-containers").resolve("containers.json"))
                .flatMap(file -> JsonFile.read(file).stream())
                .flatMap(all -> all instanceof List<?> list ? list.stream() : Stream.empty())
                .filter(container ->
                        JsonFile.string(container, "id").filter(id::equals).isPresent())
                .flatMap(container -> JsonFile.first(container, "names").stream())
                .findFirst();
    }
}
