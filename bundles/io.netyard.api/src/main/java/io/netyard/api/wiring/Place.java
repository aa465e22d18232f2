package io.netyard.api.wiring;

import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.NamespaceId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network namespace and its interfaces.
 *
 * @param label what to call it, unique on the map, printable: Netyard's name for it, else {@code RUNTIME:NAME} of its container, else its host
 *     name if that is its own, else {@code net:[INODE]}
 * @param unreadable why its interfaces could not be listed; empty if they could
 * @param interfaces in order of ifindex
 */
public record Place(
        HostNamespace namespace, String label, Optional<String> unreadable, List<WiredInterface> interfaces) {

    public NamespaceId id() {
        return namespace.id();
    }

    public Optional<WiredInterface> byIndex(int index) {
        return interfaces.stream().filter(each -> each.index() == index).findFirst();
    }

    /** The bridge, bond or other device that {@code each} is a port of. */
    public Optional<WiredInterface> controllerOf(WiredInterface each) {
        OptionalInt controller = each.controller();
        return controller.isPresent() ? byIndex(controller.getAsInt()) : Optional.empty();
    }

    /** What {@code controller} has as ports, in order of ifindex. */
    public List<WiredInterface> portsOf(WiredInterface controller) {
        return interfaces.stream()
                .filter(each -> each.controller().orElse(0) == controller.index())
                .toList();
    }
}
