package io.netyard.api.container;

/**
 * A running container.
 *
 * @param runtime {@link ContainerRuntime#name()}
 * @param name as the runtime's own tools call it; printable as it is
 * @param pid of its first process, as seen by the appliance
 * @param startTime of that process, in clock ticks since boot
 */
public record Container(String runtime, String name, long pid, long startTime) {

    /** {@code RUNTIME:NAME}. */
    public String label() {
        return runtime + ":" + name;
    }
}
