package io.netyard.itests.trial;

import io.netyard.api.NetnsRef;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.kernel.NamespaceThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Holds a namespace by a thread that waits inside it: nothing for daily use, but a kind that Netyard does not ship. */
public final class ThreadHolder implements NamespaceHolder {

    private final Map<NetnsSpec, Parked> parked = new ConcurrentHashMap<>();

    /** A thread in a namespace, until it is let go. */
    public record Parked(NetnsRef ref, CountDownLatch leave, Thread thread) {}

    @Override
    public String name() {
        return "thread";
    }

    @Override
    public String description() {
        return "a thread of the appliance that waits inside; dies with it";
    }

    @Override
    public NetnsRef hold(NetnsSpec spec) {
        NetnsRef creator = NamespaceThread.current();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        List<NetnsRef> reached = new ArrayList<>();
        Thread thread = new Thread(() -> NamespaceThread.call(creator, () -> {
            reached.add(NamespaceThread.current());
            inside.countDown();
            leave.await();
            return null;
        }));
        thread.start();
        try {
            inside.await();
        } catch (InterruptedException e) {
            leave.countDown();
            throw new IllegalStateException(e);
        }
        parked.put(spec, new Parked(reached.get(0), leave, thread));
        return reached.get(0);
    }

    @Override
    public List<Held> held() {
        return parked.entrySet().stream()
                .map(entry -> new Held(entry.getKey(), entry.getValue().ref(), 0))
                .toList();
    }

    @Override
    public void release(Held held) {
        Parked thread = parked.remove(held.spec());
        if (thread != null) {
            thread.leave().countDown();
            try {
                thread.thread().join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
