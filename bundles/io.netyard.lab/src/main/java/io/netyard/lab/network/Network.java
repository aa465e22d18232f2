package io.netyard.lab.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * All that one lab owns on this host: as its file wants it, or as the kernel has it.
 *
 * @param nodes by name, in the file's order
 */
public record Network(Map<String, Node> nodes) {

    public static final Network EMPTY = new Network(Map.of());

    public Network {
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    }

    public Optional<Device> device(Place place) {
        return Optional.ofNullable(nodes.get(place.node()))
                .flatMap(node -> Optional.ofNullable(node.devices().get(place.device())));
    }

    /** The same network without these nodes and what cannot be without them: the other ends of cables, whatever sits on those. */
    public Network without(Set<String> missing) {
        Map<String, Node> left = new LinkedHashMap<>(nodes);
        left.keySet().removeAll(missing);
        Network network = new Network(left);
        Network before;
        do {
            before = network;
            Network now = before;
            network = now.map(node -> node.withDevices(node.devices().values().stream()
                    .filter(device -> now.isWhole(node, device) && (now.isThere(device) || !isThere(device)))
                    .collect(Collectors.toMap(Device::name, device -> device, (a, b) -> b, LinkedHashMap::new))));
        } while (!network.equals(before));
        return network.map(
                node -> node.withSettings(node.settings().over(node.devices().keySet())));
    }

    /** Whether what a device sits on in its own node is there. */
    private boolean isWhole(Node node, Device device) {
        return !(device.kind() instanceof Device.Subinterface sub)
                || node.devices().containsKey(sub.parent());
    }

    /** Whether what a device is tied to is there; the parent of a macvlan may be none of the lab's. */
    private boolean isThere(Device device) {
        if (device.kind() instanceof Device.VethEnd end) {
            return device(end.peer()).isPresent();
        }
        return !(device.kind() instanceof Device.Macvlan on)
                || device(on.parent()).isPresent();
    }

    /** The same network with each node changed; the node's name stays. */
    public Network map(UnaryOperator<Node> change) {
        Map<String, Node> changed = new LinkedHashMap<>();
        nodes.forEach((name, node) -> changed.put(name, change.apply(node)));
        return new Network(changed);
    }
}
