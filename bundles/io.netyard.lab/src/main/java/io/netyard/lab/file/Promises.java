package io.netyard.lab.file;

import io.netyard.api.Text;
import io.netyard.api.lab.RunningLab.Expectations;
import io.netyard.api.lab.RunningLab.Pair;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who must reach whom and who must not: what {@code expect} says or, where it says nothing, what the groups imply. */
final class Promises {

    /** More than anybody could measure. */
    private static final int MOST_PAIRS = 1_000_000;

    private record Direction(String from, String to) {}

    private final Lab lab;
    private final Set<String> addressed;
    private final Problems problems;
    private final Map<Direction, Boolean> pairs = new LinkedHashMap<>();

    private Promises(Lab lab, Set<String> addressed, Problems problems) {
        this.lab = lab;
        this.addressed = addressed;
        this.problems = problems;
    }

    /**
     * @param addressed nodes that have an address, in the file's order
     * @param bridgeOnly nodes whose addresses are all on bridges: they come last as targets
     * @param groupSwitches switches that carry the groups' VLANs
     */
    static Expectations of(
            Lab lab, Set<String> addressed, Set<String> bridgeOnly, Set<String> groupSwitches, Problems problems) {
        Promises promises = new Promises(lab, addressed, problems);
        List<String> vlans = lab.expect().map(promises::written).orElseGet(() -> promises.implied(groupSwitches));
        return new Expectations(promises.inOrder(bridgeOnly), vlans);
    }

    private List<String> written(Lab.Expect expect) {
        expect.reach().forEach(item -> expand(item, true));
        expect.isolated().forEach(item -> expand(item, false));
        Set<String> vlans = new LinkedHashSet<>();
        for (At<String> name : expect.vlans()) {
            if (lab.switches().containsKey(name.value())) {
                vlans.add(name.value());
            } else {
                problems.add(
                        name.position(),
                        "'%s' is no switch; %s"
                                .formatted(
                                        Text.printable(name.value()),
                                        Spelling.hint(
                                                name.value(), lab.switches().keySet())));
            }
        }
        return List.copyOf(vlans);
    }

    private List<String> implied(Set<String> groupSwitches) {
        List<List<String>> groups = lab.groups().values().stream()
                .filter(group -> group.vlan().isPresent())
                .map(group -> group.members().stream()
                        .map(At::value)
                        .filter(addressed::contains)
                        .toList())
                .toList();
        Optional<Position> first = lab.groups().values().stream()
                .map(group -> group.name().position())
                .findFirst();
        for (List<String> group : groups) {
            add(group, group, true, first.orElse(Position.WHOLE_FILE));
        }
        for (List<String> from : groups) {
            for (List<String> to : groups) {
                if (from != to && room(from, to, first.orElse(Position.WHOLE_FILE))) {
                    from.forEach(a -> to.forEach(b -> {
                        if (!a.equals(b)) {
                            pairs.putIfAbsent(new Direction(a, b), false);
                        }
                    }));
                }
            }
        }
        return List.copyOf(groupSwitches);
    }

    private void expand(At<String> item, boolean reachable) {
        String text = item.value().trim();
        boolean both = text.contains("<->");
        String arrow = both ? "<->" : "->";
        int at = text.indexOf(arrow);
        if (at < 0) {
            if (lab.nodes().containsKey(text)) {
                problems.add(
                        item.position(),
                        "'%s' is one node; write '%s -> NODE' or the name of a group".formatted(text, text));
                return;
            }
            operand(text, item.position(), reachable).ifPresent(all -> add(all, all, reachable, item.position()));
            return;
        }
        String left = text.substring(0, at).trim();
        String right = text.substring(at + arrow.length()).trim();
        if (left.equals(right) && lab.nodes().containsKey(left)) {
            problems.add(item.position(), "'%s' is a node and itself".formatted(text));
        }
        Optional<List<String>> from = operand(left, item.position(), reachable);
        Optional<List<String>> to = operand(right, item.position(), reachable);
        if (from.isPresent() && to.isPresent()) {
            add(from.get(), to.get(), reachable, item.position());
            if (both) {
                add(to.get(), from.get(), reachable, item.position());
            }
        }
    }

    /** The nodes that a name stands for. */
    private Optional<List<String>> operand(String name, Position position, boolean reachable) {
        List<String> nodes;
        if (name.equals("all")) {
            nodes = List.copyOf(addressed);
        } else if (lab.nodes().containsKey(name)) {
            nodes = List.of(name);
        } else if (lab.groups().containsKey(name)) {
            nodes = lab.groups().get(name).members().stream()
                    .map(At::value)
                    .filter(lab.nodes()::containsKey)
                    .toList();
        } else {
            Set<String> known = new LinkedHashSet<>(lab.groups().keySet());
            known.addAll(lab.nodes().keySet());
            problems.add(
                    position,
                    "'%s' is no node and no group; %s".formatted(Text.printable(name), Spelling.hint(name, known)));
            return Optional.empty();
        }
        if (reachable) {
            nodes.stream()
                    .filter(node -> !addressed.contains(node))
                    .findFirst()
                    .ifPresent(node -> problems.add(
                            position,
                            "%s has no address here, so it can neither reach nor be reached".formatted(node)));
        }
        return Optional.of(nodes);
    }

    private void add(List<String> from, List<String> to, boolean reachable, Position position) {
        if (!room(from, to, position)) {
            return;
        }
        for (String a : from) {
            for (String b : to) {
                if (!a.equals(b)) {
                    Boolean before = pairs.putIfAbsent(new Direction(a, b), reachable);
                    if (before != null && before != reachable) {
                        problems.add(position, "%s -> %s is expected both to reach and to be isolated".formatted(a, b));
                    }
                }
            }
        }
    }

    private boolean room(Collection<String> from, Collection<String> to, Position position) {
        boolean room = pairs.size() + (long) from.size() * to.size() <= MOST_PAIRS;
        if (!room) {
            problems.add(position, "more than %,d pairs are expected; expect fewer".formatted(MOST_PAIRS));
        }
        return room;
    }

    private List<Pair> inOrder(Set<String> bridgeOnly) {
        Map<String, Integer> rank = new HashMap<>();
        lab.nodes().keySet().forEach(node -> rank.put(node, rank.size()));
        List<Pair> ordered = new ArrayList<>();
        pairs.forEach((direction, reachable) -> ordered.add(new Pair(direction.from(), direction.to(), reachable)));
        ordered.sort(Comparator.comparing((Pair pair) -> bridgeOnly.contains(pair.to()))
                .thenComparing(pair -> rank.get(pair.from()))
                .thenComparing(pair -> rank.get(pair.to())));
        return List.copyOf(ordered);
    }
}
