package io.netyard.routing;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.routing.Neighbour;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.RouteEntry;
import io.netyard.api.routing.Routing;
import io.netyard.api.routing.SysctlName;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.NetlinkSockets;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkRequests;
import io.netyard.kernel.route.NeighbourReply;
import io.netyard.kernel.route.NeighbourRequests;
import io.netyard.kernel.route.RouteReply;
import io.netyard.kernel.route.RouteRequests;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Routes and neighbours over rtnetlink, sysctls by /proc/sys. A socket lives as long as one call, since it would keep a namespace alive that has
 * ended for everybody else.
 */
@Component(service = Routing.class)
public final class NetlinkRouting implements Routing {

    private final Namespaces namespaces;
    private final Sysctls sysctls = new Sysctls();

    @Activate
    public NetlinkRouting(@Reference Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    @Override
    public List<RouteEntry> routes(NetnsRef netns) {
        return in(netns, socket -> routes(netns, socket));
    }

    @Override
    public Map<NetnsRef, List<RouteEntry>> routes(Collection<NetnsRef> netnses) {
        return inEach(netnses, NetlinkRouting::routes);
    }

    private static List<RouteEntry> routes(NetnsRef netns, NetlinkSocket socket) {
        List<RouteReply> replies = RouteReply.listOf(socket.dump(RouteRequests.dump(netns.toString()))).stream()
                .filter(reply -> reply.table() == RouteReply.MAIN)
                .toList();
        Map<Integer, InterfaceName> names =
                names(socket, netns, replies.stream().flatMapToInt(reply -> reply.index().stream()));
        return replies.stream()
                // A device that has vanished since has taken its routes with it.
                .filter(reply -> reply.index().isEmpty()
                        || names.containsKey(reply.index().getAsInt()))
                .map(reply -> new RouteEntry(route(reply, names), Origins.name(reply.protocol())))
                .sorted(Comparator.comparing(
                        entry -> !entry.route().destination().isIpv4()))
                .toList();
    }

    private static Route route(RouteReply reply, Map<Integer, InterfaceName> names) {
        // The kernel lets IPv6 routes that lead nowhere lead to lo.
        Optional<InterfaceName> device =
                reply.kind() == Route.Kind.UNICAST && reply.index().isPresent()
                        ? Optional.of(names.get(reply.index().getAsInt()))
                        : Optional.empty();
        return new Route(
                reply.kind(),
                reply.destination(),
                reply.gateway(),
                device,
                reply.metric() == 0 ? OptionalLong.empty() : OptionalLong.of(reply.metric()),
                reply.source());
    }

    @Override
    public void addRoute(NetnsRef netns, Route route) {
        in(netns, socket -> {
            OptionalInt index = index(socket, netns, route);
            socket.execute(RouteRequests.add(route, index, RouteEntry.NETYARD_PROTOCOL, netns.toString()));
            return null;
        });
    }

    @Override
    public void removeRoute(NetnsRef netns, Route route) {
        in(netns, socket -> {
            // The kernel takes what is left out of a request for "any": it is told all that the one route has.
            Route found = routes(netns, socket).stream()
                    .map(RouteEntry::route)
                    .filter(route::isMetBy)
                    .findFirst()
                    .orElseThrow(() -> new RequestException(
                            "there is no route '%s' in %s".formatted(route, namespaces.label(netns))));
            socket.execute(RouteRequests.remove(found, index(socket, netns, found), netns.toString()));
            return null;
        });
    }

    private static OptionalInt index(NetlinkSocket socket, NetnsRef netns, Route route) {
        return route.device().isPresent()
                ? OptionalInt.of(
                        index(socket, netns, route.device().get(), "find the device of route '%s':".formatted(route)))
                : OptionalInt.empty();
    }

    private static int index(NetlinkSocket socket, NetnsRef netns, InterfaceName name, String operation) {
        return LinkReply.of(socket.get(LinkRequests.get(name, operation, name + " in " + netns)))
                .index();
    }

    /** Of those devices that are there. In most namespaces few have routes or neighbours, and a switch has many that have none. */
    private static Map<Integer, InterfaceName> names(NetlinkSocket socket, NetnsRef netns, IntStream indexes) {
        return socket
                .getAll(indexes.distinct()
                        .mapToObj(index -> LinkRequests.get(index, "find an interface of", netns.toString()))
                        .toList())
                .stream()
                .flatMap(Optional::stream)
                .map(LinkReply::of)
                .collect(Collectors.toMap(LinkReply::index, LinkReply::interfaceName));
    }

    @Override
    public List<Neighbour> neighbours(NetnsRef netns) {
        return in(netns, socket -> neighbours(netns, socket));
    }

    @Override
    public Map<NetnsRef, List<Neighbour>> neighbours(Collection<NetnsRef> netnses) {
        return inEach(netnses, NetlinkRouting::neighbours);
    }

    private static List<Neighbour> neighbours(NetnsRef netns, NetlinkSocket socket) {
        List<NeighbourReply> replies =
                NeighbourReply.listOf(socket.dump(NeighbourRequests.dump(netns.toString()))).stream()
                        .filter(reply -> reply.address().isPresent()
                                && reply.neighbourState().isPresent())
                        .toList();
        Map<Integer, InterfaceName> names =
                names(socket, netns, replies.stream().mapToInt(NeighbourReply::index));
        return replies.stream()
                .filter(reply -> names.containsKey(reply.index()))
                .map(reply -> new Neighbour(
                        reply.address().get(),
                        names.get(reply.index()),
                        reply.mac(),
                        reply.neighbourState().get()))
                .toList();
    }

    @Override
    public void setNeighbour(NetnsRef netns, InterfaceName device, InetAddress address, MacAddress mac) {
        in(netns, socket -> {
            int index = index(socket, netns, device, "set neighbour " + IpPrefix.text(address) + " of");
            socket.execute(NeighbourRequests.set(index, address, mac, device + " in " + netns));
            return null;
        });
    }

    @Override
    public void removeNeighbour(NetnsRef netns, InterfaceName device, InetAddress address) {
        in(netns, socket -> {
            int index = index(socket, netns, device, "forget neighbour " + IpPrefix.text(address) + " of");
            socket.execute(NeighbourRequests.delete(index, address, device + " in " + netns));
            return null;
        });
    }

    @Override
    public int flushNeighbours(NetnsRef netns) {
        return in(netns, socket -> {
            int forgotten = 0;
            for (NeighbourReply reply : NeighbourReply.listOf(socket.dump(NeighbourRequests.dump(netns.toString())))) {
                boolean learned = reply.neighbourState()
                        .filter(state -> state != Neighbour.State.PERMANENT)
                        .isPresent();
                if (learned && reply.address().isPresent()) {
                    forgotten +=
                            forget(socket, netns, reply.index(), reply.address().get()) ? 1 : 0;
                }
            }
            return forgotten;
        });
    }

    /** False if it has gone in the meantime. */
    private static boolean forget(NetlinkSocket socket, NetnsRef netns, int index, InetAddress address) {
        try {
            socket.execute(NeighbourRequests.delete(index, address, netns.toString()));
            return true;
        } catch (KernelException e) {
            if (e.isAbsent()) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Optional<String> sysctl(NetnsRef netns, SysctlName name) {
        return sysctls.read(netns, name);
    }

    @Override
    public Map<NetnsRef, Map<SysctlName, String>> sysctls(Map<NetnsRef, Set<SysctlName>> names) {
        return sysctls.read(names);
    }

    @Override
    public void setSysctl(NetnsRef netns, SysctlName name, String value) {
        sysctls.write(netns, name, value, () -> namespaces.label(netns));
    }

    @Override
    public Optional<String> defaultSysctl(SysctlName name) {
        return sysctls.readDefault(name);
    }

    @Override
    public Map<SysctlName, String> sysctls(NetnsRef netns, Collection<SysctlName> names) {
        return sysctls.read(netns, names);
    }

    @Override
    public Map<SysctlName, String> defaultSysctls(Collection<SysctlName> names) {
        return sysctls.readDefaults(names);
    }

    private <T> Map<NetnsRef, T> inEach(Collection<NetnsRef> netnses, BiFunction<NetnsRef, NetlinkSocket, T> look) {
        try (NetlinkSockets sockets = NetlinkSockets.open(netnses)) {
            return sockets.look((netns, socket) -> in(netns, () -> look.apply(netns, socket)));
        }
    }

    private <T> T in(NetnsRef netns, Function<NetlinkSocket, T> work) {
        return in(netns, () -> {
            try (NetlinkSocket socket = NetlinkSocket.open(netns)) {
                return work.apply(socket);
            }
        });
    }

    /** Refusals name the namespace as the user knows it; it is looked up only then. */
    private <T> T in(NetnsRef netns, Supplier<T> work) {
        try {
            return work.get();
        } catch (KernelException e) {
            throw e.of(e.subject().replace(netns.toString(), namespaces.label(netns)));
        }
    }
}
