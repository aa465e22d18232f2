package io.netyard.lab.network;

import io.netyard.api.InterfaceName;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.SysctlName;
import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a namespace has beside its interfaces.
 *
 * @param sysctls by name, in the order in which they are set
 * @param routes in the order in which they are made: one may lead over another; each names its interface unless it leads nowhere
 * @param neighbours permanent ones
 * @param policies of firewall and NAT, by name
 * @param tapHosts addresses of the simulated host behind a tap of this namespace
 */
public record Settings(
        Map<SysctlName, String> sysctls,
        Set<Route> routes,
        Set<StaticNeighbour> neighbours,
        Map<String, PolicyUse> policies,
        Map<InterfaceName, List<InetAddress>> tapHosts) {

    public static final Settings NONE = new Settings(Map.of(), Set.of(), Set.of(), Map.of(), Map.of());

    public Settings {
        sysctls = Collections.unmodifiableMap(new LinkedHashMap<>(sysctls));
        routes = Collections.unmodifiableSet(new LinkedHashSet<>(routes));
        neighbours = Collections.unmodifiableSet(new LinkedHashSet<>(neighbours));
        policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
        tapHosts = Collections.unmodifiableMap(new LinkedHashMap<>(tapHosts));
    }

    /** Without what is about other interfaces than these. */
    Settings over(Set<InterfaceName> devices) {
        Map<SysctlName, String> left = new LinkedHashMap<>(sysctls);
        left.keySet().removeIf(name -> name.isPerInterface() && !isOver(name, devices));
        Map<InterfaceName, List<InetAddress>> hosts = new LinkedHashMap<>(tapHosts);
        hosts.keySet().retainAll(devices);
        return new Settings(
                left,
                routes.stream()
                        .filter(route -> route.device()
                                .filter(device -> !isOver(device.value(), devices))
                                .isEmpty())
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                neighbours.stream()
                        .filter(neighbour -> devices.contains(neighbour.device()))
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                policies,
                hosts);
    }

    private static boolean isOver(SysctlName name, Set<InterfaceName> devices) {
        return isOver(name.parts().get(3), devices);
    }

    private static boolean isOver(String device, Set<InterfaceName> devices) {
        return device.equals("lo") || devices.contains(new InterfaceName(device));
    }

    /** With these as well, in front: what is there already stays as it is. */
    public Settings withSysctls(Map<SysctlName, String> more) {
        Map<SysctlName, String> all = new LinkedHashMap<>(more);
        all.putAll(sysctls);
        return new Settings(all, routes, neighbours, policies, tapHosts);
    }

    /** As one that nobody has asked for. */
    public Settings withoutSysctl(SysctlName name) {
        Map<SysctlName, String> left = new LinkedHashMap<>(sysctls);
        left.remove(name);
        return new Settings(left, routes, neighbours, policies, tapHosts);
    }

    /** With these as well. */
    public Settings withPolicies(Map<String, PolicyUse> more) {
        Map<String, PolicyUse> all = new LinkedHashMap<>(policies);
        all.putAll(more);
        return new Settings(sysctls, routes, neighbours, all, tapHosts);
    }
}
