package io.netyard.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.NamespaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlaceLabelsTest {

    private static final HostNamespace HOST = Hosts.namespace(1, 1, "machine", Optional.empty(), Set.of("host"));

    @Test
    void netyardsNameComesBeforeTheContainersAndThatBeforeTheHostName() {
        assertThat(label(Hosts.namespace(2, 9, "web", Optional.of("lxc:web1"), Set.of("demo/n1"))))
                .isEqualTo("demo/n1");
        assertThat(label(Hosts.namespace(2, 9, "web", Optional.of("lxc:web1"), Set.of())))
                .isEqualTo("lxc:web1");
        assertThat(label(Hosts.namespace(2, 9, "web", Optional.empty(), Set.of())))
                .isEqualTo("web");
    }

    @Test
    void theHostsOwnNameSaysNothing() {
        assertThat(label(Hosts.namespace(2, 9, "machine", Optional.empty(), Set.of())))
                .isEqualTo("net:[2]");
        assertThat(label(Hosts.held(2, Holding.Kind.DESCRIPTOR, "/proc/7/fd/3")))
                .isEqualTo("net:[2]");
    }

    @Test
    void whatIsMountedIsCalledByItsPath() {
        assertThat(label(Hosts.held(2, Holding.Kind.MOUNT, "/run/netns/x"))).isEqualTo("/run/netns/x");
    }

    @Test
    void ofSeveralWithOneNameTheOldestHasIt() {
        Map<NamespaceId, String> labels = PlaceLabels.of(
                List.of(
                        HOST,
                        Hosts.namespace(2, 9, "web", Optional.empty(), Set.of()),
                        Hosts.namespace(3, 5, "web", Optional.empty(), Set.of()),
                        Hosts.namespace(4, 7, "host", Optional.empty(), Set.of())),
                HOST.id());

        assertThat(labels)
                .containsEntry(Hosts.id(1), "host")
                .containsEntry(Hosts.id(2), "web net:[2]")
                .containsEntry(Hosts.id(3), "web")
                .containsEntry(Hosts.id(4), "host net:[4]");
    }

    private static String label(HostNamespace namespace) {
        return PlaceLabels.of(List.of(HOST, namespace), HOST.id()).get(namespace.id());
    }
}
