package io.netyard.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.NetnsRef;
import io.netyard.api.link.Link;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.route.AddressReply;
import io.netyard.kernel.route.AddressRequests;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkRequests;
import io.netyard.kernel.route.OwnerAlias;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * What the interfaces of a namespace have told of themselves.
 *
 * @param links by ifindex
 * @param addresses by ifindex
 */
record SeenNamespace(NetnsRef netns, Map<Integer, LinkReply> links, Map<Integer, List<IpPrefix>> addresses) {

    /** @param socket opened there */
    static SeenNamespace look(NetnsRef netns, NetlinkSocket socket) {
        String subject = netns.toString();
        Map<Integer, LinkReply> links = new HashMap<>();
        LinkReply.listOf(socket.dump(LinkRequests.dump(subject))).forEach(link -> links.put(link.index(), link));
        return new SeenNamespace(
                netns,
                links,
                AddressReply.listOf(socket.dump(AddressRequests.dump(subject))).stream()
                        .collect(Collectors.groupingBy(
                                AddressReply::index, Collectors.mapping(AddressReply::address, Collectors.toList()))));
    }

    /**
     * In order of ifindex.
     *
     * @param elsewhere finds what a link leads to that points into another namespace
     */
    List<Link> links(BiFunction<LinkReply, LinkPointer, Link.Lower> elsewhere) {
        return links.values().stream()
                .sorted(Comparator.comparingInt(LinkReply::index))
                .map(link -> new Link(
                        link.index(),
                        link.interfaceName(),
                        link.kind(),
                        link.mac(),
                        link.mtu(),
                        link.isUp(),
                        link.hasCarrier(),
                        link.controller().isPresent() ? name(link.controller()) : Optional.empty(),
                        link.vlan(),
                        link.macvlanMode(),
                        LinkPointer.of(link)
                                .map(pointer -> pointer.nsid().isPresent()
                                        ? elsewhere.apply(link, pointer)
                                        : new Link.Lower(
                                                Optional.of(netns),
                                                pointer.index(),
                                                name(OptionalInt.of(pointer.index())))),
                        addresses.getOrDefault(link.index(), List.of()),
                        OwnerAlias.owner(link.alias())))
                .toList();
    }

    private Optional<InterfaceName> name(OptionalInt index) {
        return Optional.ofNullable(links.get(index.getAsInt())).map(LinkReply::interfaceName);
    }
}
