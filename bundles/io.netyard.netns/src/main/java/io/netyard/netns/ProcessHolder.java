package io.netyard.netns;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.kernel.NamespaceThread;
import io.netyard.kernel.SpawnSpec;
import io.netyard.kernel.SpawnedProcess;
import io.netyard.kernel.Spawner;
import io.netyard.netns.inventory.NamespaceScan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.service.component.annotations.Component;

/**
 * Holds a namespace by a process that sleeps in it for ever. It is called {@code netyard:LAB/NODE} ({@code netyard:-/NODE}
 * without a lab), so that {@code ps}, {@code lsns} and {@code nsenter} lead users there, and so that it is found again
 * after the JVM has gone. Whoever kills it destroys the namespace.
 */
@Component(service = NamespaceHolder.class, property = "netyard.holder=process")
public final class ProcessHolder implements NamespaceHolder {

    private static final String MARKER = "netyard:";

    private static final String ARGUMENT = "infinity";

    /** Of our command lines, in bytes: generous for two names of 63. */
    private static final int LONGEST = 256;

    /**
     * Programs that sleep whatever they are called. A multi-call binary (busybox, the Rust coreutils) chooses by argv[0] what it
     * is, which is taken for the marker; distributions that ship one keep GNU's under the other name.
     */
    private static final List<Path> SLEEP =
            List.of(Path.of("/bin/sleep"), Path.of("/usr/bin/sleep"), Path.of("/usr/bin/gnusleep"));

    /** ETIMEDOUT, asm-generic/errno.h. */
    private static final int TIMED_OUT = 110;

    @Override
    public String name() {
        return "process";
    }

    @Override
    public String description() {
        return "a visible process that sleeps inside; ends with kill";
    }

    @Override
    public NetnsRef hold(NetnsSpec spec) {
        long inode = NamespaceThread.current().inode();
        // The process is let go: it belongs to nobody's life time, and the kernel layer collects it if it ends before
        // the JVM.
        long pid = Spawner.start(new SpawnSpec(
                        sleep().toString(), List.of(marker(spec), ARGUMENT), List.of(), new SpawnSpec.Detached()))
                .pid();
        if (!Processes.awaitStarted(pid)) {
            throw new RequestException("the process that was to hold '%s' has ended at once".formatted(spec.name()));
        }
        return ref(pid, inode);
    }

    @Override
    public List<Held> held() {
        List<Held> held = new ArrayList<>();
        NamespaceScan.argumentsElsewhere(MARKER, LONGEST)
                .forEach((pid, arguments) ->
                        spec(arguments).flatMap(spec -> held(spec, pid)).ifPresent(held::add));
        return held;
    }

    @Override
    public void release(Held held) {
        long pid = held.pid();
        OptionalLong started = Processes.startTime(pid);
        boolean there = started.isPresent() && isStill(held);
        if (!there) {
            return;
        }
        SpawnedProcess.kill(pid, () -> started.equals(Processes.startTime(pid)) && isStill(held), Bounded.LIMIT);
        boolean gone =
                Bounded.await(Bounded.LIMIT, () -> Processes.isGone(pid) || !started.equals(Processes.startTime(pid)));
        if (!gone) {
            throw new KernelException(
                    "destroy namespace",
                    held.spec().name(),
                    TIMED_OUT,
                    "its process " + pid + " has been killed but is there");
        }
    }

    private static boolean isStill(Held held) {
        return Processes.arguments(held.pid()).equals(arguments(held.spec()))
                && Processes.netInode(held.pid())
                        .equals(OptionalLong.of(held.ref().inode()));
    }

    /** A command line can be forged, a uid and a namespace of one's own that only root can make cannot. */
    private static Optional<Held> held(NetnsSpec spec, long pid) {
        OptionalLong inode = Processes.netInode(pid);
        long self = ProcessHandle.current().pid();
        if (inode.isEmpty()
                || inode.equals(Processes.netInode(self))
                || !Processes.owner(pid).equals(Processes.owner(self))) {
            return Optional.empty();
        }
        return Optional.of(new Held(spec, ref(pid, inode.getAsLong()), pid));
    }

    private static NetnsRef ref(long pid, long inode) {
        return new NetnsRef(inode, Processes.net(pid), Optional.of(Processes.uts(pid)));
    }

    static String marker(NetnsSpec spec) {
        return MARKER + StateDirectory.lab(spec) + "/" + spec.name();
    }

    private static String arguments(NetnsSpec spec) {
        return marker(spec) + "\0" + ARGUMENT + "\0";
    }

    /** The namespace that a process with these arguments (each ended by a NUL) holds. */
    static Optional<NetnsSpec> spec(String arguments) {
        if (!arguments.startsWith(MARKER)) {
            return Optional.empty();
        }
        int slash = arguments.indexOf('/');
        int end = arguments.indexOf('\0');
        if (slash < 0 || end < slash || !arguments.substring(end).equals("\0" + ARGUMENT + "\0")) {
            return Optional.empty();
        }
        return StateDirectory.spec(
                arguments.substring(MARKER.length(), slash), arguments.substring(slash + 1, end), "process");
    }

    private static Path sleep() {
        for (Path candidate : SLEEP) {
            try {
                Path real = candidate.toRealPath();
                if (real.getFileName().toString().endsWith("sleep")) {
                    return real;
                }
            } catch (IOException e) {
                // The next one.
            }
        }
        throw new RequestException(
                "holder 'process' needs a stand-alone sleep(1), and this host has none under %s: use 'pin' or 'named'"
                        .formatted(SLEEP));
    }
}
