package io.netyard.container;

import io.netyard.api.container.ContainerRuntime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;

/** Machines of systemd-nspawn(1). */
@Component
public final class Nspawn implements ContainerRuntime {

    /** Options that take the next word for their value; as of systemd 257. */
    private static final Set<String> VALUED = Stream.concat(
                    Stream.of("-D", "-u", "-L", "-M", "-S", "-Z", "-i", "-p", "-E"),
                    Stream.of(
                                    "directory template image image-policy oci-bundle root-hash root-hash-sig verity-data pivot-root",
                                    "chdir setenv user kill-signal notify-ready suppress-sync machine hostname uuid slice property",
                                    "register private-users-ownership network-interface network-macvlan network-ipvlan",
                                    "network-veth-extra network-bridge network-zone network-namespace-path port selinux-context",
                                    "selinux-apifs-context capability drop-capability ambient-capability no-new-privileges",
                                    "system-call-filter rlimit oom-score-adjust cpu-affinity personality resolv-conf timezone",
                                    "link-journal bind bind-ro bind-user inaccessible tmpfs overlay overlay-ro background console",
                                    "settings set-credential load-credential cleanup")
                            .flatMap(words -> Stream.of(words.split(" ")))
                            .map(word -> "--" + word))
            .collect(Collectors.toUnmodifiableSet());

    @Override
    public String name() {
        return "nspawn";
    }

    @Override
    public String description() {
        return "machines of systemd-nspawn";
    }

    /**
     * {@code machine-NAME.scope}, or below {@code systemd-nspawn@NAME.service} the group {@code payload}, as systemd-nspawn itself is in the
     * service, too. With --keep-unit elsewhere there is a {@code payload} that has no name: then the command line has.
     */
    @Override
    public Optional<String> ofCgroup(List<String> path) {
        String group = path.get(path.size() - 1);
        if (group.equals("payload") && path.size() > 1) {
            return SystemdUnit.between("systemd-nspawn@", path.get(path.size() - 2), ".service");
        }
        return SystemdUnit.between("machine-", group, ".scope")
                .filter(machine -> LibvirtLxc.ofMachine(machine).isEmpty() && !machine.startsWith("qemu-"));
    }

    /** Without a name it takes that of the directory or image; --ephemeral then adds digits that only it knows. */
    @Override
    public Optional<String> ofMonitor(List<String> command) {
        if (!Options.program(command).equals("systemd-nspawn")) {
            return Optional.empty();
        }
        Options options = new Options(command, VALUED);
        return options.value("-M", "--machine")
                .or(() -> options.value("-D", "--directory").map(Options::fileName))
                .or(() -> options.value("-i", "--image")
                        .map(Options::fileName)
                        .map(image ->
                                image.endsWith(".raw") ? image.substring(0, image.length() - ".raw".length()) : image));
    }
}
