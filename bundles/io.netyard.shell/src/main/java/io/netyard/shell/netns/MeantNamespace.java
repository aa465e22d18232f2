package io.netyard.shell.netns;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.Inventory;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Way;
import io.netyard.shell.console.Services;
import io.netyard.shell.inventory.NamespaceTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Finds the namespace of any type that a user means. */
final class MeantNamespace {

    /** For help: what {@link #find} understands. */
    static final String WORDS =
            "A node, LAB/NODE, host, a container, a host name, a pid, an inode, TYPE:[INODE] or a path";

    /** PID_MAX_LIMIT of linux/threads.h; inodes of namespaces begin far above (PROC_DYNAMIC_FIRST of fs/proc/generic.c). */
    private static final long HIGHEST_PID = 1 << 22;

    private static final Set<NamespaceType> ALL = EnumSet.allOf(NamespaceType.class);

    private MeantNamespace() {}

    /**
     * @param type word for a type, or null: then net where {@code meant} does not say
     * @throws RequestException if there is none; says what is not as it should be
     */
    static NamespaceId find(Services services, String meant, String type) {
        Optional<NamespaceType> wanted = Optional.ofNullable(type).map(NamespaceTypes::parseOne);
        Optional<NamespaceId> full = NamespaceId.parse(meant);
        if (full.isPresent()) {
            return ofType(full.get(), wanted);
        }
        if (meant.startsWith("/")) {
            return ofType(atPath(services.inventory(), meant), wanted);
        }
        if (meant.matches("\\d{1,18}")) {
            long number = Long.parseLong(meant);
            return number <= HIGHEST_PID
                    ? ofProcess(services.inventory(), number, wanted.orElse(NamespaceType.NET))
                    : ofType(withInode(services.inventory(), number), wanted);
        }
        NamespaceType other = wanted.orElse(NamespaceType.NET);
        if (meant.equals("host")) {
            NamespaceId own = services.inventory().look(Set.of()).host().get(other);
            return Optional.ofNullable(own)
                    .orElseThrow(
                            () -> new RequestException("this kernel has no %s namespaces".formatted(other.word())));
        }
        if (other == NamespaceType.NET) {
            return new NamespaceId(
                    other, services.namespaces().resolve(meant).ref().inode());
        }
        Way way = services.namespaces().way(meant, EnumSet.of(other));
        return ofProcess(
                services.inventory(),
                way.member()
                        .orElseThrow(() -> new RequestException("%s has no process, so no %s namespace goes with it"
                                .formatted(way.label(), other.word())))
                        .pid(),
                other);
    }

    private static NamespaceId ofProcess(Inventory inventory, long pid, NamespaceType type) {
        return Optional.ofNullable(inventory.namespacesOf(pid).get(type))
                .orElseThrow(() ->
                        new RequestException("process %d has no %s namespace: it is ending, or this kernel has none"
                                .formatted(pid, type.word())));
    }

    private static NamespaceId ofType(NamespaceId id, Optional<NamespaceType> wanted) {
        if (wanted.isPresent() && wanted.get() != id.type()) {
            throw new RequestException(
                    "%s is not of type %s".formatted(id, wanted.get().word()));
        }
        return id;
    }

    /** Inodes of namespaces are those of one file system, nsfs, whatever their type. */
    private static NamespaceId withInode(Inventory inventory, long inode) {
        return inventory.look(ALL).namespaces().stream()
                .map(HostNamespace::id)
                .filter(id -> id.inode() == inode)
                .findFirst()
                .orElseThrow(() ->
                        new RequestException("no namespace has inode %d: see netns:list -t all".formatted(inode)));
    }

    private static NamespaceId atPath(Inventory inventory, String meant) {
        try {
            Path path = Path.of(meant);
            // Of a bind mount only the file itself says what it is.
            if (Files.getAttribute(path, "unix:dev")
                    .equals(Files.getAttribute(Path.of("/proc/self/ns/mnt"), "unix:dev"))) {
                return withInode(inventory, ((Number) Files.getAttribute(path, "unix:ino")).longValue());
            }
        } catch (NoSuchFileException e) {
            throw new RequestException("there is no file %s".formatted(Text.printable(meant)), e);
        } catch (IOException | InvalidPathException e) {
            throw new RequestException(Text.printable(meant + " cannot be looked at: " + e.getMessage()), e);
        }
        throw new RequestException("%s is not the file of a namespace".formatted(Text.printable(meant)));
    }
}
