package io.netyard.lab.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

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

    /** The same network with each node changed; the node's name stays. */
    public Network map(UnaryOperator<Node> change) {
        Map<String, Node> changed = new LinkedHashMap<>();
        nodes.forEach((name, node) -> changed.put(name, change.apply(node)));
        return new Network(changed);
    }
}
