package io.netyard.netns.inventory;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The namespaces that have been seen so far. Belongs to one thread at a time. */
final class Sightings {

    private final Map<NamespaceId, Sighting> byId = new HashMap<>();

    Sighting of(NamespaceType type, long inode) {
        return of(new NamespaceId(type, inode));
    }

    Sighting of(NamespaceId id) {
        return byId.computeIfAbsent(id, Sighting::new);
    }

    boolean has(NamespaceId id) {
        return byId.containsKey(id);
    }

    Collection<Sighting> all() {
        return byId.values();
    }

    void add(Sightings other) {
        other.byId.forEach((id, sighting) -> of(id).add(sighting));
    }
}
