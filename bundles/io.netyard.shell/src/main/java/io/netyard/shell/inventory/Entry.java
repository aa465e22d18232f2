package io.netyard.shell.inventory;

import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Netns;
import java.util.Map;
import java.util.Optional;

/**
 * A namespace as commands show it.
 *
 * @param isHost whether it is the appliance's own
 * @param sharesUser whether what is in it is in the appliance's own user namespace
 * @param netns what Netyard knows of it beyond that, if it is a network namespace and somebody has asked
 */
public record Entry(HostNamespace namespace, boolean isHost, boolean sharesUser, Optional<Netns> netns) {

    /** What a privileged container is: for who is told that one is. */
    public static final String PRIVILEGED =
            "root in the container is root of this host, held back by capabilities and other namespaces only";

    /** @param host the appliance's own namespaces */
    public static Entry of(HostNamespace namespace, Map<NamespaceType, NamespaceId> host, Optional<Netns> netns) {
        return new Entry(
                namespace,
                namespace.id().equals(host.get(namespace.id().type())),
                sharesUser(namespace.userNamespace(), host),
                netns);
    }

    /** A kernel without user namespaces has one user namespace, which all share. */
    public static boolean sharesUser(Optional<NamespaceId> user, Map<NamespaceType, NamespaceId> host) {
        NamespaceId ours = host.get(NamespaceType.USER);
        return ours == null || user.filter(ours::equals).isPresent();
    }

    /** Whether it is of a container whose root is the host's. */
    public boolean isPrivileged() {
        return namespace.container().isPresent() && sharesUser;
    }

    public NamespaceId id() {
        return namespace.id();
    }

    /** Of network namespaces and the appliance's own: Netyard keeps no account of the others. */
    public Optional<Netns.Origin> origin() {
        if (isHost) {
            return Optional.of(Netns.Origin.HOST);
        }
        return id().type() == NamespaceType.NET
                ? Optional.of(netns.map(Netns::origin).orElse(Netns.Origin.FOREIGN))
                : Optional.empty();
    }
}
