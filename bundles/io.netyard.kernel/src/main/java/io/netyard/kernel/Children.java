package io.netyard.kernel;

import io.netyard.api.KernelException;
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

    /**
     * Starts the thread. It inherits the namespaces of the thread that starts it and would hold them as long as the JVM lives: so
     * this is called before any thread moves, and idempotent.
     */
    static synchronized void start() {
        if (wakeUp == null) {
            WakeUp wake = new WakeUp();
            Thread thread = new Thread(() -> reap(wake), "netyard children");
            thread.setDaemon(true);
            thread.start();
            wakeUp = wake;
        }
    }

    /**
     * @return completed with the exit status as a shell says it
     * @throws KernelException if it cannot be watched; then it has been killed
     */
    static CompletableFuture<Integer> watch(int pid) {
        start();
        LibC c = LibC.get();
        int pidfd = (int) c.syscall(LibC.SYS_PIDFD_OPEN, pid, 0, 0, 0);
        if (pidfd < 0) {
            int errno = LibC.errno();
            c.kill(pid, LibC.SIGKILL);
            reaped(pid);
            throw new KernelException("watch process", Integer.toString(pid), errno, "");
        }
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        CHILDREN.put(pid, new Child(pid, new FileDescriptor(pidfd), exit));
        synchronized (Children.class) {
            wakeUp.wake();
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

    private static void reap(WakeUp wake) {
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
        int status;
        synchronized (REAPING) {
            status = reaped(child.pid());
            CHILDREN.remove(child.pid());
        }
        child.pidfd().close();
        child.exit().complete(status);
    }

    /** @return the exit status, or 128 plus the signal's number: WIFSIGNALED and friends, sys/wait.h */
    private static int reaped(int pid) {
        int[] status = new int[1];
        while (LibC.get().waitpid(pid, status, 0) < 0 && LibC.errno() == LibC.EINTR) {
            // Interrupted by a signal handler of the JVM.
            continue;
        }
        int signal = status[0] & 0x7f;
        return signal == 0 ? status[0] >> 8 & 0xff : 128 + signal;
    }
}
