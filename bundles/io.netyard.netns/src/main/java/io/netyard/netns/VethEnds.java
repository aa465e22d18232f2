package io.netyard.netns;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.kernel.NetlinkRequest;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkRequests;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The veth pairs that lead out of a namespace. They are all of it that others can see, and the kernel removes them some time
 * after the last holder has gone; deleted by request they are gone when the request returns.
 */
final class VethEnds {

    /** Beyond what /etc/iproute2/group usually has names for. */
    private static final int FIRST_GROUP = 1_000;

    private VethEnds() {}

    /**
     * Deletes them all, and so their other ends. A namespace that has ended meanwhile has none.
     *
     * <p>As one group: the kernel takes about as long for all of them as for a single one.
     */
    static void deleteAll(NetnsRef where) {
        try (NetlinkSocket socket = NetlinkSocket.open(where)) {
            List<LinkReply> links = LinkReply.listOf(socket.dump(LinkRequests.dump(where.toString())));
            List<LinkReply> ends = links.stream()
                    .filter(link -> link.kind().equals(LinkReply.VETH))
                    .toList();
            if (ends.isEmpty()) {
                return;
            }
            int group = unused(links);
            List<NetlinkRequest> requests = ends.stream()
                    .map(link -> LinkRequests.setGroup(link.index(), group, link.interfaceName() + " in " + where))
                    .toList();
            requireAbsent(socket.executeAll(requests));
            requireAbsent(socket.executeAll(
                    List.of(LinkRequests.deleteGroup(group, "the %d veth ends in %s".formatted(ends.size(), where)))));
        } catch (RequestException e) {
            // Has ended.
        }
    }

    /** What has gone by itself needs not be deleted. */
    private static void requireAbsent(List<KernelException> refusals) {
        refusals.stream().filter(refusal -> !refusal.isAbsent()).findFirst().ifPresent(refusal -> {
            throw refusal;
        });
    }

    private static int unused(List<LinkReply> links) {
        Set<Integer> used = links.stream().map(LinkReply::group).collect(Collectors.toSet());
        return IntStream.iterate(FIRST_GROUP, group -> group + 1)
                .filter(group -> !used.contains(group))
                .findFirst()
                .orElseThrow();
    }
}
