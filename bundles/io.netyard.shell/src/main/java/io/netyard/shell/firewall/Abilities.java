package io.netyard.shell.firewall;

import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be asked of a firewall, each by the smallest policy that asks for it. */
final class Abilities {

    /**
     * @param words for people
     * @param policy whether a backend can express this says whether it has the ability
     */
    record Ability(String words, Policy policy) {

        /** @return why not; empty if it has it */
        Optional<String> missing(Firewall firewall, String backend) {
            Firewall.Choice choice = firewall.choose(policy, Optional.of(backend));
            if (choice.backend().isPresent()) {
                return Optional.empty();
            }
            return Optional.of(choice.objections().getOrDefault(backend, "is not there"));
        }
    }

    static final List<Ability> ALL = List.of(
            link("frames by port", "rule forward in a out b drop"),
            link("all other frames", "rule forward arp accept", "otherwise forward drop"),
            link("frames as they come in", "rule ingress in a source not 192.0.2.1 drop"),
            link("senders in ARP", "rule ingress in a arp-source not 192.0.2.1 drop"),
            link("IPv6 addresses", "rule ingress in a source not 2001:db8::1 drop"),
            link("targets of neighbour discovery", "rule ingress in a nd-target not 2001:db8::1 drop"),
            link("ports of TCP and UDP", "rule forward udp dport 53 drop"),
            link("tags as they come in", "rule ingress in a tagged drop"),
            link("addresses at tagged ports", "tagged-port a", "rule forward in a source not 192.0.2.1 drop"),
            link("state of connections", "rule forward state established accept", "otherwise forward drop"),
            network("packets by interface", "rule forward in a out b drop", "otherwise input drop"),
            network("IPv6 addresses", "rule forward source 2001:db8::/32 drop"),
            network("ports of TCP and UDP", "rule input tcp dport 22 drop"),
            network("state of connections", "rule forward state established accept"),
            network("refusing aloud", "rule forward in a reject"),
            nat("masquerade", "rule postrouting out a masquerade"),
            nat("a given source", "rule postrouting out a snat 192.0.2.1"),
            nat("a given destination and port", "rule prerouting in a tcp dport 80 dnat 192.0.2.1:8080"),
            nat("IPv6", "rule prerouting in a tcp dport 80 dnat [2001:db8::1]:8080"));

    private Abilities() {}

    private static Ability link(String words, String... lines) {
        return ability(words, "link", "bridge br", lines);
    }

    private static Ability network(String words, String... lines) {
        return ability(words, "network", "", lines);
    }

    private static Ability nat(String words, String... lines) {
        return ability(words, "nat", "", lines);
    }

    private static Ability ability(String words, String layer, String bridge, String... more) {
        List<String> lines = new ArrayList<>(List.of("policy ability", "layer " + layer));
        if (!bridge.isEmpty()) {
            lines.add(bridge);
        }
        lines.addAll(List.of(more));
        return new Ability(words, Policy.parse(lines));
    }
}
