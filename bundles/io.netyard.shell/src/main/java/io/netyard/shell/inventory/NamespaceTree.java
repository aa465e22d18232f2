package io.netyard.shell.inventory;

import static java.util.Comparator.comparing;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Namespaces below those that they belong to: user and pid namespaces below their parents, all others, and pid namespaces whose parent is not
 * among them, below the user namespace that owns them.
 */
public final class NamespaceTree {

    /**
     * @param children in the order of the list that the tree was made of, user namespaces last, so that what belongs to one stands next to it
     */
    public record Node(Entry entry, List<Node> children) {}

    private NamespaceTree() {}

    /**
     * @param order of those that are below the same one
     * @param wanted those to show, with all that they are below
     */
    public static List<Node> of(Collection<Entry> entries, Comparator<Entry> order, Predicate<Entry> wanted) {
        Map<NamespaceId, Entry> known = new HashMap<>();
        entries.forEach(entry -> known.put(entry.id(), entry));
        Map<Optional<NamespaceId>, List<Entry>> below = new HashMap<>();
        for (Entry entry : entries) {
            below.computeIfAbsent(above(entry, known), above -> new ArrayList<>())
                    .add(entry);
        }
        Comparator<Entry> userLast = comparing((Entry entry) -> entry.id().type() == NamespaceType.USER)
                .thenComparing(order);
        below.values().forEach(siblings -> siblings.sort(userLast));
        return nodes(Optional.empty(), below, wanted);
    }

    private static Optional<NamespaceId> above(Entry entry, Map<NamespaceId, Entry> known) {
        return entry.namespace().parent().filter(known::containsKey).or(() -> entry.namespace()
                .owner()
                .filter(known::containsKey));
    }

    private static List<Node> nodes(
            Optional<NamespaceId> above, Map<Optional<NamespaceId>, List<Entry>> below, Predicate<Entry> wanted) {
        List<Node> nodes = new ArrayList<>();
        for (Entry entry : below.getOrDefault(above, List.of())) {
            List<Node> children = nodes(Optional.of(entry.id()), below, wanted);
            if (!children.isEmpty() || wanted.test(entry)) {
                nodes.add(new Node(entry, children));
            }
        }
        return List.copyOf(nodes);
    }

    /** Hands over every node with the lines that lead to it, top down. */
    public static void draw(List<Node> roots, BiConsumer<String, Entry> line) {
        for (Node root : roots) {
            line.accept("", root.entry());
            drawBelow(root.children(), "", line);
        }
    }

    private static void drawBelow(List<Node> nodes, String before, BiConsumer<String, Entry> line) {
        for (int i = 0; i < nodes.size(); i++) {
            boolean last = i == nodes.size() - 1;
            line.accept(before + (last ? "└─" : "├─"), nodes.get(i).entry());
            drawBelow(nodes.get(i).children(), before + (last ? "  " : "│ "), line);
        }
    }
}
