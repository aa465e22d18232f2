package io.netyard.api.container;

import java.util.Optional;

/**
 * A running container that something else has made.
 *
 * <p>Its label says who it is: {@code lxc:web1}, or, of one that runs inside another, {@code lxc:web1/docker:db}. Only the host says what
 * the outermost is called; what runs inside is called as that one pleases, so it can take no name outside of it. A container that an
 * ordinary user runs carries the number of that user, {@code podman:db@1000}, for the same reason; those of root and of the user that the
 * appliance runs as do not.
 *
 * @param outer label of the container that it runs in
 * @param runtime {@link ContainerRuntime#name()}
 * @param name as the runtime's own tools call it; printable as it is; with {@code @UID} as said above
 * @param pid of its first process, as seen by the appliance
 * @param startTime of that process, in clock ticks since boot
 */
public record Container(Optional<String> outer, String runtime, String name, long pid, long startTime) {

    /** {@code RUNTIME:NAME}, behind {@code OUTER/} if there is one. */
    public String label() {
        return outer.map(label -> label + "/").orElse("") + runtime + ":" + name;
    }
}
