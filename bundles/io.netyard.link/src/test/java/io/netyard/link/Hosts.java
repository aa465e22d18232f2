package io.netyard.link;

import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Network namespaces as an inventory tells of them. */
final class Hosts {

    private Hosts() {}

    static NamespaceId id(long inode) {
        return new NamespaceId(NamespaceType.NET, inode);
    }

    /** Without a process. */
    static HostNamespace held(long inode, Holding.Kind kind, String path) {
        return new HostNamespace(
                id(inode),
                List.of(new Holding(kind, OptionalLong.empty(), path)),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Optional.empty(),
                Set.of());
    }

    static HostNamespace namespace(
            long inode, long pid, String hostname, Optional<String> container, Set<String> labels) {
        return new HostNamespace(
                id(inode),
                List.of(new Holding(Holding.Kind.PROCESS, OptionalLong.of(pid), "/proc/" + pid + "/ns/net")),
                List.of(pid),
                Optional.of(new HostProcess(pid, 1, 1, 0, "root", "sh")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                hostname,
                container,
                labels);
    }
}
