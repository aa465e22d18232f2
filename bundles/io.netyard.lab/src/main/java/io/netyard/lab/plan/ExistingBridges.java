package io.netyard.lab.plan;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.link.Link;
import io.netyard.api.link.Links;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Bridges of the host that a lab uses and has not made: another lab's, or anybody's. The lab's ports are its own, the bridge is not, and
 * on one bridge a VLAN is one lab's.
 */
final class ExistingBridges {

    private final Services services;

    ExistingBridges(Services services) {
        this.services = services;
    }

    /** With the bridges that are not the lab's own as they are: nothing about them is to be changed. */
    static Network asTheyAre(Network wanted, Network had) {
        return wanted.map(node -> {
            Map<InterfaceName, Device> devices = new LinkedHashMap<>(node.devices());
            devices.replaceAll((name, device) -> isExisting(device)
                    ? had.device(new Place(node.name(), name)).orElse(device)
                    : device);
            return node.withDevices(devices);
        });
    }

    private static boolean isExisting(Device device) {
        return device.kind() instanceof Device.Bridge bridge && bridge.existing();
    }

    /** @throws RequestException if one is not there, does not filter, or another lab has a VLAN there that is wanted */
    void require(String lab, Network wanted, Network had) {
        for (Place place : Observer.existingBridges(wanted)) {
            Device.Bridge bridge = had.device(place)
                    .map(Device::kind)
                    .filter(Device.Bridge.class::isInstance)
                    .map(Device.Bridge.class::cast)
                    .orElseThrow(() -> new RequestException(
                            "there is no bridge %s: make it first, or leave out 'existing: true' and the lab makes it"
                                    .formatted(place)));
            Set<Integer> vids = vids(wanted, place);
            if (!vids.isEmpty() && !bridge.vlanFiltering()) {
                throw new RequestException(
                        "bridge %s does not filter by VLAN, so its ports would all be one segment: ip link set %s type bridge vlan_filtering 1"
                                .formatted(place, place.device()));
            }
            requireFree(lab, place, vids);
        }
    }

    /** Those that the lab's own ports are to have. */
    private static Set<Integer> vids(Network wanted, Place bridge) {
        Set<Integer> vids = new TreeSet<>();
        wanted.nodes().get(bridge.node()).devices().values().forEach(device -> device.port()
                .filter(port -> port.bridge().equals(bridge.device()))
                .ifPresent(port ->
                        port.vlans().forEach(entry -> vids.add(entry.vid().value()))));
        return vids;
    }

    private void requireFree(String lab, Place place, Set<Integer> vids) {
        NetnsRef host = services.namespaces().host();
        Map<InterfaceName, String> owners = new HashMap<>();
        services.links().list(host).forEach(link -> otherLab(link, lab)
                .ifPresent(other -> owners.put(link.name(), other)));
        for (Bridge bridge : services.bridges().list(host)) {
            if (bridge.name().equals(place.device())) {
                bridge.ports().stream()
                        .filter(port -> owners.containsKey(port.name()))
                        .forEach(port -> requireFree(place, vids, port, owners.get(port.name())));
            }
        }
    }

    private static void requireFree(Place bridge, Set<Integer> vids, Bridge.Port port, String other) {
        for (VlanEntry entry : port.vlans()) {
            if (vids.contains(entry.vid().value())) {
                throw new RequestException(
                        "VLAN %s on bridge %s is lab %s's already (port %s): give the group of this lab another one"
                                .formatted(entry.vid(), bridge, other, port.name()));
            }
        }
    }

    private static Optional<String> otherLab(Link link, String lab) {
        return link.owner().filter(owner -> !owner.equals(lab) && !owner.equals(Links.HAND_MADE));
    }

    /** @throws RequestException if a bridge that the lab has made in the host's namespace has ports of another lab */
    void requireUnused(String lab) {
        List<Link> links = services.links().list(services.namespaces().host());
        Set<InterfaceName> bridges = new HashSet<>();
        links.stream()
                .filter(link -> link.kind().equals("bridge") && link.owner().equals(Optional.of(lab)))
                .forEach(link -> bridges.add(link.name()));
        for (Link link : links) {
            Optional<String> other = otherLab(link, lab);
            if (other.isPresent() && link.controller().filter(bridges::contains).isPresent()) {
                throw new RequestException("lab %s uses bridge %s:%s of this lab: lab:destroy %s first"
                        .formatted(other.get(), Node.HOST, link.controller().orElseThrow(), other.get()));
            }
        }
    }
}
