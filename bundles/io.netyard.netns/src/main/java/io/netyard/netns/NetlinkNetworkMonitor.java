package io.netyard.netns;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.NetworkMonitor;
import io.netyard.kernel.NamespaceDescriptor;
import io.netyard.kernel.NamespaceThread;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.NetworkEvents;
import io.netyard.kernel.NetworkEvents.Event;
import io.netyard.kernel.NetworkEvents.Heard;
import io.netyard.kernel.route.NamespaceIds;
import io.netyard.kernel.route.Notification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to all namespaces through one pair of sockets in the appliance's own. A namespace is told apart by the id that it is given there,
 * which it keeps until it ends; the kernel tells that too. Sockets and thread are there while somebody listens.
 */
@Component(service = NetworkMonitor.class)
public final class NetlinkNetworkMonitor implements NetworkMonitor {

    private static final Logger LOG = LoggerFactory.getLogger(NetlinkNetworkMonitor.class);

    private static final Duration FOR_EVER = Duration.ofSeconds(-1);

    /** One change is several messages, and a busy network has many. */
    private static final Duration GATHERING = Duration.ofMillis(20);

    /** The id that stands for the appliance's own namespace. */
    private static final int OWN = -1;

    private final int receiveBuffer;

    /** Inode of the appliance's own namespace. */
    private final long own = NamespaceThread.inode(Path.of("/proc/self/ns/net"));

    // All guarded by this.
    private final Set<Watcher> watchers = new HashSet<>();
    private NetworkEvents events;

    @Activate
    public NetlinkNetworkMonitor() {
        this(NetworkEvents.RECEIVE_BUFFER);
    }

    /** @param receiveBuffer of each socket, in bytes */
    NetlinkNetworkMonitor(int receiveBuffer) {
        this.receiveBuffer = receiveBuffer;
    }

    private final class Watcher implements Subscription {
        private final Map<Integer, NetnsRef> namespaces = new HashMap<>();
        private final Consumer<Notice> listener;

        Watcher(Consumer<Notice> listener) {
            this.listener = listener;
        }

        void tell(Notice notice) {
            try {
                listener.accept(notice);
            } catch (RuntimeException e) {
                LOG.error("Somebody who was told of {} has failed: {}", notice, e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    @Override
    public Subscription watch(Set<NetnsRef> namespaces, Consumer<Notice> listener) {
        Watcher watcher = new Watcher(listener);
        List<NetnsRef> gone = new ArrayList<>();
        synchronized (this) {
            if (events == null) {
                start();
            }
            watchers.add(watcher);
            try (NetlinkSocket here = NetlinkSocket.openHere()) {
                for (NetnsRef netns : namespaces) {
                    try {
                        watcher.namespaces.put(id(here, netns), netns);
                    } catch (RequestException e) {
                        gone.add(netns);
                    }
                }
            } catch (RuntimeException e) {
                leave(watcher);
                throw e;
            }
        }
        gone.forEach(netns -> watcher.tell(new Notice(Optional.of(netns), Kind.GONE)));
        return watcher;
    }

    private int id(NetlinkSocket here, NetnsRef netns) {
        try (NamespaceDescriptor descriptor = NamespaceDescriptor.open(netns)) {
            if (netns.inode() == own) {
                return OWN;
            }
            OptionalInt known = find(here, descriptor, netns);
            if (known.isPresent()) {
                return known.getAsInt();
            }
            try {
                here.execute(NamespaceIds.create(descriptor.number(), netns.toString()));
            } catch (KernelException e) {
                // The kernel itself gives ids, too.
                if (!e.isPresent()) {
                    throw e;
                }
            }
            return find(here, descriptor, netns)
                    .orElseThrow(() -> new RequestException("the kernel gives no id to " + netns));
        }
    }

    private static OptionalInt find(NetlinkSocket here, NamespaceDescriptor descriptor, NetnsRef netns) {
        return NamespaceIds.of(here.get(NamespaceIds.get(descriptor.number(), netns.toString())));
    }

    private void start() {
        NetworkEvents opened = new NetworkEvents(receiveBuffer);
        Thread thread = new Thread(() -> run(opened), "netyard network monitor");
        thread.setDaemon(true);
        events = opened;
        thread.start();
    }

    private synchronized void leave(Watcher watcher) {
        watchers.remove(watcher);
        if (watchers.isEmpty() && events != null) {
            // The thread sees that it is not wanted any more, and closes what it reads from.
            events.wake();
            events = null;
        }
    }

    private synchronized boolean isWanted(NetworkEvents opened) {
        return events == opened;
    }

    private void run(NetworkEvents opened) {
        try (opened) {
            while (isWanted(opened)) {
                opened.await(FOR_EVER);
                if (isWanted(opened)) {
                    dispatch(opened.read());
                    opened.gather(GATHERING);
                }
            }
        } catch (RuntimeException e) {
            LOG.error("Changes from outside are not noticed any more: {}", e.getMessage(), e);
            failed(opened);
        }
    }

    /** Whoever listens is told that there is something to look at, and comes back. */
    private void failed(NetworkEvents opened) {
        List<Watcher> told;
        synchronized (this) {
            if (events != opened) {
                return;
            }
            events = null;
            told = List.copyOf(watchers);
            watchers.clear();
        }
        told.forEach(watcher -> watcher.tell(new Notice(Optional.empty(), Kind.MISSED)));
    }

    private record Told(Watcher watcher, Notice notice) {}

    private void dispatch(Heard heard) {
        Set<Told> told = new HashSet<>();
        synchronized (this) {
            heard.events().forEach(event -> collect(event, told));
            if (heard.missed()) {
                watchers.forEach(watcher -> told.add(new Told(watcher, new Notice(Optional.empty(), Kind.MISSED))));
            }
        }
        told.forEach(each -> each.watcher().tell(each.notice()));
    }

    private void collect(Event event, Set<Told> told) {
        OptionalInt ended = event.netfilter() || event.namespace().isPresent()
                ? OptionalInt.empty()
                : NamespaceIds.ended(event.message());
        if (ended.isPresent()) {
            for (Watcher watcher : watchers) {
                NetnsRef netns = watcher.namespaces.remove(ended.getAsInt());
                if (netns != null) {
                    told.add(new Told(watcher, new Notice(Optional.of(netns), Kind.GONE)));
                }
            }
            return;
        }
        Optional<Kind> kind = event.netfilter()
                ? Optional.of(Kind.FIREWALL)
                : Notification.of(event.message()).map(NetlinkNetworkMonitor::kind);
        if (kind.isEmpty()) {
            return;
        }
        int id = event.namespace().orElse(OWN);
        for (Watcher watcher : watchers) {
            NetnsRef netns = watcher.namespaces.get(id);
            if (netns != null) {
                told.add(new Told(watcher, new Notice(Optional.of(netns), kind.get())));
            }
        }
    }

    private static Kind kind(Notification notification) {
        return Kind.valueOf(notification.name());
    }

    @Deactivate
    synchronized void close() {
        watchers.clear();
        if (events != null) {
            events.wake();
            events = null;
        }
    }
}
