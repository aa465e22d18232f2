package io.netyard.netns;

import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.Inventory;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.kernel.TwoThreads;
import io.netyard.netns.inventory.NamespaceScan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What {@link NamespaceScan} finds, with the names that Netyard knows it by and the containers. */
@Component(service = Inventory.class)
public final class HostInventory implements Inventory {

    private final Namespaces namespaces;
    private final ContainerRecognition recognition;
    private final NamespaceSearch search;

    @Activate
    public HostInventory(@Reference Namespaces namespaces, @Reference ContainerRecognition recognition) {
        this.namespaces = namespaces;
        this.recognition = recognition;
        this.search = new NamespaceSearch(this, namespaces);
    }

    @Override
    public Look look(Set<NamespaceType> types) {
        // The names take a fifth of the time, and are found by looking at every process once more.
        Supplier<List<Netns>> known =
                TwoThreads.beside(() -> types.contains(NamespaceType.NET) ? namespaces.known() : List.of());
        Look look = NamespaceScan.look(types);
        Map<Long, Set<String>> labels = types.contains(NamespaceType.NET) ? labels(look, known.get()) : Map.of();
        ContainerRecognition.Look containers = recognition.look();
        return new Look(
                look.namespaces().stream()
                        .map(namespace -> named(namespace, labels, containers))
                        .toList(),
                look.host(),
                look.hidden());
    }

    @Override
    public List<HostProcess> processes(NamespaceId id) {
        return NamespaceScan.processes(id);
    }

    @Override
    public Optional<HostProcess> process(long pid) {
        return NamespaceScan.process(pid);
    }

    @Override
    public Map<NamespaceType, NamespaceId> namespacesOf(long pid) {
        return NamespaceScan.namespacesOf(pid);
    }

    @Override
    public Map<NamespaceType, NamespaceId> namespacesOf(String meant) {
        return search.namespacesOf(meant);
    }

    @Override
    public NamespaceId find(String meant, Optional<NamespaceType> type) {
        return search.find(meant, type);
    }

    /** By inode of the network namespace. */
    private static Map<Long, Set<String>> labels(Look look, List<Netns> known) {
        Map<Long, Set<String>> labels = new HashMap<>();
        Optional.ofNullable(look.host().get(NamespaceType.NET))
                .ifPresent(host -> labels.put(host.inode(), new TreeSet<>(Set.of("host"))));
        known.forEach(netns -> labels.computeIfAbsent(netns.ref().inode(), inode -> new TreeSet<>())
                .add(netns.label()));
        return labels;
    }

    private static HostNamespace named(
            HostNamespace namespace, Map<Long, Set<String>> labels, ContainerRecognition.Look containers) {
        return new HostNamespace(
                namespace.id(),
                namespace.holdings(),
                namespace.pids(),
                namespace.first(),
                namespace.owner(),
                namespace.parent(),
                namespace.userNamespace(),
                namespace.hostname(),
                namespace.first().flatMap(first -> containers.label(first.pid())),
                namespace.id().type() == NamespaceType.NET
                        ? labels.getOrDefault(namespace.id().inode(), Set.of())
                        : Set.of());
    }
}
