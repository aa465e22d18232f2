package io.netyard.lab.script;

import static java.util.stream.Collectors.joining;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of a network can be built by a script on any machine.
 *
 * @param network that part
 * @param remarks what is left out, and what must be there beforehand; a sentence each
 */
record Portable(Network network, List<String> remarks) {

    static Portable of(Network whole) {
        List<String> remarks = new ArrayList<>();
        Set<String> attached = new LinkedHashSet<>();
        whole.nodes().forEach((name, node) -> node.attached().ifPresent(what -> {
            attached.add(name);
            remarks.add("node %s is a namespace of others (%s): it and its cables are left out".formatted(name, what));
        }));
        Set<InterfaceName> parents = foreignParents(whole);
        parents.forEach(parent -> remarks.add("interface %s of the host must be there already".formatted(parent)));
        // Whatever sits on what has been left out goes too.
        Network portable = withoutStandIns(
                        withStandIns(whole, parents)
                                .without(attached)
                                .map(node -> withoutCards(node, remarks))
                                .without(Set.of()),
                        whole,
                        parents)
                .map(node -> withoutTapHosts(node, remarks));
        for (Node node : portable.nodes().values()) {
            node.devices().values().stream()
                    .filter(device -> device.kind() instanceof Device.Bridge bridge && bridge.existing())
                    .forEach(bridge ->
                            remarks.add("bridge %s of the host must be there already".formatted(bridge.name())));
        }
        return new Portable(portable, remarks);
    }

    private static Node withoutCards(Node node, List<String> remarks) {
        Map<InterfaceName, Device> left = new LinkedHashMap<>(node.devices());
        left.values().removeIf(device -> {
            boolean card = device.kind() instanceof Device.Card;
            if (card) {
                remarks.add("%s is the host's %s, lent: a script that dies would not give it back, so it is left out"
                        .formatted(
                                new Place(node.name(), device.name()), ((Device.Card) device.kind()).hostInterface()));
            }
            return card;
        });
        return node.withDevices(left);
    }

    private static Node withoutTapHosts(Node node, List<String> remarks) {
        Settings settings = node.settings();
        settings.tapHosts()
                .forEach((tap, addresses) -> remarks.add(
                        "%s has no carrier until a program holds it: the host %s that Netyard plays there is left out"
                                .formatted(
                                        new Place(node.name(), tap),
                                        addresses.stream().map(IpPrefix::text).collect(joining(", ")))));
        return node.withSettings(new Settings(
                settings.sysctls(), settings.routes(), settings.neighbours(), settings.policies(), Map.of()));
    }

    /** Interfaces of the host that macvlans sit on and the lab does not have. */
    private static Set<InterfaceName> foreignParents(Network network) {
        Set<InterfaceName> parents = new LinkedHashSet<>();
        network.nodes().values().forEach(node -> node.devices().values().forEach(device -> {
            if (device.kind() instanceof Device.Macvlan on
                    && on.parent().node().equals(Node.HOST)
                    && network.device(on.parent()).isEmpty()) {
                parents.add(on.parent().device());
            }
        }));
        return parents;
    }

    /** So that what sits on them is not taken for something that sits on nothing. */
    private static Network withStandIns(Network network, Set<InterfaceName> parents) {
        if (parents.isEmpty()) {
            return network;
        }
        Map<String, Node> nodes = new LinkedHashMap<>(network.nodes());
        Node host = nodes.getOrDefault(Node.HOST, new Node(Node.HOST, new Node.Host(), Map.of(), Settings.NONE));
        Map<InterfaceName, Device> devices = new LinkedHashMap<>(host.devices());
        parents.forEach(name -> devices.put(
                name,
                new Device(
                        name, new Device.Tap(), true, Optional.empty(), Optional.empty(), Set.of(), Optional.empty())));
        nodes.put(Node.HOST, host.withDevices(devices));
        return new Network(nodes);
    }

    private static Network withoutStandIns(Network network, Network whole, Set<InterfaceName> parents) {
        Map<String, Node> nodes = new LinkedHashMap<>(network.nodes());
        nodes.keySet().retainAll(whole.nodes().keySet());
        return new Network(nodes).map(node -> {
            Map<InterfaceName, Device> devices = new LinkedHashMap<>(node.devices());
            if (node.isHost()) {
                devices.keySet().removeAll(parents);
            }
            return node.withDevices(devices);
        });
    }
}
