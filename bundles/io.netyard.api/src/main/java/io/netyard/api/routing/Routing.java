package io.netyard.api.routing;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Routes, neighbours and network sysctls, in any namespace, IPv4 and IPv6. Every method talks to the kernel and throws
 * {@link io.netyard.api.KernelException} when it refuses; nothing is remembered. Safe for use from several threads.
 *
 * <p>Routes made here carry {@link RouteEntry#NETYARD_PROTOCOL}, so that they can be told from the kernel's own and other people's.
 */
@ProviderType
public interface Routing {

    /**
     * The main table, IPv4 first, in the kernel's order. A route with several next hops is told as one entry for each; those of a kind
     * that {@link Route.Kind} does not name are left out.
     */
    List<RouteEntry> routes(NetnsRef netns);

    /**
     * The same for many namespaces at once.
     *
     * @return by namespace; those that have ended are left out
     */
    default Map<NetnsRef, List<RouteEntry>> routes(Collection<NetnsRef> netnses) {
        return ofEach(netnses, this::routes);
    }

    /** Adds a route. The kernel refuses one that exists with the same destination and metric. */
    void addRoute(NetnsRef netns, Route route);

    /**
     * Removes the route that {@code route} {@linkplain Route#isMetBy describes}, whoever made it.
     *
     * @throws io.netyard.api.RequestException if there is none
     */
    void removeRoute(NetnsRef netns, Route route);

    /** The ARP and IPv6 neighbour tables, without the entries for groups and broadcast that need no asking (NUD_NOARP). */
    List<Neighbour> neighbours(NetnsRef netns);

    /**
     * The same for many namespaces at once.
     *
     * @return by namespace; those that have ended are left out
     */
    default Map<NetnsRef, List<Neighbour>> neighbours(Collection<NetnsRef> netnses) {
        return ofEach(netnses, this::neighbours);
    }

    private static <T> Map<NetnsRef, T> ofEach(Collection<NetnsRef> netnses, Function<NetnsRef, T> look) {
        Map<NetnsRef, T> seen = new LinkedHashMap<>();
        for (NetnsRef netns : netnses) {
            try {
                seen.put(netns, look.apply(netns));
            } catch (RequestException e) {
                // It has ended.
            }
        }
        return seen;
    }

    /** Sets a permanent neighbour; replaces what was known of that address on that interface. */
    void setNeighbour(NetnsRef netns, InterfaceName device, InetAddress address, MacAddress mac);

    /** Removes a neighbour, permanent or learned. */
    void removeNeighbour(NetnsRef netns, InterfaceName device, InetAddress address);

    /** Forgets all learned neighbours; permanent ones stay. @return how many were forgotten */
    int flushNeighbours(NetnsRef netns);

    /** The value as the kernel prints it, without the line's end; empty if the namespace has no such parameter. */
    Optional<String> sysctl(NetnsRef netns, SysctlName name);

    /**
     * The same for many namespaces at once.
     *
     * @return those that there are; namespaces that have ended are left out
     */
    default Map<NetnsRef, Map<SysctlName, String>> sysctls(Map<NetnsRef, Set<SysctlName>> names) {
        Map<NetnsRef, Map<SysctlName, String>> values = new LinkedHashMap<>();
        names.forEach((netns, each) -> {
            try {
                Map<SysctlName, String> there = new LinkedHashMap<>();
                each.forEach(name -> sysctl(netns, name).ifPresent(value -> there.put(name, value)));
                values.put(netns, there);
            } catch (RequestException e) {
                // It has ended.
            }
        });
        return values;
    }

    /**
     * @throws io.netyard.api.RequestException if the namespace has no such parameter (says which module brings it, where that is known) or
     *     the kernel does not take the value
     */
    void setSysctl(NetnsRef netns, SysctlName name, String value);

    /**
     * The value in a namespace that has just been made; for a parameter of one interface, that of a new interface there. Empty if there is
     * no such parameter.
     */
    Optional<String> defaultSysctl(SysctlName name);

    /** {@link #sysctl} of many; those that the namespace has, in that order. */
    Map<SysctlName, String> sysctls(NetnsRef netns, Collection<SysctlName> names);

    /** {@link #defaultSysctl} of many, found in one namespace made for that; those that there are, in that order. */
    Map<SysctlName, String> defaultSysctls(Collection<SysctlName> names);
}
