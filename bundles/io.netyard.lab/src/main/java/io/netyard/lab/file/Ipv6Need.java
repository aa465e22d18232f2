package io.netyard.lab.file;

import io.netyard.api.IpPrefix;
import io.netyard.api.firewall.Condition;
import io.netyard.api.routing.Route;
import io.netyard.lab.network.Settings;
import java.net.Inet6Address;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the nodes that a lab makes speak IPv6. An interface that speaks it tells so by itself, to everybody, each time it comes up: with
 * many on one bridge that is most of what the kernel has to do when a lab is built. So those of a lab that says nothing of IPv6 keep quiet.
 */
final class Ipv6Need {

    private Ipv6Need() {}

    /** @param settings what the nodes have beside their interfaces, without what follows from groups */
    static boolean isQuiet(Lab lab, Map<String, Settings> settings, Problems problems) {
        Optional<At<String>> said = said(lab).findFirst();
        if (lab.ipv6().isEmpty()) {
            return said.isEmpty() && settings.values().stream().noneMatch(Ipv6Need::filters);
        }
        boolean quiet = !lab.ipv6().get();
        if (quiet) {
            said.ifPresent(what -> problems.add(
                    what.position(), "%s needs IPv6, which the lab does without (ipv6: false)".formatted(what)));
        }
        return quiet;
    }

    private static Stream<At<String>> said(Lab lab) {
        return Stream.concat(
                lab.nodes().values().stream().filter(Lab.Node::isMade).flatMap(Ipv6Need::said),
                lab.targets().values().stream()
                        .filter(target -> target.address() instanceof Inet6Address)
                        .map(target -> new At<>(
                                "target " + target.name(), target.name().position())));
    }

    private static Stream<At<String>> said(Lab.Node node) {
        Stream<At<String>> addresses = node.interfaces().values().stream()
                .flatMap(spec -> spec.addresses().stream())
                .filter(address -> !address.value().isIpv4())
                .map(address -> new At<>("address " + address, address.position()));
        Stream<At<String>> hosts = node.interfaces().values().stream()
                .flatMap(spec -> spec.special().stream())
                .filter(special ->
                        special instanceof Lab.Tap tap && tap.hosts().stream().anyMatch(Inet6Address.class::isInstance))
                .map(tap -> new At<>("the host behind the tap", tap.position()));
        Stream<At<String>> sysctls = node.sysctls().values().stream()
                .filter(sysctl -> sysctl.name().value().parts().contains("ipv6"))
                .map(sysctl -> new At<>("sysctl " + sysctl.name(), sysctl.name().position()));
        Stream<At<String>> routes = node.routes().stream()
                .filter(route -> isIpv6(route.value()))
                .map(route -> new At<>("route '%s'".formatted(route), route.position()));
        Stream<At<String>> neighbours = node.neighbours().stream()
                .filter(neighbour -> neighbour.address() instanceof Inet6Address)
                .map(neighbour -> new At<>(
                        "neighbour " + IpPrefix.text(neighbour.address()),
                        neighbour.device().position()));
        return Stream.of(addresses, hosts, sysctls, routes, neighbours).flatMap(each -> each);
    }

    private static boolean isIpv6(Route route) {
        return !route.destination().isIpv4()
                || route.gateway().filter(Inet6Address.class::isInstance).isPresent();
    }

    /** Rules about IPv6 are there because somebody speaks it. */
    private static boolean filters(Settings settings) {
        return settings.policies().values().stream()
                .flatMap(use -> use.policy().rules().stream())
                .flatMap(rule -> rule.conditions().stream())
                .anyMatch(condition -> condition == Condition.Frames.IPV6
                        || condition.implied().equals(Optional.of(Condition.Frames.IPV6)));
    }
}
