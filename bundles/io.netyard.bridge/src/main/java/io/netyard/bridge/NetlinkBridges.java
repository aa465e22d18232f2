package io.netyard.bridge;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.bridge.FdbEntry;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.netns.Namespaces;
import io.netyard.kernel.KernelFeatures;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.route.BridgeVlanReply;
import io.netyard.kernel.route.BridgeVlanRequests;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkReply.BridgeOptions;
import io.netyard.kernel.route.LinkRequests;
import io.netyard.kernel.route.NeighbourReply;
import io.netyard.kernel.route.NeighbourRequests;
import io.netyard.kernel.route.OwnerAlias;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Bridges over rtnetlink. Remembers nothing of what it made: the kernel is asked each time. A socket lives as long as one call, since it would
 * keep a namespace alive that has ended for everybody else.
 *
 * <p>Devices are looked up by name and then acted upon by ifindex, on one socket.
 */
@Component(service = Bridges.class)
public final class NetlinkBridges implements Bridges {

    /** EOPNOTSUPP, asm-generic/errno.h: what a kernel without bridge VLAN tables answers. */
    private static final int EOPNOTSUPP = 95;

    /** BR_MIN_FORWARD_DELAY and BR_MAX_FORWARD_DELAY, net/bridge/br_private_stp.h. */
    private static final Duration MIN_FORWARD_DELAY = Duration.ofSeconds(2);

    private static final Duration MAX_FORWARD_DELAY = Duration.ofSeconds(30);

    private static final int MAX_PRIORITY = 0xffff;

    private static final String WITHOUT_FILTERING =
            "this kernel has no bridge VLAN filtering (CONFIG_BRIDGE_VLAN_FILTERING); %s was not created";

    private final Namespaces namespaces;

