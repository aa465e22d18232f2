package io.netyard.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.container.ContainerRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each runtime leaves in /proc, as it was found there or as its sources write it, and what the providers make of it. */
class RuntimesTest {

    private static final String ID = "3f4e8a1b2c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "/lxc.payload.web1, lxc:web1",
        "/lxc.payload.web1/init.scope, lxc:web1",
        "/lxc.payload/web1/user.slice, lxc:web1",
        "/lxc/web1, lxc:web1",
        "/lxc/web1/system.slice/cron.service, lxc:web1",
        "/lxc.monitor.web1, ",
        "/lxc.payload., ",
        "/user.slice/user-0.slice/session-3.scope/lxc.payload.a.b-c_d, lxc:a.b-c_d",
        "/machine.slice/machine-lxc\\x2d4711\\x2dweb\\x2d1.scope, libvirt-lxc:web-1",
        "/machine.slice/machine-lxc\\x2d4711\\x2dweb.scope/libvirt, libvirt-lxc:web",
        "/machine/lxc-752-web-1.libvirt-lxc, libvirt-lxc:web-1",
        "/machine/web.libvirt-lxc, libvirt-lxc:web",
        "/machine.slice/machine-qemu\\x2d3\\x2dvm.scope, ",
        "/machine.slice/machine-db1.scope/payload, nspawn:db1",
        "/machine.slice/machine-m\\xc3\\xbcnchen\\x2d1.scope, nspawn:münchen-1",
        "/machine.slice/systemd-nspawn@db1.service/payload, nspawn:db1",
        "/machine.slice/systemd-nspawn@db\\x2d1.service/payload/init.scope, nspawn:db-1",
        "/machine.slice/systemd-nspawn@db1.service/supervisor, ",
        "/machine.slice/systemd-nspawn@db1.service, ",
        "/payload, ",
        "/system.slice/docker-" + ID + ".scope, docker:3f4e8a1b2c5d",
        "/docker/" + ID + ", docker:3f4e8a1b2c5d",
        "/docker/" + ID + "/system.slice/ssh.service, docker:3f4e8a1b2c5d",
        "/docker/buildkit, ",
        "/system.slice/docker.service, ",
        "/system.slice/docker-short.scope, ",
        "/kubepods.slice/cri-containerd-" + ID + ".scope, ",
        "/machine.slice/libpod-" + ID + ".scope/container, podman:3f4e8a1b2c5d",
        "/machine.slice/machine-libpod_pod_" + ID + ".slice/libpod-" + ID + ".scope, podman:3f4e8a1b2c5d",
        "/libpod_parent/libpod-" + ID + ", podman:3f4e8a1b2c5d",
        "/libpod_parent/libpod-conmon-" + ID + ", ",
        "/machine.slice/libpod-conmon-" + ID + ".scope, ",
        "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + ID + ".scope, podman:3f4e8a1b2c5d",
        "/system.slice/ssh.service, ",
        "/lxc.payload.web1/docker/" + ID + ", lxc:web1 docker:3f4e8a1b2c5d",
        "/docker/" + ID + "/lxc.payload.in/ns/lxc.payload.in, docker:3f4e8a1b2c5d lxc:in lxc:in"
    })
    void controlGroups(String path, String containers) {
        assertThat(String.join(" ", onTheWay(path))).isEqualTo(containers == null ? "" : containers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[lxc monitor] /var/lib/lxc web1| lxc:web1",
                "[lxc monitor] /srv/my containers web1| lxc:web1",
                "/usr/bin/lxc-start,-F,-n,web1| lxc:web1",
                "lxc-start,-P,/srv/lxc,--name=web1,-F| lxc:web1",
                "lxc-start,-P,/srv/lxc,web1,-F| lxc:web1",
                "lxc-execute,-nweb1,--,sh,-n,other| lxc:web1",
                "lxc-attach,-n,web1|",
                "sh,-c,[lxc monitor] /var/lib/lxc web1|",
                "/usr/lib/libvirt/libvirt_lxc,--name,web,--console,22,--security=none,--handshake,25,--veth,vnet1"
                        + "| libvirt-lxc:web",
                "/usr/lib/libvirt/libvirt_lxc,--name,web-1,--console,17,--security=none,--handshakefds,21:20"
                        + "| libvirt-lxc:web-1",
                "/usr/libexec/libvirt_lxc,--handshakefds,21:20,--name,web-1| libvirt-lxc:web-1",
                "systemd-nspawn,--quiet,--keep-unit,--boot,--link-journal=try-guest,--network-veth,-U,--machine=db1"
                        + "| nspawn:db1",
                "systemd-nspawn,-bD,/srv/db1|",
                "/usr/bin/systemd-nspawn,-D,/srv/db1/,-b| nspawn:db1",
                "systemd-nspawn,--private-network,-D,/srv/db1,/bin/sh,--machine=evil| nspawn:db1",
                "systemd-nspawn,--setenv,--machine=evil,-M,db1| nspawn:db1",
                "systemd-nspawn,-i,/srv/img/db1.raw,-b| nspawn:db1",
                "containerd-shim-runc-v2,-namespace,moby,-id," + ID
                        + ",-address,/run/containerd/containerd.sock| docker:3f4e8a1b2c5d",
                "/usr/bin/containerd-shim-runc-v2,-namespace=moby,-id=" + ID + "| docker:3f4e8a1b2c5d",
                "containerd-shim,-namespace,moby,-workdir,/var/lib/containerd/io.containerd.runtime.v1.linux/moby/" + ID
                        + ",-address,/run/containerd/containerd.sock| docker:3f4e8a1b2c5d",
                "containerd-shim-runc-v2,-namespace,k8s.io,-id," + ID + "|",
                "/usr/bin/conmon,--api-version,1,-c," + ID + ",-u," + ID + ",-r,/usr/bin/crun,-n,web,"
                        + "--exit-dir,/run/libpod/exits,--full-attach,--exit-command,/usr/bin/podman,--exit-command-arg,--root| podman:web",
                "/usr/bin/conmon,-c," + ID + ",-n,k8s_web,--exit-dir,/var/run/crio/exits|",
                "bash|",
                "''|"
            })
    void commandLines(String words, String container) {
        List<String> command = List.of(words.split(","));
        assertThat(String.join(" ", said(runtime -> runtime.ofMonitor(command))))
                .isEqualTo(container == null ? "" : container);
    }

    @Test
    void theEngineSaysWhatDockersContainersAreCalled() throws IOException {
        Files.createDirectories(directory.resolve(ID));
        Files.writeString(
                directory.resolve(ID).resolve("config.v2.json"),
                "{\"Config\":{\"Hostname\":\"3f4e\",\"Labels\":{\"Name\":\"/evil\"}},\"ID\":\"" + ID
                        + "\",\"Image\":\"x\",\"Name\":\"/web.1\",\"Driver\":\"overlay2\"}");
        Docker docker = new Docker(directory);
        assertThat(docker.ofCgroup(List.of("docker", ID))).contains("web.1");
        Files.writeString(directory.resolve(ID).resolve("config.v2.json"), "{\"Name\":");
        assertThat(docker.ofCgroup(List.of("docker", ID))).contains("3f4e8a1b2c5d");
    }

    @Test
    void theStorageSaysWhatPodmansContainersAreCalled() throws IOException {
        Files.createDirectories(directory.resolve("overlay-containers"));
        Files.writeString(
                directory.resolve("overlay-containers/containers.json"),
                "[{\"id\":\"" + ID.replace('3', '4') + "\",\"names\":[\"other\"]},{\"id\":\"" + ID
                        + "\",\"names\":[\"web\"],\"metadata\":\"{\\\"name\\\":\\\"evil\\\"}\"}]");
        assertThat(new Podman(directory).ofCgroup(List.of("machine.slice", "libpod-" + ID + ".scope")))
                .contains("web");
    }

    private List<ContainerRuntime> runtimes() {
        return List.of(new Docker(directory), new LibvirtLxc(), new Lxc(), new Nspawn(), new Podman(directory));
    }

    /** The containers on the way from the root of a hierarchy to a group; no two runtimes claim the same one. */
    private List<String> onTheWay(String path) {
        List<String> groups = List.of(path.substring(1).split("/"));
        return Stream.iterate(1, length -> length <= groups.size(), length -> length + 1)
                .flatMap(length -> said(runtime -> runtime.ofCgroup(groups.subList(0, length))).stream())
                .toList();
    }

    private List<String> said(Function<ContainerRuntime, Optional<String>> question) {
        return runtimes().stream()
                .flatMap(runtime -> question.apply(runtime).map(name -> runtime.name() + ":" + name).stream())
                .toList();
    }
}
