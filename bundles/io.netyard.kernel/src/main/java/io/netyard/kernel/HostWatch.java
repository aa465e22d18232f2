package io.netyard.kernel;

import io.netyard.kernel.libc.LibC;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Waits until one of some processes ends or a mount of this mount namespace changes, whoever does it: pidfd_open(2), and poll(2) on
 * /proc/self/mountinfo, see proc_pid_mountinfo(5). One thread waits; any may wake it.
 *
 * <p>Says that something has happened, not what: whoever waits looks again. Close it when nobody waits any more.
 */
public final class HostWatch implements AutoCloseable {

    /** How long a process that gives no descriptor (a thread's id, descriptors exhausted) goes unlooked at. */
    private static final Duration BLIND = Duration.ofMillis(300);

    private final WakeUp wakeUp = new WakeUp();
    private final FileDescriptor mounts = FileDescriptor.open("/proc/self/mountinfo", LibC.O_RDONLY);
    private final Map<Long, FileDescriptor> processes = new HashMap<>();

    /**
     * @param pids whose end is waited for. Returns at once if one has ended since the call before, and if one is new: only now that it is held
     *     can the caller see whether the pid is still the process that is meant
     * @param limit negative waits for ever
     */
    public void await(Set<Long> pids, Duration limit) {
        processes.entrySet().removeIf(entry -> {
            boolean unwanted = !pids.contains(entry.getKey());
            if (unwanted) {
                entry.getValue().close();
            }
            return unwanted;
        });
        Duration most = limit;
        for (long pid : pids) {
            if (!processes.containsKey(pid)) {
                Duration least = open(pid) ? Duration.ZERO : BLIND;
                most = most.isNegative() || most.compareTo(least) > 0 ? least : most;
            }
        }
        List<Long> polled = List.copyOf(processes.keySet());
        List<Poll.Interest> interests = new ArrayList<>();
        polled.forEach(pid -> interests.add(new Poll.Interest(processes.get(pid).number(), LibC.POLLIN)));
        interests.add(new Poll.Interest(wakeUp.descriptor().number(), LibC.POLLIN));
        interests.add(new Poll.Interest(mounts.number(), LibC.POLLPRI));
        for (int ready : Poll.ready(interests, most)) {
            if (ready < polled.size()) {
                processes.remove(polled.get(ready)).close();
            }
        }
        wakeUp.drain();
    }

    private boolean open(long pid) {
        int pidfd = (int) LibC.get().syscall(LibC.SYS_PIDFD_OPEN, pid, 0, 0, 0);
        if (pidfd < 0) {
            return false;
        }
        processes.put(pid, new FileDescriptor(pidfd));
        return true;
    }

    /** Ends the waiting that is under way, or the next one. */
    public void wake() {
        wakeUp.wake();
    }

    @Override
    public void close() {
        processes.values().forEach(FileDescriptor::close);
        processes.clear();
        mounts.close();
        wakeUp.close();
    }
}
