package io.netyard.container;

import io.netyard.api.container.ContainerRuntime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;

/** Containers of libvirt's LXC driver, which has nothing to do with LXC: see https://libvirt.org/cgroups.html. */
@Component
public final class LibvirtLxc implements ContainerRuntime {

    private static final Pattern MACHINE = Pattern.compile("lxc-\\d+-(.+)", Pattern.DOTALL);
    private static final String PARTITION_SUFFIX = ".libvirt-lxc";

    private static final Set<String> VALUED = Set.of(
            "-n",
            "--name",
            "-c",
            "--console",
            "-v",
            "--veth",
            "-s",
            "--handshakefd",
            "--handshakefds",
            "--handshake",
            "-S",
            "--security",
            "-N",
            "--share-net",
            "-I",
            "--share-ipc",
            "-U",
            "--share-uts",
            "-p",
            "--passfd");

    @Override
    public String name() {
        return "libvirt-lxc";
    }

    @Override
    public String description() {
        return "containers of libvirt (virsh -c lxc:///)";
    }

    /**
     * {@code machine-lxc\x2dID\x2dNAME.scope} with systemd, {@code lxc-ID-NAME.libvirt-lxc} without, {@code NAME.libvirt-lxc} before libvirt 1.3.
     */
    @Override
    public Optional<String> ofCgroup(List<String> path) {
        String group = path.get(path.size() - 1);
        if (group.endsWith(PARTITION_SUFFIX) && group.length() > PARTITION_SUFFIX.length()) {
            String machine = group.substring(0, group.length() - PARTITION_SUFFIX.length());
            return ofMachine(machine).or(() -> Optional.of(machine));
        }
        return SystemdUnit.between("machine-", group, ".scope").flatMap(LibvirtLxc::ofMachine);
    }

    /** The container that a machine of systemd-machined(8) is, if it is libvirt's. */
    static Optional<String> ofMachine(String machine) {
        Matcher matcher = MACHINE.matcher(machine);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    @Override
    public Optional<String> ofMonitor(List<String> command) {
        return Options.program(command).equals("libvirt_lxc")
                ? new Options(command, VALUED).value("-n", "--name")
                : Optional.empty();
    }
}
