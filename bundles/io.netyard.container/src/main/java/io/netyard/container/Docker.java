package io.netyard.container;

import io.netyard.api.container.ContainerRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Containers of the Docker Engine, with either of its cgroup drivers. Those that containerd runs for others are not Docker's. */
@Component
public final class Docker implements ContainerRuntime {

    /** What the engine calls itself towards containerd. */
    private static final String NAMESPACE = "moby";

    private static final Set<String> VALUED = Set.of(
            "-namespace",
            "--namespace",
            "-id",
            "--id",
            "-address",
            "--address",
            "-workdir",
            "--workdir",
            "-bundle",
            "-publish-binary",
            "-containerd-binary",
            "-runtime-root",
            "-socket");

    private final Path containers;

    @Activate
    public Docker() {
        this(Path.of("/var/lib/docker/containers"));
    }

    /** @param containers with a directory {@code ID} for each */
    Docker(Path containers) {
        this.containers = containers;
    }

    @Override
    public String name() {
        return "docker";
    }

    @Override
    public String description() {
        return "containers of the Docker Engine";
    }

    /** {@code docker-ID.scope} of the driver systemd, {@code docker/ID} of the driver cgroupfs. */
    @Override
    public Optional<String> ofCgroup(List<String> path) {
        String group = path.get(path.size() - 1);
        String above = path.size() < 2 ? "" : path.get(path.size() - 2);
        return SystemdUnit.between("docker-", group, ".scope")
                .or(() -> above.equals("docker") ? Optional.of(group) : Optional.empty())
                .filter(ContainerId::isOne)
                .map(this::nameOf);
    }

    /** {@code containerd-shim-runc-v2 -namespace moby -id ID …}; before containerd 1.2 the last part of -workdir was the id. */
    @Override
    public Optional<String> ofMonitor(List<String> command) {
        if (!Options.program(command).startsWith("containerd-shim")) {
            return Optional.empty();
        }
        Options options = new Options(command, VALUED);
        if (options.value("-namespace", "--namespace").filter(NAMESPACE::equals).isEmpty()) {
            return Optional.empty();
        }
        return Stream.of(
                        options.value("-id", "--id"),
                        options.value("-workdir", "--workdir").map(Options::fileName))
                .flatMap(Optional::stream)
                .filter(ContainerId::isOne)
                .findFirst()
                .map(this::nameOf);
    }

    private String nameOf(String id) {
        return JsonFile.read(containers.resolve(id).resolve("config.v2.json"))
                .flatMap(config -> JsonFile.string(config, "Name"))
                .map(name -> name.startsWith("/") ? name.substring(1) : name)
                .filter(name -> !name.isEmpty())
                .orElseGet(() -> ContainerId.shortened(id));
    }
}