    @Activate
    public NetlinkBridges(@Reference Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    @Override
    public List<Bridge> list(NetnsRef netns) {
        return in(netns, socket -> {
            List<LinkReply> links = LinkReply.listOf(socket.dump(LinkRequests.dump(netns.toString())));
            if (links.stream().noneMatch(LinkReply::isBridge)) {
                return List.of();
            }
            Map<Integer, List<VlanEntry>> vlans =
                    BridgeVlanReply.listOf(socket.dump(BridgeVlanRequests.dump(netns.toString()))).stream()
                            .collect(Collectors.toMap(BridgeVlanReply::index, BridgeVlanReply::vlans, (a, b) -> b));
            return links.stream()
                    .filter(LinkReply::isBridge)
                    .sorted(Comparator.comparingInt(LinkReply::index))
                    .map(link -> bridge(link, links, vlans))
                    .toList();
        });
    }

    private static Bridge bridge(LinkReply bridge, List<LinkReply> links, Map<Integer, List<VlanEntry>> vlans) {
        BridgeOptions options = options(bridge);
        List<Bridge.Port> ports = links.stream()
                .filter(link -> link.controller().orElse(0) == bridge.index())
                .sorted(Comparator.comparingInt(LinkReply::index))
                .map(link -> port(link, vlans.getOrDefault(link.index(), List.of())))
                .toList();
        return new Bridge(
                bridge.index(),
                bridge.interfaceName(),
                options.vlanFiltering(),
                options.defaultPvid().orElse(0),
                vlans.getOrDefault(bridge.index(), List.of()),
                ports,
                options.stp(),
                OwnerAlias.owner(bridge.alias()));
    }

    private static Bridge.Port port(LinkReply link, List<VlanEntry> vlans) {
        LinkReply.PortOptions options =
                link.port().orElseGet(() -> new LinkReply.PortOptions(Bridge.PortState.DISABLED, 0, 0));
        return new Bridge.Port(
                link.index(), link.interfaceName(), vlans, options.state(), options.pathCost(), options.priority());
    }

    private static BridgeOptions options(LinkReply bridge) {
        return bridge.bridge().orElseGet(() -> new BridgeOptions(false, OptionalInt.empty(), Bridge.Stp.OFF));
    }

    @Override
    public void create(
            NetnsRef netns, InterfaceName name, boolean vlanFiltering, OptionalInt defaultPvid, String owner) {
        in(netns, socket -> {
            try {
                socket.execute(LinkRequests.createBridge(name, vlanFiltering, defaultPvid, subject(netns, name)));
            } catch (KernelException e) {
                if (vlanFiltering && e.errno() == EOPNOTSUPP && !supportsVlanFiltering()) {
                    throw new RequestException(WITHOUT_FILTERING.formatted(labelled(netns, name)), e);
                }
                throw e;
            }
            try {
                LinkReply made = find(socket, netns, name, "read back");
                requireAsAsked(netns, made, vlanFiltering, defaultPvid);
                socket.execute(LinkRequests.setAlias(made.index(), OwnerAlias.of(owner), subject(netns, name)));
            } catch (RuntimeException e) {
                try {
                    delete(socket, netns, name);
                } catch (RuntimeException alsoFailed) {
                    e.addSuppressed(alsoFailed);
                }
                throw e;
            }
            return null;
        });
    }

    /** A kernel that does not know an option ignores it. */
    private void requireAsAsked(NetnsRef netns, LinkReply made, boolean vlanFiltering, OptionalInt defaultPvid) {
        BridgeOptions options = options(made);
        if (vlanFiltering && !options.vlanFiltering()) {
            throw new RequestException(WITHOUT_FILTERING.formatted(labelled(netns, made.interfaceName())));
        }
        // Without VLAN tables there is no PVID: what was asked for if that was 0.
        if (defaultPvid.isPresent() && options.defaultPvid().orElse(0) != defaultPvid.getAsInt()) {
            throw new RequestException("this kernel did not take default PVID %d; %s was not created"
                    .formatted(defaultPvid.getAsInt(), labelled(netns, made.interfaceName())));
        }
    }

    private static void delete(NetlinkSocket socket, NetnsRef netns, InterfaceName name) {
        int index = find(socket, netns, name, "delete").index();
        socket.execute(LinkRequests.delete(index, subject(netns, name)));
    }

    @Override
    public void setVlanFiltering(NetnsRef netns, InterfaceName bridge, boolean on) {
        in(netns, socket -> {
            int index = findBridge(socket, netns, bridge, "switch VLAN filtering of")
                    .index();
            socket.execute(LinkRequests.setVlanFiltering(index, on, subject(netns, bridge)));
            if (options(find(socket, netns, bridge, "read back")).vlanFiltering() != on) {
                throw new RequestException("this kernel has no bridge VLAN filtering (CONFIG_BRIDGE_VLAN_FILTERING); "
                        + labelled(netns, bridge) + " stays as it is");
            }
            return null;
        });
    }

    @Override
    public void setDefaultPvid(NetnsRef netns, InterfaceName bridge, int defaultPvid) {
        if (defaultPvid < 0 || defaultPvid > VlanId.MAX) {
            throw new RequestException("default PVID must be 0..%d, was %d".formatted(VlanId.MAX, defaultPvid));
        }
        in(netns, socket -> {
            int index =
                    findBridge(socket, netns, bridge, "set the default PVID of").index();
            socket.execute(LinkRequests.setDefaultPvid(index, defaultPvid, subject(netns, bridge)));
            if (options(find(socket, netns, bridge, "read back")).defaultPvid().orElse(0) != defaultPvid) {
                throw new RequestException("this kernel did not take default PVID %d for %s"
                        .formatted(defaultPvid, labelled(netns, bridge)));
            }
            return null;
        });
    }

    @Override
    public void setStp(NetnsRef netns, InterfaceName bridge, boolean on) {
        in(netns, socket -> {
            int index = findBridge(socket, netns, bridge, "switch STP of").index();
            socket.execute(LinkRequests.setStp(index, on, subject(netns, bridge)));
            return null;
        });
    }

    @Override
    public void setForwardDelay(NetnsRef netns, InterfaceName bridge, Duration delay) {
        in(netns, socket -> {
            LinkReply found = findBridge(socket, netns, bridge, "set the forward delay of");
            // Without STP the kernel takes any, and raises or refuses it later.
            if (delay.compareTo(MIN_FORWARD_DELAY) < 0 && options(found).stp().on()
                    || delay.isNegative()
                    || delay.compareTo(MAX_FORWARD_DELAY) > 0) {
                throw new RequestException("%s: the forward delay is %d to %d seconds with STP, not %s"
                        .formatted(
                                labelled(netns, bridge),
                                MIN_FORWARD_DELAY.toSeconds(),
                                MAX_FORWARD_DELAY.toSeconds(),
                                seconds(delay)));
            }
            socket.execute(LinkRequests.setForwardDelay(found.index(), delay, subject(netns, bridge)));
            return null;
        });
    }

    private static String seconds(Duration delay) {
        return BigDecimal.valueOf(delay.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    @Override
    public void setPriority(NetnsRef netns, InterfaceName bridge, int priority) {
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new RequestException("the priority of a bridge is 0..%d, not %d".formatted(MAX_PRIORITY, priority));
        }
        in(netns, socket -> {
            int index = findBridge(socket, netns, bridge, "set the priority of").index();
            socket.execute(LinkRequests.setPriority(index, priority, subject(netns, bridge)));
            return null;
        });
    }

    @Override
    public void addPort(NetnsRef netns, InterfaceName bridge, InterfaceName port) {
        in(netns, socket -> {
            String operation = "add port %s to".formatted(port);
            int controller = findBridge(socket, netns, bridge, operation).index();
            int index = find(socket, netns, port, "add to bridge %s:".formatted(bridge))
                    .index();
            socket.execute(LinkRequests.setController(
                    index, controller, "add to bridge %s:".formatted(bridge), subject(netns, port)));
            return null;
        });
    }

    @Override
    public void removePort(NetnsRef netns, InterfaceName port) {
        in(netns, socket -> {
            String operation = "take out of its bridge:";
            int index = find(socket, netns, port, operation).index();
            socket.execute(LinkRequests.setController(index, 0, operation, subject(netns, port)));
            return null;
        });
    }

    @Override
    public void addVlans(
            NetnsRef netns, InterfaceName device, VlanId first, VlanId last, boolean pvid, boolean untagged) {
        requireRange(first, last);
        if (pvid && !first.equals(last)) {
            throw new RequestException("a port has one PVID: %s-%s cannot all be it".formatted(first, last));
        }
        in(netns, socket -> {
            LinkReply found = findVlanDevice(socket, netns, device, "add to the VLAN table of");
            socket.execute(BridgeVlanRequests.add(
                    found.index(), first, last, pvid, untagged, found.isBridge(), subject(netns, device)));
            return null;
        });
    }

    @Override
    public void removeVlans(NetnsRef netns, InterfaceName device, VlanId first, VlanId last) {
        requireRange(first, last);
        in(netns, socket -> {
            LinkReply found = findVlanDevice(socket, netns, device, "remove from the VLAN table of");
            socket.execute(
                    BridgeVlanRequests.remove(found.index(), first, last, found.isBridge(), subject(netns, device)));
            return null;
        });
    }

    private static void requireRange(VlanId first, VlanId last) {
        if (first.compareTo(last) > 0) {
            throw new RequestException("%s-%s is not a range of VIDs".formatted(first, last));
        }
    }

    @Override
    public List<FdbEntry> fdb(NetnsRef netns, InterfaceName bridge) {
        return in(netns, socket -> {
            LinkReply found = findBridge(socket, netns, bridge, "list the forwarding database of");
            Map<Integer, InterfaceName> names =
                    LinkReply.listOf(socket.dump(LinkRequests.dump(netns.toString()))).stream()
                            .collect(Collectors.toMap(LinkReply::index, LinkReply::interfaceName, (a, b) -> b));
            return NeighbourReply.listOf(socket.dump(NeighbourRequests.dumpFdb(found.index(), subject(netns, bridge))))
                    .stream()
                    .filter(entry -> entry.isForwardingEntryOf(found.index()))
                    // A port that vanishes between the two dumps takes its entries with it.
                    .filter(entry -> entry.mac().isPresent() && names.containsKey(entry.index()))
                    .map(entry -> new FdbEntry(
                            entry.mac().orElseThrow(), names.get(entry.index()), entry.vlan(), entry.isLearned()))
                    .toList();
        });
    }

    @Override
    public void flushFdb(NetnsRef netns, InterfaceName bridge) {
        in(netns, socket -> {
            int index = findBridge(socket, netns, bridge, "flush the forwarding database of")
                    .index();
            socket.execute(LinkRequests.flushFdb(index, subject(netns, bridge)));
            return null;
        });
    }

    @Override
    public boolean supportsVlanFiltering() {
        return KernelFeatures.bridgeVlanFiltering();
    }

    /** A bridge, whose own table is then meant, or a port of one. */
    private LinkReply findVlanDevice(NetlinkSocket socket, NetnsRef netns, InterfaceName name, String operation) {
        LinkReply found = find(socket, netns, name, operation);
        if (!found.isBridge() && found.controller().isEmpty()) {
            throw new RequestException(
                    labelled(netns, name) + " has no VLAN table: it is neither a bridge nor a port of one");
        }
        return found;
    }

    private LinkReply findBridge(NetlinkSocket socket, NetnsRef netns, InterfaceName name, String operation) {
        LinkReply found = find(socket, netns, name, operation);
        if (!found.isBridge()) {
            throw new RequestException(labelled(netns, name) + " is not a bridge"
                    + (found.kind().isEmpty() ? "" : " but a " + found.kind()));
        }
        return found;
    }

    private static LinkReply find(NetlinkSocket socket, NetnsRef netns, InterfaceName name, String operation) {
        return LinkReply.of(socket.get(LinkRequests.get(name, operation, subject(netns, name))));
    }

    private static String subject(NetnsRef netns, InterfaceName name) {
        return name + " in " + netns;
    }

    private String labelled(NetnsRef netns, InterfaceName name) {
        return name + " in " + namespaces.label(netns);
    }

    /** Refusals name the namespace as the user knows it; it is looked up only then. */
    private <T> T in(NetnsRef netns, Function<NetlinkSocket, T> work) {
        try (NetlinkSocket socket = NetlinkSocket.open(netns)) {
            return work.apply(socket);
        } catch (KernelException e) {
            throw e.of(e.subject().replace(netns.toString(), namespaces.label(netns)));
        }
    }
}
