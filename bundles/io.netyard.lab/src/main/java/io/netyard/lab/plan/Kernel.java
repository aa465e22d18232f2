package io.netyard.lab.plan;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.link.Cards;
import io.netyard.api.link.LinkEnd;
import io.netyard.api.link.Links;
import io.netyard.api.link.TapHosts;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.ForeignNamespaces.Attachment;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.api.routing.Routing;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services that carry a plan out, for one lab. Used by one thread at a time. */
final class Kernel {

    private static final long POLL_MILLIS = 100;

    /** How long it may take the kernel to see a carrier, with some reserve. */
    private static final Duration CARRIER = Duration.ofMillis(1_200);

    private static final Logger LOG = LoggerFactory.getLogger(Kernel.class);

    private final Services services;
    private final String lab;
    private final Map<String, Netns> nodes = new HashMap<>();
    private final Map<String, NetnsRef> attached = new HashMap<>();
    private Optional<Namespaces.Batch> batch = Optional.empty();

    Kernel(Services services, String lab) {
        this.services = services;
        this.lab = lab;
        own(services.namespaces(), lab).forEach(node -> nodes.put(node.name().orElseThrow(), node));
        services.foreign().attachments(lab).forEach(this::remember);
    }

    /** The namespaces of a lab, which Netyard has made for it. */
    static List<Netns> own(Namespaces namespaces, String lab) {
        return namespaces.known().stream()
                .filter(netns ->
                        netns.origin() == Netns.Origin.OWN && netns.lab().equals(Optional.of(lab)))
                .toList();
    }

    String lab() {
        return lab;
    }

    Links links() {
        return services.links();
    }

    Bridges bridges() {
        return services.bridges();
    }

    Routing routing() {
        return services.routing();
    }

    Firewall firewall() {
        return services.firewall();
    }

    Cards cards() {
        return services.cards();
    }

    TapHosts tapHosts() {
        return services.tapHosts();
    }

    NetnsRef netns(Place place) {
        return netns(place.node());
    }

    NetnsRef netns(String node) {
        if (attached.containsKey(node)) {
            return attached.get(node);
        }
        return node.equals(Node.HOST)
                ? services.namespaces().host()
                : node(node).ref();
    }

    private Netns node(String name) {
        Netns found = nodes.get(name);
        if (found == null) {
            throw new RequestException(
                    "namespace %s/%s has gone while lab %s was changed: apply it again".formatted(lab, name, lab));
        }
        return found;
    }

    void create(String node, String holder, boolean ipv6) {
        NetnsSpec spec = spec(node, holder);
        nodes.put(
                node,
                batch.isPresent()
                        ? batch.get().await(spec)
                        : services.namespaces().create(spec, ipv6));
    }

    private NetnsSpec spec(String node, String holder) {
        return new NetnsSpec(node, Optional.of(lab), holder);
    }

    /**
     * Begins to make all namespaces that these operations make, if that has not begun; they are waited for one by one. To be called when
     * nothing is in their way any more.
     */
    void begin(List<Operation> operations) {
        if (batch.isPresent()) {
            return;
        }
        Map<NetnsSpec, Boolean> specs = new LinkedHashMap<>();
        for (Operation operation : operations) {
            if (operation instanceof Operation.CreateNode create) {
                specs.put(spec(create.node(), create.holder()), create.ipv6());
            }
        }
        batch = Optional.of(services.namespaces().createAll(specs));
    }

    /** Begins no more of them, and waits for those that are under way. */
    void end() {
        batch.ifPresent(Namespaces.Batch::close);
        batch = Optional.empty();
    }

    private void remember(Attachment attachment) {
        attachment.netns().ifPresent(netns -> attached.put(attachment.node(), netns));
    }

    void attach(String node, ForeignNamespace what) {
        remember(services.foreign().attach(lab, node, what));
    }

    void detach(String node) {
        services.foreign().detach(lab, node);
        attached.remove(node);
    }

    void destroy(String node) {
        Netns gone = node(node);
        services.namespaces().destroy(gone);
        services.firewall().forget(gone.ref());
        nodes.remove(node);
    }

    void createVeth(Operation.CreateVeth cable) {
        links().createVeth(
                        new LinkEnd(netns(cable.a()), cable.a().device(), cable.macA()),
                        new LinkEnd(netns(cable.b()), cable.b().device(), cable.macB()),
                        cable.mtu(),
                        lab);
    }

    /**
     * Waits until no port of a bridge is on its way to forwarding, or until it has been waited long enough. A port that has just come up may
     * be taken for one that is down for up to a second (linkwatch_schedule_work in net/core/link_watch.c), so it must last.
     */
    void awaitTree(Place bridge, Duration most) {
        long now = System.nanoTime();
        long end = now + most.toNanos();
        long decided = now;
        while (now - decided < CARRIER.toNanos() && now < end) {
            if (isUndecided(bridge)) {
                decided = System.nanoTime();
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
            now = System.nanoTime();
        }
    }

    private boolean isUndecided(Place place) {
        return bridges().list(netns(place)).stream()
                .filter(bridge -> bridge.name().equals(place.device()))
                .flatMap(bridge -> bridge.ports().stream())
                .anyMatch(port ->
                        port.state() == Bridge.PortState.LISTENING || port.state() == Bridge.PortState.LEARNING);
    }

    void createBridge(Place place, Device.Bridge kind) {
        // Without VLAN tables a kernel has no default PVID to set either: 0 is what it then shows.
        OptionalInt defaultPvid =
                bridges().supportsVlanFiltering() ? OptionalInt.of(kind.defaultPvid()) : OptionalInt.empty();
        bridges().create(netns(place), place.device(), kind.vlanFiltering(), defaultPvid, lab);
    }

    void giveBack(InterfaceName hostInterface) {
        // The card is back; what could not be put back on it is worth a word, and no reason to keep the lab.
        services.cards().giveBack(hostInterface).forEach(line -> LOG.warn("{}", line));
    }
}
