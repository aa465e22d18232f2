package io.netyard.proof;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.NetnsRef;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.lab.RunningLab.Address;
import io.netyard.api.lab.RunningLab.Node;
import io.netyard.api.lab.Target;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The nodes of a lab, and who has which address. */
final class Nodes {

    private final Map<String, Node> byName = new LinkedHashMap<>();

    private final Map<String, InterfaceName> bridges = new HashMap<>();

    Nodes(RunningLab lab) {
        lab.switches().forEach(found -> bridges.putIfAbsent(found.node(), found.bridge()));
        lab.nodes().forEach(node -> byName.put(node.name(), node));
    }

    /** Why nothing can be measured in a node; empty if it can. */
    Optional<String> unusable(String name) {
        Node node = byName.get(name);
        if (node == null) {
            return Optional.of(name + " is not part of the lab");
        }
        if (node.netns().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(node.attached()
                .flatMap(RunningLab.Attached::trouble)
                .map(why -> name + " is not there: " + why)
                .orElse(name + " is gone"));
    }

    /** The same for one that is asked; an address that is in no node is always usable. */
    Optional<String> unusable(Target target) {
        return target.address().isPresent() ? Optional.empty() : unusable(target.name());
    }

    /** Of a node that is usable. */
    NetnsRef netns(String name) {
        return byName.get(name).netns().orElseThrow();
    }

    List<Address> addresses(String name) {
        Node node = byName.get(name);
        return node == null ? List.of() : node.addresses();
    }

    List<IpPrefix> prefixes(String name) {
        return addresses(name).stream().map(Address::prefix).toList();
    }

    /** Whether there is any address that it could be asked at. */
    boolean hasAddress(Target target) {
        return target.address().isPresent() || !addresses(target.name()).isEmpty();
    }

    /** The address at which a node asks another. */
    Optional<InetAddress> address(String from, Target to) {
        return to.address().or(() -> Targets.choose(prefixes(from), prefixes(to.name())));
    }

    /** The interface from which a node speaks: its first one with an address, else its bridge. */
    Optional<InterfaceName> sendingDevice(String name) {
        return addresses(name).stream()
                .map(Address::device)
                .findFirst()
                .or(() -> Optional.ofNullable(bridges.get(name)));
    }

    /** The node that has an address. */
    Optional<String> owner(InetAddress address) {
        return byName.values().stream()
                .filter(node -> node.addresses().stream()
                        .anyMatch(own -> own.prefix().address().equals(address)))
                .map(Node::name)
                .findFirst();
    }

    /** Of all nodes. */
    Set<InetAddress> allAddresses() {
        Set<InetAddress> all = new HashSet<>();
        byName.values().forEach(node -> node.addresses()
                .forEach(own -> all.add(own.prefix().address())));
        return all;
    }

    /** Namespaces of all nodes that have addresses. */
    List<NetnsRef> addressedNamespaces() {
        return byName.values().stream()
                .filter(node -> !node.addresses().isEmpty())
                .flatMap(node -> node.netns().stream())
                .toList();
    }
}
