package io.netyard.lab.importing;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import io.netyard.api.routing.Routing;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.network.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The kernel parameters of a namespace that are worth a line in a lab file: those that decide who reaches whom, where they are not what a new
 * namespace has. There are more than a thousand others, most of which say the same in other words or count something.
 */
final class Parameters {

    private static final List<String> OF_NAMESPACES = List.of(
            "net.ipv4.ip_forward",
            "net.ipv6.conf.all.forwarding",
            "net.ipv4.icmp_echo_ignore_all",
            "net.ipv4.icmp_echo_ignore_broadcasts");

    private static final List<String> OF_IPV4_INTERFACES = List.of(
            "accept_local",
            "accept_redirects",
            "arp_announce",
            "arp_ignore",
            "proxy_arp",
            "route_localnet",
            "rp_filter");

    private static final List<String> OF_IPV6_INTERFACES =
            List.of("accept_ra", "accept_redirects", "disable_ipv6", "proxy_ndp");

    /** Written for all interfaces, it is written to each of them and to those to come (addrconf_disable_ipv6 in net/ipv6/addrconf.c). */
    private static final String COPIED = "disable_ipv6";

    /** Who forwards accepts none: the one switches the other off (inet_forward_change in net/ipv4/devinet.c). */
    private static final SysctlName FORWARDING = SysctlName.parse("net.ipv4.ip_forward");

    private static final SysctlName REDIRECTS = SysctlName.parse("net.ipv4.conf.all.accept_redirects");

    private final Routing routing;

    private Parameters(Routing routing) {
        this.routing = routing;
    }

    /**
     * @param nodes what is in them
     * @param where they are
     * @return by node
     */
    static Map<String, Map<SysctlName, String>> of(
            Routing routing, Collection<Node> nodes, Map<String, NetnsRef> where) {
        Parameters parameters = new Parameters(routing);
        Map<String, List<SysctlName>> names = new LinkedHashMap<>();
        Set<SysctlName> all = new LinkedHashSet<>();
        nodes.forEach(node -> {
            names.put(node.name(), names(node));
            all.addAll(names(node));
        });
        Map<SysctlName, String> usual = routing.defaultSysctls(all);
        Map<String, Map<SysctlName, String>> differing = new LinkedHashMap<>();
        names.forEach((node, those) -> differing.put(node, parameters.differing(where.get(node), those, usual)));
        return differing;
    }

    private static List<SysctlName> names(Node node) {
        List<SysctlName> names = new ArrayList<>();
        OF_NAMESPACES.forEach(name -> names.add(SysctlName.parse(name)));
        Stream.concat(
                        Stream.of("all", "default"),
                        node.devices().keySet().stream().map(InterfaceName::value))
                .forEach(device -> {
                    OF_IPV4_INTERFACES.forEach(name -> names.add(perInterface("ipv4", device, name)));
                    OF_IPV6_INTERFACES.forEach(name -> names.add(perInterface("ipv6", device, name)));
                });
        return names;
    }

    private static SysctlName perInterface(String family, String device, String name) {
        return new SysctlName(List.of("net", family, "conf", device, name));
    }

    private Map<SysctlName, String> differing(NetnsRef netns, List<SysctlName> names, Map<SysctlName, String> usual) {
        Map<SysctlName, String> differing = new LinkedHashMap<>();
        SysctlName copied = perInterface("ipv6", "all", COPIED);
        routing.sysctls(netns, names).forEach((name, value) -> {
            boolean copy = name.parts().get(name.parts().size() - 1).equals(COPIED) && differing.containsKey(copied);
            boolean follows = name.equals(REDIRECTS) && differing.containsKey(FORWARDING);
            if (!value.equals(usual.get(name)) && !copy && !follows) {
                differing.put(name, value.replace('\t', ' '));
            }
        });
        return differing;
    }
}
