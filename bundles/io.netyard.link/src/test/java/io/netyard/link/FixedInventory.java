package io.netyard.link;

import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.Inventory;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.NamespaceThread;
import io.netyard.testing.LiveNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the namespaces that the test tells it of, and the host's. */
final class FixedInventory implements Inventory {

    private static final String HOST = "/proc/self/ns/net";

    private final List<HostNamespace> namespaces = new ArrayList<>();
    private final NamespaceId host = Hosts.id(NamespaceThread.inode(Path.of(HOST)));

    FixedInventory() {
        namespaces.add(Hosts.held(host.inode(), Holding.Kind.PROCESS, HOST));
    }

    void add(LiveNamespace namespace) {
        add(namespace.ref().inode(), Holding.Kind.THREAD, namespace.ref().net().toString());
    }

    void add(long inode, Holding.Kind kind, String path) {
        namespaces.add(Hosts.held(inode, kind, path));
    }

    @Override
    public Look look(Set<NamespaceType> types) {
        return new Look(List.copyOf(namespaces), Map.of(NamespaceType.NET, host), 0);
    }

    @Override
    public List<HostProcess> processes(NamespaceId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<HostProcess> process(long pid) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<NamespaceType, NamespaceId> namespacesOf(long pid) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<NamespaceType, NamespaceId> namespacesOf(String meant) {
        throw new UnsupportedOperationException();
    }

    @Override
    public NamespaceId find(String meant, Optional<NamespaceType> type) {
        throw new UnsupportedOperationException();
    }
}
