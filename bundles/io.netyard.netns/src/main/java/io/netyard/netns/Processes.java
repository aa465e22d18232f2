package io.netyard.netns;

import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.ProcReader;
import io.netyard.netns.inventory.NamespaceScan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The processes of this host as /proc shows them; see proc(5). Processes vanish at any moment, and some may not be looked
 * at: then the answer is empty, never an exception.
 */
final class Processes {

    private static final Path PROC = Path.of("/proc");

    private Processes() {}

    /** All pids, ascending. */
    static List<Long> pids() {
        try (ProcReader reader = new ProcReader()) {
            return Arrays.stream(reader.pids()).boxed().toList();
        }
    }

    static Path directory(long pid) {
        return PROC.resolve(Long.toString(pid));
    }

    static Path net(long pid) {
        return directory(pid).resolve("ns/net");
    }

    static Path uts(long pid) {
        return directory(pid).resolve("ns/uts");
    }

    /** Inode of its network namespace; empty for zombies too. */
    static OptionalLong netInode(long pid) {
        return inode(net(pid));
    }

    /** The pids of those in a network namespace, ascending. */
    static List<Long> inside(long inode) {
        return NamespaceScan.pids(new NamespaceId(NamespaceType.NET, inode));
    }

    /** The number in a link such as {@code net:[4026531840]}. */
    static OptionalLong inode(Path namespaceLink) {
        try {
            String target = Files.readSymbolicLink(namespaceLink).toString();
            return OptionalLong.of(Long.parseLong(target, target.indexOf('[') + 1, target.length() - 1, 10));
        } catch (IOException | RuntimeException e) {
            return OptionalLong.empty();
        }
    }

    /** Its arguments, each ended by a NUL, as it was started or has since written over them. Empty for kernel threads and zombies. */
    static String arguments(long pid) {
        return read(directory(pid).resolve("cmdline")).orElse("");
    }

    /** The value of a variable in the environment that it was started with. */
    static Optional<String> environment(long pid, String variable) {
        String prefix = variable + "=";
        return read(directory(pid).resolve("environ"))
                .flatMap(all -> List.of(all.split("\0")).stream()
                        .filter(entry -> entry.startsWith(prefix))
                        .findFirst())
                .map(entry -> entry.substring(prefix.length()));
    }

    /** For people: the command line with spaces, or the name in brackets as ps(1) shows it; printable. Empty if there is no such process. */
    static String command(long pid) {
        return NamespaceScan.process(pid).map(HostProcess::command).orElse("");
    }

    /** When it started, in clock ticks since boot (proc_pid_stat(5), field 22): with the pid, its identity until reboot. */
    static OptionalLong startTime(long pid) {
        return stat(pid)
                .map(fields -> OptionalLong.of(Long.parseLong(fields[19])))
                .orElse(OptionalLong.empty());
    }

    /** PF_KTHREAD of linux/sched.h in the flags (proc_pid_stat(5), field 9). */
    static boolean isKernelThread(long pid) {
        return stat(pid)
                .map(fields -> (Long.parseLong(fields[6]) & 0x00200000) != 0)
                .orElse(false);
    }

    static boolean isZombie(long pid) {
        return stat(pid).map(fields -> fields[0].equals("Z")).orElse(false);
    }

    /** True if nothing of it runs any more: it does not exist, or is a zombie that its parent, not us, has to collect. */
    static boolean isGone(long pid) {
        return stat(pid)
                .map(fields -> fields[0].equals("Z")
                        && Long.parseLong(fields[1]) != ProcessHandle.current().pid())
                .orElse(true);
    }

    /**
     * Waits until a process that has just been spawned shows its own arguments and environment. posix_spawn(3) returns when the
     * old memory has been given back; for a moment after that the new one has neither.
     *
     * @return false if it has ended already
     */
    static boolean awaitStarted(long pid) {
        Bounded.await(Bounded.LIMIT, () -> !arguments(pid).isEmpty() || isGone(pid));
        return !arguments(pid).isEmpty();
    }

    /** Effective uid. */
    static OptionalLong owner(long pid) {
        try {
            return OptionalLong.of(((Number) Files.getAttribute(directory(pid), "unix:uid")).longValue());
        } catch (IOException | RuntimeException e) {
            return OptionalLong.empty();
        }
    }

    private static Optional<String[]> stat(long pid) {
        return read(directory(pid).resolve("stat")).flatMap(Processes::fields);
    }

    /**
     * The fields of a line of /proc/PID/stat from the third (state) on: the second is the name in parentheses and may contain
     * anything.
     */
    static Optional<String[]> fields(String line) {
        int start = line.lastIndexOf(')') + 2;
        if (start < 2 || start > line.length()) {
            return Optional.empty();
        }
        return Optional.of(line.substring(start).split(" ", -1)).filter(fields -> fields.length > 19);
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
