package io.netyard.lab.layer2;

import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.lab.layer2.Layer2.Fate;
import io.netyard.lab.layer2.Layer2.Hop;
import io.netyard.lab.layer2.Layer2.Inside;
import io.netyard.lab.network.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Finds where a broadcast circles: the active topology is a graph of its own for each VLAN, in which a frame never goes back by the port
 * that it came in by, and every cycle of it is a loop.
 *
 * <p>VIDs that are treated alike everywhere are looked at once.
 */
final class Loops {

    /**
     * A way round.
     *
     * @param lines the ports at both ends of each line that it takes, in order, by twos
     * @param vlans what the frame's VLAN is called in each of the bridges; no VIDs where a bridge does not filter
     */
    record Loop(List<Place> lines, Map<Place, Set<Integer>> vlans) {

        boolean filtered() {
            return vlans.values().stream().noneMatch(Set::isEmpty);
        }
    }

    private final Layer2 layer2;
    private final Map<Integer, Set<Integer>> alike = new TreeMap<>();

    private final Map<Inside, List<Hop>> graph = new LinkedHashMap<>();

    private Loops(Layer2 layer2) {
        this.layer2 = layer2;
    }

    static List<Loop> of(Layer2 layer2) {
        Loops loops = new Loops(layer2);
        loops.groupVlans();
        loops.explore();
        return loops.find();
    }

    /** Sorts VIDs by what tables and subinterfaces say of them. */
    private void groupVlans() {
        Map<Integer, StringBuilder> signatures = new TreeMap<>();
        int number = 0;
        for (Place place : layer2.places()) {
            number++;
            for (VlanEntry entry : layer2.vlans(place)) {
                signatures
                        .computeIfAbsent(entry.vid().value(), any -> new StringBuilder())
                        .append(number)
                        .append(entry.flags());
            }
        }
        for (int tag : layer2.tags()) {
            signatures
                    .computeIfAbsent(tag, any -> new StringBuilder())
                    .append("tag")
                    .append(tag);
        }
        Map<String, Integer> first = new HashMap<>();
        signatures.forEach((vid, signature) -> {
            int representative = first.computeIfAbsent(signature.toString(), any -> vid);
            alike.computeIfAbsent(representative, any -> new TreeSet<>()).add(vid);
        });
    }

    /** Whatever can be in a bridge: what came in by one of its ports in one of their VLANs, what an interface sends, and all that follows. */
    private void explore() {
        Deque<Inside> open = new ArrayDeque<>();
        for (Place bridge : layer2.bridges()) {
            for (Place port : layer2.ports(bridge)) {
                if (!layer2.forwards(port)) {
                    continue;
                }
                if (!layer2.bridge(bridge).vlanFiltering()) {
                    open.add(new Inside(bridge, port, Layer2.UNFILTERED, List.of()));
                    continue;
                }
                layer2.vlans(port).stream()
                        .map(VlanEntry::vid)
                        .map(VlanId::value)
                        .filter(alike::containsKey)
                        .forEach(vid -> open.add(new Inside(bridge, port, vid, List.of())));
            }
        }
        layer2.places().forEach(place -> layer2.sent(place).ifPresent(fate -> add(fate, open)));
        while (!open.isEmpty()) {
            Inside frame = open.remove();
            if (!graph.containsKey(frame)) {
                List<Hop> hops = layer2.next(frame).stream()
                        .filter(hop -> hop.fate() instanceof Inside)
                        .toList();
                graph.put(frame, hops);
                hops.forEach(hop -> add(hop.fate(), open));
            }
        }
    }

    private static void add(Fate fate, Deque<Inside> open) {
        if (fate instanceof Inside inside) {
            open.add(inside);
        }
    }

