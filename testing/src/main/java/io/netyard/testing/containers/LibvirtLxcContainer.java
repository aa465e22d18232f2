package io.netyard.testing.containers;

import io.netyard.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container of libvirt's LXC driver (packages libvirt-daemon, libvirt-daemon-driver-lxc, libvirt-clients), with a libvirtd of its own that has
 * loaded no other driver. It starts where control groups are of version 2 only, and needs the kernel module fuse.
 */
public final class LibvirtLxcContainer extends RealContainer {

    private final String name;
    private final Path directory;
    private final Traces cgroups = Traces.ofCgroups();
    private final Traces run = Traces.of(Path.of("/run/libvirt"));
    private final Daemon libvirtd;
    private Optional<ProcessHandle> controller = Optional.empty();

    private LibvirtLxcContainer(Path scratch, String name) {
        super("libvirt-lxc:" + name);
        this.name = name;
        this.directory = directory(scratch, "libvirt");
        if (!Files.exists(Path.of("/dev/fuse"))) {
            Tool.run("modprobe", "fuse");
        }
        Path root = BusyboxRoot.make(directory.resolve(name));
        Path drivers = BusyboxRoot.open(directory.resolve("drivers"));
        try {
            Files.copy(driver(), drivers.resolve("libvirt_driver_lxc.so"));
            Files.write(
                    directory.resolve("libvirtd.conf"),
                    List.of(
                            "unix_sock_dir = \"" + directory + "\"",
                            "unix_sock_group = \"root\"",
                            "auth_unix_ro = \"none\"",
                            "auth_unix_rw = \"none\""));
            Files.writeString(
                    directory.resolve("domain.xml"),
                    """
                    <domain type='lxc'>
                      <name>%s</name>
                      <memory unit='MiB'>64</memory>
                      <vcpu>1</vcpu>
                      <os><type>exe</type><init>/bin/sleep</init><initarg>100000</initarg></os>
                      <features><privnet/></features>
                      <devices>
                        <filesystem type='mount'><source dir='%s'/><target dir='/'/></filesystem>
                        <console type='pty'/>
                      </devices>
                    </domain>
                    """
                            .formatted(name, root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        libvirtd = new Daemon(
                List.of(
                        "libvirtd",
                        "--config=" + directory.resolve("libvirtd.conf"),
                        "--pid-file=" + directory.resolve("libvirtd.pid")),
                Map.of("LIBVIRT_DRIVER_DIR", drivers.toString()),
                directory.resolve("libvirtd.log"),
                () -> Files.exists(directory.resolve("libvirt-sock")));
    }

    /** Not yet started. */
    public static LibvirtLxcContainer of(Path scratch, String name) {
        return new LibvirtLxcContainer(scratch, name);
    }

    private static Path driver() throws IOException {
        try (DirectoryStream<Path> architectures = Files.newDirectoryStream(Path.of("/usr/lib"))) {
            for (Path architecture : architectures) {
                Path driver = architecture.resolve("libvirt/connection-driver/libvirt_driver_lxc.so");
                if (Files.exists(driver)) {
                    return driver;
                }
            }
        }
        throw new AssertionError("no libvirt_driver_lxc.so: package libvirt-daemon-driver-lxc");
    }

    @Override
    public void start() {
        virsh("create", directory.resolve("domain.xml").toString());
        // The id of such a domain is the pid of libvirt_lxc, whose only child is the container.
        controller = ProcessHandle.of(Long.parseLong(virsh("domid", name).strip()));
    }

    @Override
    public void stop() {
        if (controller.isEmpty()) {
            return;
        }
        virsh("destroy", name);
        try {
            Eventually.holds(
                    "libvirt_lxc has ended",
                    () -> controller.filter(ProcessHandle::isAlive).isEmpty());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        controller = Optional.empty();
    }

    @Override
    public long pid() {
        return controller.orElseThrow().children().findFirst().orElseThrow().pid();
    }

    @Override
    public void close() {
        stop();
        libvirtd.close();
        cgroups.removeNew("machine");
        run.removeNew("");
    }

    private String virsh(String... more) {
        List<String> words = new ArrayList<>(
                List.of("virsh", "--connect", "lxc:///system?socket=" + directory.resolve("libvirt-sock")));
        words.addAll(List.of(more));
        return Tool.run(words);
    }
}
