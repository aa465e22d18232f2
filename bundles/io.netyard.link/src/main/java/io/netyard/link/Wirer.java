package io.netyard.link;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.netyard.api.Text;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.wiring.Place;
import io.netyard.api.wiring.WiredInterface;
import io.netyard.api.wiring.WiredInterface.Far;
import io.netyard.api.wiring.WiringMap;
import io.netyard.kernel.route.LinkReply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Joins what each namespace tells of its own interfaces into one map. An interface points with its namespace's number for another namespace,
 * and an ifindex there. Which namespace a number means is asked of the kernel, of the likely ones first: those with an interface that points
 * back. The interface found there must be of the same kind and point back, to this ifindex, in this namespace; names are never compared.
 *
 * <p>For one look, by one thread.
 */
final class Wirer {

    /** What is to be asked of the kernel on the way. */
    interface Kernel {

        /** The numbers by which a namespace refers to some others; those that it has no number for are left out. */
        Map<Integer, NamespaceId> numbers(NamespaceId of, Collection<NamespaceId> others);

        /** An interface as it is now, in the namespace that {@code from} refers to by a number; empty if it is not there or may not be asked. */
        Optional<LinkReply> interfaceIn(NamespaceId from, int nsid, int index);
    }

    /**
     * A namespace, and what its interfaces have told.
     *
     * @param vlans VLAN tables of its bridges and their ports, by ifindex
     * @param unreadable why {@code links} is empty
     */
    record Seen(
            HostNamespace namespace,
            List<LinkReply> links,
            Map<Integer, List<VlanEntry>> vlans,
            Optional<String> unreadable) {

        NamespaceId id() {
            return namespace.id();
        }
    }

    /** An interface and the one that it points to, by ifindex only. */
    private record Indexes(int here, int there) {}

    private final List<Seen> all;
    private final NamespaceId host;
    private final Kernel kernel;
    private final Map<NamespaceId, Map<Integer, LinkReply>> linksOf = new LinkedHashMap<>();
    private final Map<NamespaceId, Map<Integer, NamespaceId>> numbersOf = new HashMap<>();
    private boolean contradicted;

    Wirer(List<Seen> all, NamespaceId host, Kernel kernel) {
        this.all = all;
        this.host = host;
        this.kernel = kernel;
        for (Seen seen : all) {
            linksOf.put(
                    seen.id(), seen.links().stream().collect(toMap(LinkReply::index, link -> link, (first, b) -> b)));
        }
    }

    WiringMap map() {
        learnNumbers();
        Map<NamespaceId, String> labels =
                PlaceLabels.of(all.stream().map(Seen::namespace).toList(), host);
        return new WiringMap(all.stream()
                .map(seen -> new Place(seen.namespace(), labels.get(seen.id()), seen.unreadable(), interfaces(seen)))
                .sorted(Comparator.comparing((Place place) -> !place.id().equals(host))
                        .thenComparing(Place::label))
                .toList());
    }

    /** True if, after {@link #map()}, two namespaces have told things that do not go together: something was moved in between. */
    boolean contradicted() {
        return contradicted;
    }

    private void learnNumbers() {
        Map<Indexes, List<NamespaceId>> pointing = new HashMap<>();
        for (Seen seen : all) {
            outgoing(seen).forEach((link, pointer) -> pointing.computeIfAbsent(
                            new Indexes(link.index(), pointer.index()), key -> new ArrayList<>())
                    .add(seen.id()));
        }
        for (Seen seen : all) {
            Map<LinkReply, LinkPointer> outgoing = outgoing(seen);
            Set<Integer> wanted = outgoing.values().stream()
                    .map(pointer -> pointer.nsid().getAsInt())
                    .collect(toSet());
            Set<NamespaceId> likely = new HashSet<>();
            outgoing.forEach((link, pointer) ->
                    likely.addAll(pointing.getOrDefault(new Indexes(pointer.index(), link.index()), List.of())));
            likely.add(host);
            likely.remove(seen.id());
            Set<NamespaceId> others = new HashSet<>(linksOf.keySet());
            others.remove(seen.id());
            others.removeAll(likely);
            Map<Integer, NamespaceId> known = new HashMap<>();
            for (Set<NamespaceId> candidates : List.of(likely, others)) {
                if (!known.keySet().containsAll(wanted)) {
                    known.putAll(kernel.numbers(seen.id(), candidates));
                }
            }
            numbersOf.put(seen.id(), known);
        }
    }

