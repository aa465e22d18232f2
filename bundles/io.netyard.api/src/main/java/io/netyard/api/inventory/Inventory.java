package io.netyard.api.inventory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Finds the namespaces of this host: through its processes and their threads, open descriptors and sockets, and the mounts of every mount
 * namespace. Looks anew each time; nothing is cached. Never fails because something vanishes while it looks. Safe for use from several
 * threads, which do not wait for one another.
 */
@ProviderType
public interface Inventory {

    /** All namespaces of these types, by type and inode. */
    Look look(Set<NamespaceType> types);

    /** The processes in a namespace, by pid. Empty if there is none. */
    List<HostProcess> processes(NamespaceId id);

    /** A process; empty if there is none of that pid. Zombies and kernel threads are processes. */
    Optional<HostProcess> process(long pid);

    /**
     * The namespaces of a process. A zombie has left all but some of its own; types that this kernel lacks are missing.
     *
     * @throws io.netyard.api.RequestException if there is no such process, or its namespaces may not be looked at
     */
    Map<NamespaceType, NamespaceId> namespacesOf(long pid);

    /**
     * The namespaces of the process that a user's word leads to, as {@link io.netyard.api.netns.Namespaces#way} has it: of a pid that one, of
     * {@code host} the appliance, of other places their first one.
     *
     * @throws io.netyard.api.RequestException if there is no such place, or no process in it, or it may not be looked at
     */
    Map<NamespaceType, NamespaceId> namespacesOf(String meant);

    /**
     * The namespace that a user means by a word: those that {@link io.netyard.api.netns.Namespaces#resolve} understands, an inode and a path of
     * any type among them.
     *
     * @param type of the namespace; empty if the word itself says that, or else net is meant
     * @throws io.netyard.api.RequestException if there is none, or it is of another type; says what is not as it should be
     */
    NamespaceId find(String meant, Optional<NamespaceType> type);

    /**
     * What one look has shown.
     *
     * @param host the appliance's own, of every type that this kernel has, whichever were asked for
     * @param hidden number of processes whose namespaces could not be looked at: somebody else's, or /proc is mounted with hidepid
     */
    record Look(List<HostNamespace> namespaces, Map<NamespaceType, NamespaceId> host, int hidden) {}
}
