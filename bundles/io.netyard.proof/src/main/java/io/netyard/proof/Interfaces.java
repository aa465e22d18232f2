package io.netyard.proof;

import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkRequests;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What proof needs to know of the interfaces of a namespace. */
final class Interfaces {

    private Interfaces() {}

    /** Of all interfaces: Linux answers for any of its addresses on any of them. */
    static Set<MacAddress> hardwareAddresses(NetnsRef netns) {
        return list(netns).stream().flatMap(link -> link.mac().stream()).collect(Collectors.toSet());
    }

    private static List<LinkReply> list(NetnsRef netns) {
        try (NetlinkSocket socket = NetlinkSocket.open(netns)) {
            return LinkReply.listOf(socket.dump(LinkRequests.dump(netns.toString())));
        }
    }
}
