package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.file.Devices.Draft;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.network.Settings;
import io.netyard.lab.network.StaticNeighbour;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the nodes of a lab have beside their interfaces: parameters, routes, neighbours, policies, hosts behind taps. */
final class NodeSettings {

    private static final SysctlName IPV4_FORWARDING = SysctlName.parse("net.ipv4.ip_forward");
    private static final SysctlName IPV6_FORWARDING = SysctlName.parse("net.ipv6.conf.all.forwarding");

    private final Map<Place, Draft> drafts;
    private final Problems problems;

    private NodeSettings(Map<Place, Draft> drafts, Problems problems) {
        this.drafts = drafts;
        this.problems = problems;
    }

    /** @param policies by node and name */
    static Map<String, Settings> of(
            Lab lab, Map<Place, Draft> drafts, Map<String, Map<String, PolicyUse>> policies, Problems problems) {
        NodeSettings settings = new NodeSettings(drafts, problems);
        Map<String, Settings> byNode = new LinkedHashMap<>();
        for (Lab.Node node : lab.nodes().values()) {
            String name = node.name().value();
            byNode.put(
                    name,
                    new Settings(
                            settings.sysctls(node),
                            settings.routes(node),
                            settings.neighbours(node),
                            policies.getOrDefault(name, Map.of()),
                            tapHosts(node)));
        }
        return byNode;
    }

    /** Forwarding first: it changes others along with it (inet_forward_change in net/ipv4/devinet.c). */
    private Map<SysctlName, String> sysctls(Lab.Node node) {
        Map<SysctlName, String> sysctls = new LinkedHashMap<>();
        node.forwarding().ifPresent(on -> {
            sysctls.put(IPV4_FORWARDING, on ? "1" : "0");
            sysctls.put(IPV6_FORWARDING, on ? "1" : "0");
        });
        List<Lab.Sysctl> written = new ArrayList<>(node.sysctls().values());
        written.sort((a, b) -> Boolean.compare(
                b.name().value().equals(IPV4_FORWARDING), a.name().value().equals(IPV4_FORWARDING)));
        for (Lab.Sysctl sysctl : written) {
            SysctlName name = sysctl.name().value();
            if (sysctls.put(name, sysctl.value()) != null) {
                problems.add(sysctl.name().position(), "%s is said twice: forwarding says it too".formatted(name));
            }
            if (name.isPerInterface()) {
                InterfaceName device = new InterfaceName(name.parts().get(3));
                if (!isLoopback(device)) {
                    requireDevice(node, device, sysctl.name().position());
                }
            }
        }
        return sysctls;
    }

    private static boolean isLoopback(InterfaceName device) {
        return device.value().equals("lo");
    }

    private Set<Route> routes(Lab.Node node) {
        Set<Route> routes = new LinkedHashSet<>();
        for (At<Route> at : node.routes()) {
            Route route = at.value();
            if (!node.isMade() && route.kind() != Route.Kind.UNICAST) {
                String whose = node.attach().isPresent() ? "node " + node.name() + ", which is attached" : "the host";
                problems.add(at.position(), "a lab cannot bar ways of %s: '%s'".formatted(whose, route));
                continue;
            }
            Optional<Route> complete = complete(node, at, routes);
            complete.filter(full -> !routes.add(full))
                    .ifPresent(full -> problems.add(at.position(), "route '%s' is there already".formatted(route)));
        }
        return routes;
    }

    /** With the interface that reaches the gateway, as the kernel would find it. */
    private Optional<Route> complete(Lab.Node node, At<Route> at, Set<Route> before) {
        Route route = at.value();
        if (route.device().isPresent()) {
            boolean there = node.isMade() && isLoopback(route.device().get())
                    || requireDevice(node, route.device().get(), at.position());
            return there ? Optional.of(route) : Optional.empty();
        }
        if (route.gateway().isEmpty()) {
            return Optional.of(route);
        }
        InetAddress gateway = route.gateway().get();
        Optional<InterfaceName> device = devices(node).stream()
                .filter(draft -> draft.addresses().stream()
                        .anyMatch(address -> address.value().contains(gateway)))
                .map(draft -> draft.place().device())
                .findFirst()
                .or(() -> before.stream()
                        .filter(earlier -> earlier.gateway().isEmpty()
                                && !earlier.isDefault()
                                && earlier.destination().contains(gateway))
                        .flatMap(earlier -> earlier.device().stream())
                        .findFirst());
        if (device.isEmpty()) {
            problems.add(
                    at.position(),
                    "gateway %s is on no network of node %s: say with 'dev' which interface leads there, or give one an address in its network"
                            .formatted(IpPrefix.text(gateway), node.name()));
        }
        return device.map(by -> new Route(
                route.kind(), route.destination(), route.gateway(), Optional.of(by), route.metric(), route.source()));
    }

    private Set<StaticNeighbour> neighbours(Lab.Node node) {
        Set<StaticNeighbour> neighbours = new LinkedHashSet<>();
        for (Lab.Neighbour neighbour : node.neighbours()) {
            if (requireDevice(
                    node, neighbour.device().value(), neighbour.device().position())) {
                neighbours.add(new StaticNeighbour(neighbour.device().value(), neighbour.address(), neighbour.mac()));
            }
        }
        return neighbours;
    }

    private static Map<InterfaceName, List<InetAddress>> tapHosts(Lab.Node node) {
        Map<InterfaceName, List<InetAddress>> hosts = new LinkedHashMap<>();
        node.interfaces().values().forEach(spec -> spec.special().ifPresent(special -> {
            if (special instanceof Lab.Tap tap && !tap.hosts().isEmpty()) {
                hosts.put(spec.name().value(), tap.hosts());
            }
        }));
        return hosts;
    }

    private List<Draft> devices(Lab.Node node) {
        return drafts.values().stream()
                .filter(draft -> draft.place().node().equals(node.name().value()))
                .toList();
    }

    private boolean requireDevice(Lab.Node node, InterfaceName device, Position position) {
        boolean there = drafts.containsKey(new Place(node.name().value(), device));
        if (!there) {
            problems.add(
                    position,
                    "node %s has no interface %s; %s"
                            .formatted(
                                    node.name(),
                                    device,
                                    Spelling.hint(
                                            device.toString(),
                                            devices(node).stream()
                                                    .map(draft -> draft.place()
                                                            .device()
                                                            .value())
                                                    .toList())));
        }
        return there;
    }
}
