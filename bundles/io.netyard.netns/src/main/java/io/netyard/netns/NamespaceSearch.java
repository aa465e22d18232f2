package io.netyard.netns;

import io.netyard.api.RequestException;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.Inventory;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Way;
import io.netyard.api.netns.Way.Member;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the namespace, of whatever type, that a user means.
 *
 * @param inventory what there is; it is asked neither for {@link Inventory#find} nor for {@link Inventory#namespacesOf(String)}
 * @param namespaces knows what names mean
 */
record NamespaceSearch(Inventory inventory, Namespaces namespaces) {

    private static final Set<NamespaceType> ALL = EnumSet.allOf(NamespaceType.class);

    /** As {@link Inventory#namespacesOf(String)}. */
    Map<NamespaceType, NamespaceId> namespacesOf(String meant) {
        Meant word = Meant.parse(meant);
        if (word instanceof Meant.Host) {
            return inventory.look(Set.of()).host();
        }
        if (word instanceof Meant.Pid process) {
            return inventory.namespacesOf(process.pid());
        }
        Way way = namespaces.way(meant, ALL);
        return namespacesOf(way.member()
                .orElseThrow(() -> new RequestException(
                        "%s has no process whose namespaces could be looked at".formatted(way.label()))));
    }

    /** As {@link Inventory#find}. */
    NamespaceId find(String meant, Optional<NamespaceType> type) {
        Meant word = Meant.parse(meant);
        if (word instanceof Meant.Id full) {
            return ofType(full.id(), type);
        }
        if (word instanceof Meant.File file) {
            return ofType(withInode(NamespacePath.of(file.path()).inode()), type);
        }
        if (word instanceof Meant.Inode number) {
            return ofType(withInode(number.inode()), type);
        }
        NamespaceType wanted = type.orElse(NamespaceType.NET);
        if (word instanceof Meant.Name) {
            return named(meant, wanted);
        }
        return Optional.ofNullable(namespacesOf(meant).get(wanted)).orElseThrow(() -> without(meant, wanted));
    }

    /** A node need not have a process, but has two namespaces. */
    private NamespaceId named(String name, NamespaceType type) {
        if (type == NamespaceType.NET) {
            return new NamespaceId(type, namespaces.resolve(name).ref().inode());
        }
        Way way = namespaces.way(name, ALL);
        if (way.member().isPresent()) {
            return Optional.ofNullable(namespacesOf(way.member().get()).get(type))
                    .orElseThrow(() -> without(way.label(), type));
        }
        return way.net()
                .uts()
                .filter(file -> type == NamespaceType.UTS)
                .map(file -> new NamespaceId(type, NamespacePath.of(file).inode()))
                .orElseThrow(() -> new RequestException(
                        "%s has no process, so no %s namespace goes with it".formatted(way.label(), type.word())));
    }

    /** Of this very process: meanwhile another one may have got its pid. */
    private Map<NamespaceType, NamespaceId> namespacesOf(Member member) {
        Map<NamespaceType, NamespaceId> found = inventory.namespacesOf(member.pid());
        if (!inventory.process(member.pid()).map(HostProcess::startTime).equals(Optional.of(member.startTime()))) {
            throw new RequestException("process %d has just ended".formatted(member.pid()));
        }
        return found;
    }

    /** Inodes of namespaces are those of one file system, whatever their type. */
    private NamespaceId withInode(long inode) {
        return inventory.look(ALL).namespaces().stream()
                .map(HostNamespace::id)
                .filter(id -> id.inode() == inode)
                .findFirst()
                .orElseThrow(() ->
                        new RequestException("no namespace has inode %d: see netns:list -t all".formatted(inode)));
    }

    private static NamespaceId ofType(NamespaceId id, Optional<NamespaceType> wanted) {
        if (wanted.isPresent() && wanted.get() != id.type()) {
            throw new RequestException(
                    "%s is not of type %s".formatted(id, wanted.get().word()));
        }
        return id;
    }

    private static RequestException without(String label, NamespaceType type) {
        return new RequestException(
                "%s has no %s namespace: its process is ending, or this kernel has none of that type"
                        .formatted(label, type.word()));
    }
}
