package io.netyard.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.link.TapHost;
import io.netyard.api.link.TapHosts;
import io.netyard.kernel.NamespaceThread;
import io.netyard.kernel.TapDevice;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One simulated host at work. Owns its device and closes it when it ends. */
final class TapHostThread {

    /** How often it is looked whether the namespace is still there for others. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private final TapDevice device;
    private final NetnsRef netns;
    private final InterfaceName tap;
    private final List<InetAddress> addresses;
    private final MacAddress mac;
    private final SimulatedHost host;
    private final Thread thread;
    private volatile boolean ending;

    // Guarded by this.
    private final Set<InetAddress> sources = new LinkedHashSet<>();
    private long frames;
    private long echoRequests;
    private long connections;

    private TapHostThread(
            TapDevice device, NetnsRef netns, InterfaceName tap, List<InetAddress> addresses, MacAddress mac) {
        this.device = device;
        this.netns = netns;
        this.tap = tap;
        this.addresses = addresses;
        this.mac = mac;
        this.host = new SimulatedHost(mac, addresses);
        this.thread = new Thread(this::run, "netyard host behind " + tap);
        thread.setDaemon(true);
    }

    static TapHostThread start(
            TapDevice device, NetnsRef netns, InterfaceName tap, List<InetAddress> addresses, MacAddress mac) {
        TapHostThread made = new TapHostThread(device, netns, tap, addresses, mac);
        made.thread.start();
        return made;
    }

    private void run() {
        try {
            long next = System.nanoTime() + LOOK.toNanos();
            while (!ending) {
                if (device.await(LOOK)) {
                    answer();
                }
                if (System.nanoTime() >= next) {
                    if (!isNamespaceThere()) {
                        return;
                    }
                    next = System.nanoTime() + LOOK.toNanos();
                }
            }
        } catch (KernelException e) {
            // The tap has been deleted: list() shows that the host is gone.
            return;
        } finally {
            device.close();
        }
    }

    /** As many as there are, but no more than leave time for the other things. */
    private void answer() {
        for (int i = 0; i < 1_000; i++) {
            Optional<byte[]> frame = device.receive();
            if (frame.isEmpty()) {
                return;
            }
            SimulatedHost.Reaction reaction = host.to(frame.get());
            remember(reaction);
            reaction.answer().ifPresent(device::send);
        }
    }

    private synchronized void remember(SimulatedHost.Reaction reaction) {
        frames++;
        if (sources.size() < TapHosts.MAX_SOURCES) {
            reaction.asker().ifPresent(sources::add);
        }
        echoRequests += reaction.kind() == SimulatedHost.Kind.ECHO ? 1 : 0;
        connections += reaction.kind() == SimulatedHost.Kind.TCP ? 1 : 0;
    }

    private boolean isNamespaceThere() {
        try {
            return NamespaceThread.inode(netns.net()) == netns.inode();
        } catch (RequestException e) {
            return false;
        }
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    synchronized TapHost describe() {
        return new TapHost(netns, tap, addresses, mac, frames, echoRequests, connections, List.copyOf(sources));
    }

    /** Returns when the tap has lost its carrier. */
    void end() {
        ending = true;
        if (thread.isAlive()) {
            device.wake();
        }
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                // It ends at once.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
