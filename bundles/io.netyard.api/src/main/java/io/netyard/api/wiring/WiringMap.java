package io.netyard.api.wiring;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.wiring.Cable.End;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The wiring of this host at one moment.
 *
 * @param places all network namespaces, the appliance's own first, then by label
 */
public record WiringMap(List<Place> places) {

    /** All connections, each once, in order of the place and ifindex of their first end. */
    public List<Cable> cables() {
        Map<NamespaceId, Integer> order = new HashMap<>();
        places.forEach(place -> order.put(place.id(), order.size()));
        Map<NamespaceId, Map<Integer, End>> ends = new HashMap<>();
        for (Place place : places) {
            Map<Integer, End> there = ends.computeIfAbsent(place.id(), id -> new HashMap<>());
            place.interfaces().forEach(device -> there.put(device.index(), new End(place, device)));
        }
        List<Cable> cables = new ArrayList<>();
        for (Place place : places) {
            for (WiredInterface device : place.interfaces()) {
                device.far().ifPresent(far -> {
                    Optional<End> b = far.namespace()
                            .map(id -> ends.getOrDefault(id, Map.of()).get(far.index()));
                    if (b.isEmpty() || !isSecondEnd(place, device, b.get(), order)) {
                        cables.add(new Cable(new End(place, device), far, b));
                    }
                });
            }
        }
        return cables;
    }

    /** True for the later end of a pair whose earlier one tells the same. */
    private static boolean isSecondEnd(Place place, WiredInterface device, End other, Map<NamespaceId, Integer> order) {
        boolean mutual = device.isPair()
                && other.device()
                        .far()
                        .filter(back -> back.index() == device.index()
                                && back.namespace().equals(Optional.of(place.id())))
                        .isPresent();
        int here = order.get(place.id());
        int there = order.get(other.place().id());
        return mutual && (there < here || there == here && other.device().index() < device.index());
    }

    public Optional<Place> place(NamespaceId id) {
        return places.stream().filter(place -> place.id().equals(id)).findFirst();
    }

    /** Where an interface leads, if that is on the map. */
    public Optional<End> other(WiredInterface device) {
        return device.far()
                .flatMap(far -> far.namespace().flatMap(this::place).flatMap(place -> place.byIndex(far.index())
                        .map(found -> new End(place, found))));
    }
}
