package io.netyard.container;

import io.netyard.api.container.ContainerRuntime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** LXC, and what is built on it (LXD, Incus, Proxmox): see lxc.container.conf(5), lxc-start(1). */
@Component
public final class Lxc implements ContainerRuntime {

    private static final String PAYLOAD = "lxc.payload";
    private static final String TITLE = "[lxc monitor] ";

    private static final Set<String> VALUED = Set.of(
            "-n",
            "--name",
            "-P",
            "--lxcpath",
            "-f",
            "--rcfile",
            "-s",
            "--define",
            "-o",
            "--logfile",
            "-l",
            "--logpriority",
            "-p",
            "--pidfile",
            "-c",
            "--console",
            "-L",
            "--console-log",
            "--share-net",
            "--share-ipc",
            "--share-uts",
            "--share-pid",
            "-u",
            "--uid",
            "-g",
            "--gid");

    @Override
    public String name() {
        return "lxc";
    }

    @Override
    public String description() {
        return "LXC (lxc-start), also of LXD and Incus";
    }

    /**
     * {@code lxc.payload.NAME} since LXC 4.0, {@code lxc.payload/NAME} with lxc.cgroup.dir.*, {@code lxc/NAME} before. If that group was
     * there, LXC takes {@code NAME-1} and so on; then its monitor knows better.
     */
    @Override
    public Optional<String> ofCgroup(List<String> path) {
        String group = path.get(path.size() - 1);
        if (group.startsWith(PAYLOAD + ".")) {
            return Optional.of(group.substring(PAYLOAD.length() + 1)).filter(name -> !name.isEmpty());
        }
        String above = path.size() < 2 ? "" : path.get(path.size() - 2);
        return above.equals("lxc") || above.equals(PAYLOAD) ? Optional.of(group) : Optional.empty();
    }

    /** {@code [lxc monitor] LXCPATH NAME} in one word, the title of the daemon; or lxc-start and lxc-execute in the foreground. */
    @Override
    public Optional<String> ofMonitor(List<String> command) {
        String title = command.get(0);
        if (title.startsWith(TITLE)) {
            String pathAndName = title.strip();
            return Optional.of(pathAndName.substring(pathAndName.lastIndexOf(' ') + 1));
        }
        return switch (Options.program(command)) {
            case "lxc-start" -> {
                Options options = new Options(command, VALUED);
                yield options.value("-n", "--name").or(options::operand);
            }
            case "lxc-execute" -> new Options(command, VALUED).value("-n", "--name");
            default -> Optional.empty();
        };
    }
}
