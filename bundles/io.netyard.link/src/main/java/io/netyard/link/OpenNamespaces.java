package io.netyard.link;

import io.netyard.api.KernelException;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.kernel.NamespaceDescriptor;
import io.netyard.kernel.NetlinkMessage;
import io.netyard.kernel.NetlinkRequest;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.route.BridgeVlanReply;
import io.netyard.kernel.route.BridgeVlanRequests;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkRequests;
import io.netyard.kernel.route.NamespaceIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Many network namespaces, opened for as long as one look at them takes, each with a netlink socket inside. For one thread.
 */
final class OpenNamespaces implements Wirer.Kernel, AutoCloseable {

    private final Map<NamespaceId, HostNamespace> namespaces = new LinkedHashMap<>();
    private final Map<NamespaceId, NamespaceDescriptor> descriptors = new LinkedHashMap<>();
    private final Map<NamespaceId, String> unreadable = new HashMap<>();
    private final Map<NamespaceId, NetlinkSocket> sockets;

    /** Those that have gone are left out. */
    OpenNamespaces(List<HostNamespace> wanted) {
        try {
            wanted.forEach(this::open);
            sockets = NetlinkSocket.openIn(descriptors, (id, refusal) -> unreadable.put(id, refusal.getMessage()));
        } catch (RuntimeException e) {
            descriptors.values().forEach(NamespaceDescriptor::close);
            throw e;
        }
    }

    private void open(HostNamespace namespace) {
        try {
            descriptors.put(namespace.id(), NamespaceDescriptor.open(namespace));
            namespaces.put(namespace.id(), namespace);
        } catch (RequestException e) {
            // It has ended since it was found.
        }
    }

    /** What is in them now: one dump each, and one more of the VLAN tables where there is a bridge. */
    List<Wirer.Seen> look() {
        return namespaces.values().stream().map(this::look).toList();
    }

    private Wirer.Seen look(HostNamespace namespace) {
        NetlinkSocket socket = sockets.get(namespace.id());
        if (socket == null) {
            return unseen(namespace, unreadable.get(namespace.id()));
        }
        try {
            String subject = namespace.id().toString();
            List<LinkReply> links = LinkReply.listOf(socket.dump(LinkRequests.dump(subject)));
            Map<Integer, List<VlanEntry>> vlans = links.stream().noneMatch(LinkReply::isBridge)
                    ? Map.of()
                    : BridgeVlanReply.listOf(socket.dump(BridgeVlanRequests.dump(subject))).stream()
                            .collect(Collectors.toMap(BridgeVlanReply::index, BridgeVlanReply::vlans, (a, b) -> b));
            return new Wirer.Seen(namespace, links, vlans, Optional.empty());
        } catch (KernelException e) {
            return unseen(namespace, e.getMessage());
        }
    }

    private static Wirer.Seen unseen(HostNamespace namespace, String why) {
        return new Wirer.Seen(namespace, List.of(), Map.of(), Optional.of(why));
    }

    @Override
    public Map<Integer, NamespaceId> numbers(NamespaceId of, Collection<NamespaceId> others) {
        NetlinkSocket socket = sockets.get(of);
        List<NamespaceId> open =
                others.stream().filter(descriptors::containsKey).toList();
        if (socket == null || open.isEmpty()) {
            return Map.of();
        }
        List<NetlinkRequest> requests = new ArrayList<>();
        open.forEach(
                other -> requests.add(NamespaceIds.get(descriptors.get(other).number(), other + " in " + of)));
        Map<Integer, NamespaceId> numbers = new HashMap<>();
        List<Optional<NetlinkMessage>> answers = socket.getAll(requests);
        for (int i = 0; i < open.size(); i++) {
            NamespaceId other = open.get(i);
            answers.get(i).map(NamespaceIds::of).ifPresent(id -> id.ifPresent(number -> numbers.put(number, other)));
        }
        return numbers;
    }

    @Override
    public Optional<LinkReply> interfaceIn(NamespaceId from, int nsid, int index) {
        NetlinkSocket socket = sockets.get(from);
        if (socket == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(LinkReply.of(
                    socket.get(LinkRequests.getIn(nsid, index, "find the other end of", "an interface in " + from))));
        } catch (NetyardException e) {
            // Gone, or in a namespace that we have no rights over.
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        sockets.values().forEach(NetlinkSocket::close);
        descriptors.values().forEach(NamespaceDescriptor::close);
    }
}
