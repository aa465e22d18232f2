package io.netyard.kernel;

import io.netyard.kernel.libc.LibC;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Collects our children when they end, so that none stays a zombie, whoever killed it. One thread polls their pidfds
 * (pidfd_open(2)); waitpid(2) is only ever asked for children started here, never for those of other code in this JVM.
 */
final class Children {

    private record Child(int pid, FileDescriptor pidfd, CompletableFuture<Integer> exit) {}

    private static final Map<Integer, Child> CHILDREN = new ConcurrentHashMap<>();
    private static final Object REAPING = new Object();

    private static WakeUp wakeUp;

    private Children() {}

    /** @return completed with the exit status as a shell says it */
    static CompletableFuture<Integer> watch(int pid) {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        int pidfd = (int) LibC.get().syscall(LibC.SYS_PIDFD_OPEN, pid, 0, 0, 0);
        CHILDREN.put(pid, new Child(pid, new FileDescriptor(pidfd), exit));
        synchronized (Children.class) {
            if (wakeUp == null) {
                wakeUp = new WakeUp();
                Thread thread = new Thread(Children::reap, "netyard children");
                thread.setDaemon(true);
                thread.start();
            } else {
                wakeUp.wake();
            }
        }
        return exit;
    }

    /** Runs {@code action} only while the pid surely still means that child. */
    static void unlessReaped(int pid, Runnable action) {
        synchronized (REAPING) {
            if (CHILDREN.containsKey(pid)) {
                action.run();
            }
        }
    }

    private static void reap() {
        WakeUp wake;
        synchronized (Children.class) {
            wake = wakeUp;
        }
        while (true) {
            List<Child> children = new ArrayList<>(CHILDREN.values());
            List<Integer> fds = new ArrayList<>();
            fds.add(wake.descriptor().number());
            children.forEach(child -> fds.add(child.pidfd().number()));
            for (int index : Poll.readable(fds, Duration.ofSeconds(-1))) {
                if (index == 0) {
                    wake.drain();
                } else {
                    collect(children.get(index - 1));
                }
            }
        }
    }

    private static void collect(Child child) {
        int[] status = new int[1];
        synchronized (REAPING) {
            if (LibC.get().waitpid(child.pid(), status, 0) < 0 && LibC.errno() == LibC.EINTR) {
                return;
            }
            CHILDREN.remove(child.pid());
        }
        child.pidfd().close();
        // WIFSIGNALED and friends, sys/wait.h
        int signal = status[0] & 0x7f;
        child.exit().complete(signal == 0 ? status[0] >> 8 & 0xff : 128 + signal);
    }
}
