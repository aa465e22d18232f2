package io.netyard.lab.layer2;

import static java.util.stream.Collectors.joining;

import io.netyard.api.lab.RunningLab;
import io.netyard.lab.layer2.Layer2.Inside;
import io.netyard.lab.layer2.Loops.Loop;
import io.netyard.lab.layer2.SpanningTree.Tree;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is dangerous about a network, said before it is there. A pure function. */
public final class Warnings {

    /** Of a kind. Nobody reads more. */
    private static final int MOST = 10;

    private final RunningLab lab;
    private final Layer2 wired;
    private final List<Tree> trees;
    private final Layer2 active;
    private final List<String> storms = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    private Warnings(Network network, RunningLab lab) {
        this.lab = lab;
        this.wired = new Layer2(network, Set.of());
        this.trees = SpanningTree.of(wired);
        Set<Place> blocked = new LinkedHashSet<>();
        trees.forEach(tree -> blocked.addAll(tree.blocked()));
        this.active = blocked.isEmpty() ? wired : new Layer2(network, blocked);
    }

    /** @param lab what the network is for: its groups */
    public static Warnings of(Network network, RunningLab lab) {
        Warnings warnings = new Warnings(network, lab);
        warnings.warnOfLoops();
        warnings.tellOfTrees();
        warnings.warnOfLeaks();
        return warnings;
    }

    /** Loops that nothing closes: one broadcast is enough to keep the host busy for ever. */
    public List<String> storms() {
        return List.copyOf(storms);
    }

    /** All of them, the storms first. */
    public List<String> all() {
        List<String> all = new ArrayList<>(storms);
        all.addAll(others);
        return List.copyOf(all);
    }

    private void warnOfLoops() {
        List<Loop> loops = Loops.of(active);
        loops.stream().limit(MOST).map(this::sentence).forEach(storms::add);
        if (loops.size() > MOST) {
            storms.add("%d more layer-2 loops".formatted(loops.size() - MOST));
        }
    }

    private String sentence(Loop loop) {
        return "layer-2 loop%s along %s: a broadcast circles there for ever (a storm, which keeps the host busy); to close it, %s"
                .formatted(vlans(loop), lines(loop.lines()), cure(loop));
    }

    private static String vlans(Loop loop) {
        if (!loop.filtered()) {
            List<String> open = loop.vlans().entrySet().stream()
                    .filter(entry -> entry.getValue().isEmpty())
                    .map(entry -> entry.getKey().toString())
                    .toList();
            return " in all VLANs (no filtering in %s)".formatted(String.join(" and ", open));
        }
        Set<Set<Integer>> names = new LinkedHashSet<>(loop.vlans().values());
        if (names.size() == 1) {
            return " in " + named(names.iterator().next());
        }
        return " in "
                + loop.vlans().entrySet().stream()
                        .map(entry -> "%s of %s".formatted(named(entry.getValue()), entry.getKey()))
                        .collect(joining(", "));
    }

    private static String named(Collection<Integer> vlans) {
        return (vlans.size() == 1 ? "VLAN " : "VLANs ") + ranges(vlans);
    }

    private static String ranges(Collection<Integer> vlans) {
        List<String> ranges = new ArrayList<>();
        int first = -1;
        int last = -1;
        for (int vlan : new TreeSet<>(vlans)) {
            if (first >= 0 && vlan != last + 1) {
                ranges.add(first == last ? "" + first : first + "-" + last);
                first = vlan;
            }
            first = first < 0 ? vlan : first;
            last = vlan;
        }
        ranges.add(first == last ? "" + first : first + "-" + last);
        return String.join(",", ranges);
    }

