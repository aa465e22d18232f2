package io.netyard.lab.layer2;

import io.netyard.lab.network.Device;
import io.netyard.lab.network.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the spanning tree protocol will do (IEEE 802.1D-1998, clause 8), as far as it can be foretold: one tree for all VLANs, from the
 * bridge with the smallest number, that is priority and then MAC address. Where MAC addresses decide that the file does not give, the
 * bridges are taken in the file's order.
 */
final class SpanningTree {

    /** Of an interface of 10 Gbit/s, as which the kernel takes a virtual one (port_cost in net/bridge/br_if.c). */
    private static final int PATH_COST = 2;

    /**
     * @param root the bridge it grows from
     * @param certain whether that follows from the file
     * @param blocked the ports that are shut
     */
    record Tree(Place root, boolean certain, Set<Place> blocked) {}

    /** How good a way to the root is; smaller is better. */
    private record Offer(int rootCost, int bridge, int port) implements Comparable<Offer> {

        private static final Comparator<Offer> ORDER = Comparator.comparingInt(Offer::rootCost)
                .thenComparingInt(Offer::bridge)
                .thenComparingInt(Offer::port);

        @Override
        public int compareTo(Offer other) {
            return ORDER.compare(this, other);
        }
    }

    private final Layer2 layer2;
    private final Map<Place, Integer> rank = new HashMap<>();
    private final Map<Place, Set<Place>> segments = new LinkedHashMap<>();
    private final boolean macsKnown;

    private SpanningTree(Layer2 layer2) {
        this.layer2 = layer2;
        List<Place> bridges = layer2.bridges().stream()
                .filter(bridge ->
                        layer2.isUp(bridge) && layer2.bridge(bridge).stp().on())
                .toList();
        macsKnown = bridges.stream().allMatch(bridge -> layer2.mac(bridge).isPresent());
        List<Place> ordered = new ArrayList<>(bridges);
        Comparator<Place> byPriority = Comparator.comparingInt(this::priority);
        ordered.sort(
                macsKnown
                        ? byPriority.thenComparingLong(
                                bridge -> layer2.mac(bridge).orElseThrow().bits())
                        : byPriority);
        ordered.forEach(bridge -> rank.put(bridge, rank.size()));
        for (Place bridge : bridges) {
            for (Place port : layer2.ports(bridge)) {
                if (layer2.isUp(port)) {
                    segments.put(port, layer2.neighbours(port));
                }
            }
        }
    }

    /** @param layer2 with no port shut; one tree for each part that hangs together */
    static List<Tree> of(Layer2 layer2) {
        return new SpanningTree(layer2).trees();
    }

    private int priority(Place bridge) {
        Device.Stp stp = layer2.bridge(bridge).stp();
        return stp.priority();
    }

    private List<Tree> trees() {
        List<Tree> trees = new ArrayList<>();
        Set<Place> done = new LinkedHashSet<>();
        rank.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .forEach(root -> {
                    if (done.add(root)) {
                        Map<Place, Integer> costs = costsFrom(root);
                        done.addAll(costs.keySet());
                        trees.add(tree(root, costs));
                    }
                });
        return trees;
    }

    private Place bridgeOf(Place port) {
        return layer2.bridgeOf(port).orElseThrow();
    }

    /** Of each bridge that a root reaches, itself included, what the way costs. */
    private Map<Place, Integer> costsFrom(Place root) {
        Map<Place, Integer> costs = new LinkedHashMap<>();
        costs.put(root, 0);
        List<Place> open = List.of(root);
        while (!open.isEmpty()) {
            List<Place> further = new ArrayList<>();
            for (Place bridge : open) {
                for (Place port : layer2.ports(bridge)) {
                    for (Place other : segments.getOrDefault(port, Set.of())) {
                        if (costs.putIfAbsent(bridgeOf(other), costs.get(bridge) + PATH_COST) == null) {
                            further.add(bridgeOf(other));
                        }
                    }
                }
            }
            open = further;
        }
        return costs;
    }

    private Tree tree(Place root, Map<Place, Integer> costs) {
        Set<Place> blocked = new LinkedHashSet<>();
        for (Place bridge : costs.keySet()) {
            Optional<Place> rootPort = bridge.equals(root) ? Optional.empty() : rootPort(bridge, costs);
            for (Place port : layer2.ports(bridge)) {
                boolean designated = segments.getOrDefault(port, Set.of()).stream()
                        .allMatch(other -> offer(port, costs).compareTo(offer(other, costs)) < 0);
                if (!designated && !rootPort.equals(Optional.of(port))) {
                    blocked.add(port);
                }
            }
        }
        long rivals = costs.keySet().stream()
                .filter(bridge -> priority(bridge) == priority(root))
                .count();
        return new Tree(root, rivals == 1 || macsKnown, blocked);
    }

    /** The port with the cheapest way to the root: by its neighbours' offers, at last by its own number. */
    private Optional<Place> rootPort(Place bridge, Map<Place, Integer> costs) {
        return layer2.ports(bridge).stream()
                .filter(port -> best(port, costs).isPresent())
                .min(Comparator.comparing((Place port) -> best(port, costs).orElseThrow())
                        .thenComparing(port -> layer2.ports(bridge).indexOf(port)));
    }

    private Optional<Offer> best(Place port, Map<Place, Integer> costs) {
        return segments.getOrDefault(port, Set.of()).stream()
                .filter(other -> !bridgeOf(other).equals(bridgeOf(port)))
                .map(other -> offer(other, costs))
                .min(Comparator.naturalOrder());
    }

    private Offer offer(Place port, Map<Place, Integer> costs) {
        Place bridge = bridgeOf(port);
        return new Offer(
                costs.get(bridge), rank.get(bridge), layer2.ports(bridge).indexOf(port));
    }
}
