package io.netyard.netns.inventory;

import io.netyard.api.inventory.Holding.Kind;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.NamespaceFile;
import java.util.Optional;
import java.util.Set;

/**
 * Asks namespaces for their owners and parents, and finds those that nothing but a relative keeps alive. Belongs to one thread.
 */
final class Relatives {

    /**
     * @param owner the user namespace that it belongs to
     * @param parent of pid namespaces
     */
    record Of(Optional<NamespaceId> owner, Optional<NamespaceId> parent) {}

    private final Set<NamespaceType> wanted;
    private final Sightings known;
    private final Sightings found = new Sightings();

    /** @param known those that need not be found; not changed meanwhile */
    Relatives(Set<NamespaceType> wanted, Sightings known) {
        this.wanted = wanted;
        this.known = known;
    }

    /** What was not known. */
    Sightings found() {
        return found;
    }

    Of ask(NamespaceFile namespace) {
        return new Of(
                namespace.owner().map(this::meet),
                namespace.id().type() == NamespaceType.PID ? namespace.parent().map(this::meet) : Optional.empty());
    }

    private NamespaceId meet(NamespaceFile relative) {
        try (relative) {
            NamespaceId id = relative.id();
            if (wanted.contains(id.type()) && !known.has(id) && !found.has(id)) {
                Sighting sighting = found.of(id);
                sighting.held(Kind.RELATIVE, 0, "");
                Of above = ask(relative);
                sighting.owner = above.owner();
                sighting.parent = above.parent();
            }
            return id;
        }
    }
}