    private static String lines(List<Place> ends) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ends.size(); i += 2) {
            lines.add("%s - %s".formatted(ends.get(i), ends.get(i + 1)));
        }
        return String.join(" and ", lines);
    }

    private String cure(Loop loop) {
        Place last = loop.lines().get(loop.lines().size() - 2);
        Place at = wired.bridgeOf(last).orElseThrow();
        Set<Integer> vlans = loop.vlans().get(at);
        String bridges = loop.vlans().keySet().stream().map(Place::toString).collect(joining(" and "));
        if (!loop.filtered()) {
            return "switch VLAN filtering on and keep the VLANs of the two ways apart (vlan_filtering: true), or leave one way only, or switch STP on at %s (stp: true)"
                    .formatted(bridges);
        }
        return "delete %s on port %s, or lead all VLANs through one trunk; STP (stp: true at %s) would close it too, but for all VLANs alike: what uses only the way that it shuts is cut"
                .formatted(named(vlans), last, bridges);
    }

    private void tellOfTrees() {
        for (Tree tree : trees) {
            if (!tree.blocked().isEmpty()) {
                String ports = tree.blocked().stream().map(Place::toString).collect(joining(", "));
                String root = tree.certain()
                        ? "with %s as its root".formatted(tree.root())
                        : "if %s becomes its root".formatted(tree.root());
                List<String> cut = cut();
                others.add(
                        cut.isEmpty()
                                ? "STP closes a layer-2 loop: it blocks %s, %s; nobody is cut off by that"
                                        .formatted(ports, root)
                                : "STP knows one tree for all VLANs: it blocks %s, %s, and that cuts %s; keep the VLANs apart without STP, or lead all of them through one trunk"
                                        .formatted(ports, root, String.join("; ", cut)));
            }
        }
    }

    /** Who hears whom no longer because of the ports that spanning trees shut. */
    private List<String> cut() {
        Map<String, Set<String>> before = hearing(wired);
        Map<String, Set<String>> after = hearing(active);
        List<String> cut = new ArrayList<>();
        Set<List<String>> told = new LinkedHashSet<>();
        for (RunningLab.Group group : lab.groups()) {
            List<List<String>> parts = parts(group.members(), after);
            if (parts.size() > 1 && parts(group.members(), before).size() < parts.size()) {
                cut.add("group %s into %s"
                        .formatted(
                                group.name(),
                                parts.stream()
                                        .map(part -> String.join(", ", part))
                                        .collect(joining(" and "))));
                group.members().forEach(a -> group.members().forEach(b -> told.add(List.of(a, b))));
            }
        }
        before.forEach((from, heard) -> heard.stream()
                .filter(to -> !after.getOrDefault(from, Set.of()).contains(to))
                .filter(to -> !told.contains(List.of(from, to)))
                .forEach(to -> {
                    told.add(List.of(to, from));
                    cut.add("%s from %s".formatted(from, to));
                }));
        return cut.size() > MOST ? cut.subList(0, MOST) : cut;
    }

    /** Which nodes hear a broadcast of which, by whatever interface. */
    private static Map<String, Set<String>> hearing(Layer2 layer2) {
        Map<String, Set<String>> heard = new LinkedHashMap<>();
        for (Place sender : layer2.places()) {
            if (layer2.bridgeOf(sender).isEmpty()) {
                for (Place hearer : layer2.hearing(sender)) {
                    if (!hearer.node().equals(sender.node())) {
                        heard.computeIfAbsent(sender.node(), any -> new LinkedHashSet<>())
                                .add(hearer.node());
                    }
                }
            }
        }
        return heard;
    }

    /** Members who hear each other, directly or through others, are one part. */
    private static List<List<String>> parts(List<String> members, Map<String, Set<String>> heard) {
        Map<String, String> leader = new HashMap<>();
        List<List<String>> parts = new ArrayList<>();
        for (String member : members) {
            if (leader.putIfAbsent(member, member) != null) {
                continue;
            }
            List<String> part = new ArrayList<>(List.of(member));
            for (int i = 0; i < part.size(); i++) {
                String at = part.get(i);
                for (String other : members) {
                    if (heard.getOrDefault(at, Set.of()).contains(other) && leader.putIfAbsent(other, member) == null) {
                        part.add(other);
                    }
                }
            }
            parts.add(members.stream().filter(part::contains).toList());
        }
        return parts;
    }

    /** A bridge's own frames, and whatever its namespace sends through it, do not belong into a group that the namespace is not in. */
    private void warnOfLeaks() {
        int leaks = 0;
        for (Place bridge : active.bridges()) {
            if (!active.bridge(bridge).vlanFiltering()
                    || !(active.sent(bridge).orElse(null) instanceof Inside inside)) {
                continue;
            }
            List<String> heard = new ArrayList<>();
            for (Place hearer : active.hearing(bridge)) {
                for (RunningLab.Group group : lab.groups()) {
                    if (group.vlan().isPresent()
                            && group.members().contains(hearer.node())
                            && !group.members().contains(bridge.node())) {
                        heard.add("%s (group %s)".formatted(hearer, group.name()));
                    }
                }
            }
            if (!heard.isEmpty() && leaks++ < MOST) {
                others.add(
                        "what bridge %s itself sends (VLAN %d) comes out at %s; to stop it, delete VLAN %d on the bridge itself (self: [])"
                                .formatted(bridge, inside.vlan(), String.join(", ", heard), inside.vlan()));
            }
        }
    }
}
