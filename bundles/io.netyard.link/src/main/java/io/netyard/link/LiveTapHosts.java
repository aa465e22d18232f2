package io.netyard.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.link.TapHost;
import io.netyard.api.link.TapHosts;
import io.netyard.api.netns.Namespaces;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.TapDevice;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkRequests;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Tap hosts, each with a thread of this JVM. */
@Component(service = TapHosts.class)
public final class LiveTapHosts implements TapHosts {

    /** The first octets of the MAC addresses of simulated hosts: a locally administered unicast address. */
    private static final long MAC_PREFIX = 0x02_6e_00_00_00_00L;

    private static final Duration NOTICED = Duration.ofSeconds(3);

    private static final Duration POLL = Duration.ofMillis(5);

    private record Place(long inode, InterfaceName tap) {}

    private final Namespaces namespaces;

    /** Guarded by this. */
    private final Map<Place, TapHostThread> threads = new LinkedHashMap<>();

    @Activate
    public LiveTapHosts(@Reference Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    @Override
    public synchronized void attach(NetnsRef netns, InterfaceName tap, List<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            throw new RequestException("a host behind " + labelled(netns, tap) + " needs an address");
        }
        try {
            boolean up = requireTap(netns, tap).isUp();
            detach(netns, tap);
            TapDevice device = TapDevice.open(netns, tap);
            Place place = new Place(netns.inode(), tap);
            threads.put(place, TapHostThread.start(device, netns, tap, List.copyOf(addresses), mac(place)));
            if (up) {
                awaitOperational(netns, tap);
            }
        } catch (KernelException e) {
            throw e.of(labelled(netns, tap));
        }
    }

    /**
     * The kernel takes notice of a carrier in its own time, up to a second later (net/core/link_watch.c), and drops what is to be sent until
     * then. It is not waited for longer than that: attached the host is.
     */
    private static void awaitOperational(NetnsRef netns, InterfaceName tap) {
        long deadline = System.nanoTime() + NOTICED.toNanos();
        try (NetlinkSocket socket = NetlinkSocket.open(netns)) {
            while (!find(socket, netns, tap).operational() && System.nanoTime() < deadline) {
                Thread.sleep(POLL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static LinkReply find(NetlinkSocket socket, NetnsRef netns, InterfaceName tap) {
        return LinkReply.of(socket.get(LinkRequests.get(tap, "find", tap + " in " + netns)));
    }

    private LinkReply requireTap(NetnsRef netns, InterfaceName tap) {
        LinkReply found;
        try (NetlinkSocket socket = NetlinkSocket.open(netns)) {
            found = find(socket, netns, tap);
        } catch (KernelException e) {
            if (e.isAbsent()) {
                throw new RequestException("there is no tap interface " + labelled(netns, tap), e);
            }
            throw e;
        }
        if (!found.kind().equals(LinkReply.TAP)) {
            throw new RequestException("%s is not a tap interface but %s"
                    .formatted(labelled(netns, tap), found.kind().isEmpty() ? "hardware" : "a " + found.kind()));
        }
        return found;
    }

    /** The same host has the same address each time, so that neighbours need not forget the old one. */
    private static MacAddress mac(Place place) {
        CRC32 crc = new CRC32();
        crc.update((place.inode() + " " + place.tap()).getBytes(StandardCharsets.UTF_8));
        return new MacAddress(MAC_PREFIX | crc.getValue());
    }

    @Override
    public synchronized void detach(NetnsRef netns, InterfaceName tap) {
        TapHostThread thread = threads.remove(new Place(netns.inode(), tap));
        if (thread != null) {
            thread.end();
        }
    }

    @Override
    public synchronized List<TapHost> list() {
        threads.values().removeIf(thread -> !thread.isRunning());
        return threads.values().stream().map(TapHostThread::describe).toList();
    }

    @Deactivate
    synchronized void detachAll() {
        threads.values().forEach(TapHostThread::end);
        threads.clear();
    }

    private String labelled(NetnsRef netns, InterfaceName tap) {
        String label;
        try {
            label = namespaces.label(netns);
        } catch (NetyardException e) {
            label = netns.toString();
        }
        return tap + " in " + label;
    }
}
