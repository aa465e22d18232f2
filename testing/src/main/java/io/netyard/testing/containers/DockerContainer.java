package io.netyard.testing.containers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A container of the Docker Engine (packages docker.io, containerd), with an engine of its own that has no bridge and no firewall. Netyard knows
 * it by its id, as only the engine's usual directory is looked at for names.
 */
public final class DockerContainer extends RealContainer {

    private static final int SHORT_ID = 12;

    private record Engine(
            Path directory,
            Traces cgroups,
            Traces shims,
            Traces plugins,
            Traces key,
            Daemon containerd,
            Daemon dockerd,
            String id) {

        static Engine start(Path directory, String name) {
            Traces cgroups = Traces.ofCgroups();
            Traces shims = Traces.of(Path.of("/run/containerd"));
            Traces plugins = Traces.of(Path.of("/run/docker"));
            Traces key = Traces.of(Path.of("/etc/docker"));
            Path socket = directory.resolve("containerd.sock");
            Daemon containerd = new Daemon(
                    List.of(
                            "containerd",
                            "--root=" + directory.resolve("containerd"),
                            "--state=" + directory.resolve("containerd-state"),
                            "--address=" + socket),
                    Map.of(),
                    directory.resolve("containerd.log"),
                    () -> Files.exists(socket));
            try {
                Daemon dockerd = new Daemon(
                        List.of(
                                "dockerd",
                                "--containerd=" + socket,
                                "--data-root=" + directory.resolve("data"),
                                "--exec-root=" + directory.resolve("exec"),
                                "--pidfile=" + directory.resolve("docker.pid"),
                                "--host=" + host(directory),
                                "--bridge=none",
                                "--iptables=false",
                                "--ip6tables=false",
                                "--ip-forward=false",
                                "--storage-driver=vfs",
                                "--exec-opt=native.cgroupdriver=cgroupfs"),
                        Map.of(),
                        directory.resolve("docker.log"),
                        () -> answers(directory));
                try {
                    Path archive = directory.resolve("root.tar");
                    Path root = BusyboxRoot.make(directory.resolve("busybox"));
                    Tool.run("tar", "-C", root.toString(), "-cf", archive.toString(), ".");
                    docker(directory, "import", archive.toString(), "busybox");
                    String id = docker(
                                    directory,
                                    "create",
                                    "--name",
                                    name,
                                    "--network=none",
                                    "--ulimit=nofile=1024:1024",
                                    "busybox",
                                    "/bin/sleep",
                                    "100000")
                            .strip();
                    return new Engine(directory, cgroups, shims, plugins, key, containerd, dockerd, id);
                } catch (Throwable e) {
                    dockerd.close();
                    throw e;
                }
            } catch (Throwable e) {
                containerd.close();
                throw e;
            }
        }

        private static boolean answers(Path directory) {
            try {
                return !docker(directory, "version").isEmpty();
            } catch (AssertionError e) {
                return false;
            }
        }

        private static String host(Path directory) {
            return "unix://" + directory.resolve("docker.sock");
        }

        static String docker(Path directory, String... more) {
            List<String> words = new ArrayList<>(List.of("docker", "--host", host(directory)));
            words.addAll(List.of(more));
            return Tool.run(words);
        }

        void end() {
            docker(directory, "rm", "--force", id);
            dockerd.close();
            containerd.close();
            cgroups.removeNew("docker");
            shims.removeNew("");
            plugins.removeNew("");
            key.removeNew("");
        }
    }

    private final Engine engine;

    private DockerContainer(Engine engine) {
        super("docker:" + engine.id().substring(0, SHORT_ID));
        this.engine = engine;
    }

    /** Not yet started; its engine is. */
    public static DockerContainer of(Path scratch, String name) {
        return new DockerContainer(Engine.start(directory(scratch, "docker"), name));
    }

    @Override
    public void start() {
        docker("start", engine.id());
    }

    @Override
    public void stop() {
        if (docker("inspect", "--format", "{{.State.Running}}", engine.id())
                .strip()
                .equals("true")) {
            docker("kill", engine.id());
            docker("wait", engine.id());
        }
    }

    @Override
    public long pid() {
        return Long.parseLong(
                docker("inspect", "--format", "{{.State.Pid}}", engine.id()).strip());
    }

    @Override
    public void close() {
        engine.end();
    }

    private String docker(String... more) {
        return Engine.docker(engine.directory(), more);
    }
}
