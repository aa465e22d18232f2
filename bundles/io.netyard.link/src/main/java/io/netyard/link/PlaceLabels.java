package io.netyard.link;

import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.NamespaceId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives each namespace a label of its own: the best of the names that it has. */
final class PlaceLabels {

    private static final String HOST = "host";

    /** Who of several has been there longest. */
    private static final Comparator<HostNamespace> BY_AGE = Comparator.<HostNamespace>comparingLong(
                    namespace -> namespace.first().map(HostProcess::pid).orElse(Long.MAX_VALUE))
            .thenComparing(HostNamespace::id);

    private PlaceLabels() {}

    /** Of several with the same name the one with the lowest pid has it, and the others have their inode behind it. */
    static Map<NamespaceId, String> of(List<HostNamespace> namespaces, NamespaceId host) {
        String hostsName = namespaces.stream()
                .filter(namespace -> namespace.id().equals(host))
                .map(HostNamespace::hostname)
                .findFirst()
                .orElse("");
        Map<NamespaceId, String> labels = new HashMap<>();
        Set<String> taken = new HashSet<>(Set.of(HOST));
        namespaces.stream().sorted(BY_AGE).forEach(namespace -> {
            String label = namespace.id().equals(host) ? HOST : label(namespace, hostsName);
            boolean own = namespace.id().equals(host) || taken.add(label);
            labels.put(namespace.id(), own ? label : label + " " + namespace.id());
        });
        return labels;
    }

    private static String label(HostNamespace namespace, String hostsName) {
        // A host name says nothing if it is the host's: the namespace shares its UTS namespace, or was never told
        // apart.
        boolean named = !namespace.hostname().isEmpty() && !namespace.hostname().equals(hostsName);
        return namespace.labels().stream()
                .sorted()
                .findFirst()
                .or(namespace::container)
                .or(namespace::mountPoint)
                .orElseGet(() -> named ? namespace.hostname() : namespace.id().toString());
    }
}