    /** The interfaces that lead into other namespaces which the kernel has a number for. */
    private static Map<LinkReply, LinkPointer> outgoing(Seen seen) {
        Map<LinkReply, LinkPointer> outgoing = new LinkedHashMap<>();
        for (LinkReply link : seen.links()) {
            LinkPointer.of(link)
                    .filter(pointer -> pointer.nsid().orElse(-1) >= 0)
                    .ifPresent(pointer -> outgoing.put(link, pointer));
        }
        return outgoing;
    }

    private List<WiredInterface> interfaces(Seen seen) {
        return seen.links().stream()
                .sorted(Comparator.comparingInt(LinkReply::index))
                .map(link -> new WiredInterface(
                        link.index(),
                        Text.printable(link.name()),
                        link.kind(),
                        link.isUp(),
                        link.hasCarrier(),
                        link.mac(),
                        link.vlan(),
                        link.macvlanMode(),
                        link.bridge()
                                .map(LinkReply.BridgeOptions::vlanFiltering)
                                .orElse(false),
                        link.controller(),
                        seen.vlans().getOrDefault(link.index(), List.of()),
                        LinkPointer.of(link).map(pointer -> far(seen, link, pointer))))
                .toList();
    }

    private Far far(Seen here, LinkReply link, LinkPointer pointer) {
        if (pointer.nsid().isEmpty()) {
            return new Far(
                    Optional.of(here.id()), OptionalInt.empty(), pointer.index(), name(here.id(), pointer.index()));
        }
        int nsid = pointer.nsid().getAsInt();
        if (nsid < 0) {
            return new Far(Optional.empty(), OptionalInt.of(-1), pointer.index(), Optional.empty());
        }
        Optional<NamespaceId> namespace =
                Optional.ofNullable(numbersOf.get(here.id()).get(nsid));
        if (namespace.isPresent() && confirmed(here, link, namespace.get(), pointer.index())) {
            return new Far(namespace, pointer.nsid(), pointer.index(), name(namespace.get(), pointer.index()));
        }
        Optional<LinkReply> now =
                kernel.interfaceIn(here.id(), nsid, pointer.index()).filter(there -> LinkPointer.agree(link, there));
        if (namespace.isPresent() && isReadable(namespace.get())) {
            contradicted = true;
        }
        // A namespace that nobody could look into has no say in what leads there.
        boolean believed =
                now.isPresent() || namespace.filter(id -> !isReadable(id)).isPresent();
        return new Far(
                believed ? namespace : Optional.empty(),
                pointer.nsid(),
                pointer.index(),
                now.map(there -> Text.printable(there.name())));
    }

    /** Whether that is what the other namespace tells, too. */
    private boolean confirmed(Seen here, LinkReply link, NamespaceId namespace, int index) {
        LinkReply there = linksOf.get(namespace).get(index);
        if (there == null || !LinkPointer.agree(link, there)) {
            return false;
        }
        if (!WiredInterface.isPair(link.kind())) {
            return true;
        }
        int back = LinkPointer.of(there)
                .map(LinkPointer::nsid)
                .orElse(OptionalInt.empty())
                .orElse(-1);
        return here.id().equals(numbersOf.get(namespace).get(back));
    }

    private boolean isReadable(NamespaceId id) {
        return all.stream().filter(seen -> seen.id().equals(id)).anyMatch(seen -> seen.unreadable()
                .isEmpty());
    }

    private Optional<String> name(NamespaceId namespace, int index) {
        return Stream.ofNullable(linksOf.get(namespace))
                .flatMap(links -> Stream.ofNullable(links.get(index)))
                .map(link -> Text.printable(link.name()))
                .findFirst();
    }
}
