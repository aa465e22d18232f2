package io.netyard.api.inventory;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A namespace as found on this host. All text is printable as it is.
 *
 * @param holdings what keeps it alive, at least one; of each kind at most one, the one with the lowest pid, in order of kind
 * @param pids of the processes in it, ascending; may be empty
 * @param first the one with the lowest pid that could still be looked at
 * @param owner the user namespace that it belongs to (NS_GET_USERNS), or for a user namespace, its parent; empty if that is above the
 *     appliance's own or may not be asked
 * @param parent of pid namespaces (NS_GET_PARENT); empty for others, or if that is above the appliance's own
 * @param userNamespace the one that {@code first} is in; without a process, {@code owner}
 * @param hostname of a UTS namespace its own; of others, of the UTS namespace that {@code first} is in; empty if it cannot be told
 * @param container {@code RUNTIME:NAME} of the container that {@code first} belongs to
 * @param labels the names that Netyard knows it by, of labs ({@code LAB/NODE}) and others; {@code host} for the appliance's own. Network
 *     namespaces only
 */
public record HostNamespace(
        NamespaceId id,
        List<Holding> holdings,
        List<Long> pids,
        Optional<HostProcess> first,
        Optional<NamespaceId> owner,
        Optional<NamespaceId> parent,
        Optional<NamespaceId> userNamespace,
        String hostname,
        Optional<String> container,
        Set<String> labels) {

    /** Where it is mounted, as {@code ip netns} does, if it is somewhere: a name that leads to it. */
    public Optional<String> mountPoint() {
        return holdings.stream()
                .filter(holding -> holding.kind() == Holding.Kind.MOUNT)
                .map(Holding::path)
                .filter(path -> !path.isEmpty())
                .findFirst();
    }
}