    /** Takes away, again and again, what nothing leads to or what leads nowhere; what is left is on a cycle or between two. */
    private Set<Inside> core() {
        Map<Inside, Integer> in = new HashMap<>();
        Map<Inside, Integer> out = new HashMap<>();
        Map<Inside, List<Inside>> before = new HashMap<>();
        graph.forEach((frame, hops) -> hops.forEach(hop -> {
            if (hop.fate() instanceof Inside to) {
                in.merge(to, 1, Integer::sum);
                out.merge(frame, 1, Integer::sum);
                before.computeIfAbsent(to, any -> new ArrayList<>()).add(frame);
            }
        }));
        Set<Inside> left = new LinkedHashSet<>(graph.keySet());
        Deque<Inside> dead = new ArrayDeque<>();
        left.stream()
                .filter(frame -> !in.containsKey(frame) || !out.containsKey(frame))
                .forEach(dead::add);
        while (!dead.isEmpty()) {
            Inside frame = dead.remove();
            if (!left.remove(frame)) {
                continue;
            }
            for (Hop hop : graph.get(frame)) {
                if (hop.fate() instanceof Inside to && in.merge(to, -1, Integer::sum) == 0) {
                    dead.add(to);
                }
            }
            for (Inside from : before.getOrDefault(frame, List.of())) {
                if (out.merge(from, -1, Integer::sum) == 0) {
                    dead.add(from);
                }
            }
        }
        return left;
    }

    /** A shortest way round for each frame that comes back; ways along the same lines are one. */
    private List<Loop> find() {
        Set<Inside> core = core();
        Set<Inside> covered = new LinkedHashSet<>();
        Map<Set<Place>, Loop> loops = new LinkedHashMap<>();
        for (Inside start : core) {
            if (covered.contains(start)) {
                continue;
            }
            List<Hop> way = wayBack(start, core);
            if (way.isEmpty()) {
                continue;
            }
            List<Place> lines = new ArrayList<>();
            Map<Place, Set<Integer>> vlans = new LinkedHashMap<>();
            for (Hop hop : way) {
                Inside at = (Inside) hop.fate();
                covered.add(at);
                lines.add(hop.out());
                lines.add(at.from());
                Set<Integer> names = vlans.computeIfAbsent(at.bridge(), any -> new TreeSet<>());
                if (at.vlan() != Layer2.UNFILTERED) {
                    names.addAll(alike.getOrDefault(at.vlan(), Set.of(at.vlan())));
                }
            }
            loops.merge(new LinkedHashSet<>(lines), new Loop(lines, vlans), Loops::together);
        }
        return loops.values().stream().map(this::inOrder).toList();
    }

    /** Of the two directions and all beginnings, that which leaves first by the first port that it takes. */
    private Loop inOrder(Loop loop) {
        List<Place> order = List.copyOf(layer2.places());
        List<Place> lines = new ArrayList<>(loop.lines());
        int first = IntStream.range(0, lines.size())
                .boxed()
                .min(Comparator.comparing(at -> order.indexOf(lines.get(at))))
                .orElseThrow();
        if (first % 2 == 1) {
            Collections.reverse(lines);
            first = lines.size() - 1 - first;
        }
        Collections.rotate(lines, -first);
        Map<Place, Set<Integer>> vlans = new LinkedHashMap<>();
        for (Place port : lines) {
            Place bridge = layer2.bridgeOf(port).orElse(port);
            vlans.put(bridge, loop.vlans().get(bridge));
        }
        return new Loop(lines, vlans);
    }

    private static Loop together(Loop a, Loop b) {
        b.vlans().forEach((bridge, vlans) -> a.vlans().get(bridge).addAll(vlans));
        return a;
    }

    private List<Hop> wayBack(Inside start, Set<Inside> core) {
        Map<Inside, Inside> before = new HashMap<>();
        Map<Inside, Hop> by = new HashMap<>();
        Deque<Inside> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            Inside frame = open.remove();
            for (Hop hop : graph.get(frame)) {
                if (hop.fate() instanceof Inside to && core.contains(to) && !by.containsKey(to)) {
                    before.put(to, frame);
                    by.put(to, hop);
                    if (to.equals(start)) {
                        return way(start, before, by);
                    }
                    open.add(to);
                }
            }
        }
        return List.of();
    }

    private static List<Hop> way(Inside start, Map<Inside, Inside> before, Map<Inside, Hop> by) {
        List<Hop> way = new ArrayList<>();
        Inside at = start;
        do {
            way.add(0, by.get(at));
            at = before.get(at);
        } while (!at.equals(start));
        return way;
    }
}
