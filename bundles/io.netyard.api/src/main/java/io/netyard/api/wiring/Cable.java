package io.netyard.api.wiring;

import java.util.Optional;

/**
 * A connection between two interfaces.
 *
 * @param a one end of a pair, or what stands on a parent
 * @param far where that leads, as it is told from there
 * @param b the other end, or the parent; empty if it is not on the map
 */
public record Cable(End a, WiredInterface.Far far, Optional<End> b) {

    /** An interface and where it is. */
    public record End(Place place, WiredInterface device) {

        public Optional<WiredInterface> controller() {
            return place.controllerOf(device);
        }

        /** Whether it is a port of a bridge whose VLAN tables have effect. */
        public boolean filtered() {
            return controller().filter(WiredInterface::vlanFiltering).isPresent();
        }
    }
}
