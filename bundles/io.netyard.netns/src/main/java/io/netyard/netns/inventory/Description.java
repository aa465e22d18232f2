package io.netyard.netns.inventory;

import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.NamespaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What there is to say about a namespace, but for the host name, which has to be fetched from elsewhere.
 *
 * @param uts the UTS namespace whose host name it is
 * @param utsFile opens that
 */
record Description(
        NamespaceId id,
        List<Holding> holdings,
        List<Long> pids,
        Optional<HostProcess> first,
        Relatives.Of relatives,
        Optional<NamespaceId> userNamespace,
        Optional<NamespaceId> uts,
        String utsFile) {

    HostNamespace with(Map<NamespaceId, String> hostNames) {
        return new HostNamespace(
                id,
                holdings,
                pids,
                first,
                relatives.owner(),
                relatives.parent(),
                userNamespace,
                uts.map(hostNames::get).orElse(""),
                Optional.empty(),
                Set.of());
    }
}
