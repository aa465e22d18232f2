package io.netyard.shell.inventory;

import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Namespaces and processes as an inventory would show them; inodes count from where the kernel's do. */
public final class Samples {

    private static final long FIRST_INODE = 4026531834L;

    /** The appliance's own: of every type the inode is its place among the types. */
    public static final Map<NamespaceType, NamespaceId> HOST = new EnumMap<>(NamespaceType.class);

    static {
        for (NamespaceType type : NamespaceType.values()) {
            HOST.put(type, id(type, type.ordinal()));
        }
    }

    private Samples() {}

    public static NamespaceId id(NamespaceType type, int number) {
        return new NamespaceId(type, FIRST_INODE + number);
    }

    public static HostProcess process(long pid, String user, String command) {
        return new HostProcess(pid, 1, 100 * pid, user.equals("root") ? 0 : 1000, user, command);
    }

    /** One with a process, in the host's user namespace. */
    public static HostNamespace of(NamespaceType type, int number, HostProcess first, Long... further) {
        List<Long> pids = new ArrayList<>(List.of(first.pid()));
        pids.addAll(List.of(further));
        return new HostNamespace(
                id(type, number),
                List.of(new Holding(
                        Holding.Kind.PROCESS,
                        OptionalLong.of(first.pid()),
                        "/proc/%d/ns/%s".formatted(first.pid(), type.word()))),
                pids,
                Optional.of(first),
                Optional.of(HOST.get(NamespaceType.USER)),
                Optional.empty(),
                Optional.of(HOST.get(NamespaceType.USER)),
                "lab",
                Optional.empty(),
                Set.of());
    }

    /** One that only a mount keeps. */
    public static HostNamespace mounted(NamespaceType type, int number, String path) {
        return new HostNamespace(
                id(type, number),
                List.of(new Holding(Holding.Kind.MOUNT, OptionalLong.of(1), path)),
                List.of(),
                Optional.empty(),
                Optional.of(HOST.get(NamespaceType.USER)),
                Optional.empty(),
                Optional.of(HOST.get(NamespaceType.USER)),
                "",
                Optional.empty(),
                Set.of());
    }

    public static HostNamespace owned(HostNamespace namespace, NamespaceId owner) {
        return new HostNamespace(
                namespace.id(),
                namespace.holdings(),
                namespace.pids(),
                namespace.first(),
                Optional.ofNullable(owner),
                namespace.parent(),
                Optional.ofNullable(owner),
                namespace.hostname(),
                namespace.container(),
                namespace.labels());
    }

    public static HostNamespace below(HostNamespace namespace, NamespaceId parent) {
        return new HostNamespace(
                namespace.id(),
                namespace.holdings(),
                namespace.pids(),
                namespace.first(),
                namespace.owner(),
                Optional.of(parent),
                namespace.userNamespace(),
                namespace.hostname(),
                namespace.container(),
                namespace.labels());
    }

    public static HostNamespace called(HostNamespace namespace, String container, String... labels) {
        return new HostNamespace(
                namespace.id(),
                namespace.holdings(),
                namespace.pids(),
                namespace.first(),
                namespace.owner(),
                namespace.parent(),
                namespace.userNamespace(),
                namespace.hostname(),
                Optional.ofNullable(container),
                Set.of(labels));
    }

    public static Entry entry(HostNamespace namespace) {
        return Entry.of(namespace, HOST, Optional.empty());
    }
}
