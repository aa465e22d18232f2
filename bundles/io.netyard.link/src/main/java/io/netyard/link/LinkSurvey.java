package io.netyard.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.link.Link;
import io.netyard.api.netns.Namespaces;
import io.netyard.kernel.NamespaceDescriptor;
import io.netyard.kernel.NetlinkMessage;
import io.netyard.kernel.NetlinkRequest;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.NetlinkSockets;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkRequests;
import io.netyard.kernel.route.NamespaceIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lists the links of many namespaces and finds which lead to which. A link points with its namespace's number for another one, and an ifindex
 * there. Asked for its number is first who has a link that points back; a number is asked for once. What leads out of all of them is left
 * to {@link LinkTargets}.
 *
 * <p>For one look.
 */
final class LinkSurvey implements AutoCloseable {

    /** With more that point back the link at the other end is asked for first: its MAC address says which one it is. */
    private static final int FEW = 4;

    /** An interface and the one that it points to, by ifindex only. */
    private record Indexes(int here, int there) {}

    /** A link that leads into another namespace. */
    private record Outgoing(LinkReply link, LinkPointer pointer) {}

    private final Namespaces namespaces;
    private final Map<Long, SeenNamespace> seen = new LinkedHashMap<>();
    private final Map<Long, NamespaceDescriptor> descriptors = new ConcurrentHashMap<>();
    private final Map<Indexes, List<SeenNamespace>> pointing = new HashMap<>();
    private NetlinkSockets sockets = NetlinkSockets.open(List.of());

    LinkSurvey(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    /** @return those that have ended are left out */
    Map<NetnsRef, List<Link>> look(Collection<NetnsRef> netnses) {
        Map<Long, NetnsRef> once = new LinkedHashMap<>();
        netnses.forEach(netns -> once.putIfAbsent(netns.inode(), netns));
        sockets = NetlinkSockets.open(once.values());
        sockets.look(SeenNamespace::look).forEach((netns, found) -> seen.put(netns.inode(), found));
        for (SeenNamespace here : seen.values()) {
            List<Outgoing> outgoing = outgoing(here);
            if (!outgoing.isEmpty()) {
                // Here and not below: this thread may keep them open.
                descriptor(here.netns());
            }
            outgoing.forEach(out -> pointing.computeIfAbsent(
                            new Indexes(out.link().index(), out.pointer().index()), key -> new ArrayList<>())
                    .add(here));
        }
        Map<Long, List<Link>> found = new HashMap<>();
        sockets.look((netns, socket) -> links(seen.get(netns.inode()), socket))
                .forEach((netns, links) -> found.put(netns.inode(), links));
        Map<NetnsRef, List<Link>> listed = new LinkedHashMap<>();
        netnses.forEach(
                netns -> Optional.ofNullable(found.get(netns.inode())).ifPresent(links -> listed.put(netns, links)));
        return listed;
    }

    private static List<Outgoing> outgoing(SeenNamespace here) {
        List<Outgoing> outgoing = new ArrayList<>();
        for (LinkReply link : here.links().values()) {
            LinkPointer.of(link)
                    .filter(pointer -> pointer.nsid().orElse(-1) >= 0)
                    .ifPresent(pointer -> outgoing.add(new Outgoing(link, pointer)));
        }
        return outgoing;
    }

    private List<Link> links(SeenNamespace here, NetlinkSocket socket) {
        Map<Integer, SeenNamespace> numbers = numbers(here, socket);
        LinkTargets others = new LinkTargets(namespaces, here.netns(), socket);
        return here.links((link, pointer) -> Optional.ofNullable(
                        numbers.get(pointer.nsid().getAsInt()))
                .flatMap(there -> name(link, there, pointer.index())
                        .map(name -> new Link.Lower(Optional.of(there.netns()), pointer.index(), Optional.of(name))))
                .orElseGet(() -> others.of(link, pointer)));
    }

    /** Of the link with that index, if it points back. */
    private static Optional<InterfaceName> name(LinkReply link, SeenNamespace there, int index) {
        return Optional.ofNullable(there.links().get(index))
                .filter(other -> LinkPointer.agree(link, other))
                .map(LinkReply::interfaceName);
    }

    /** Which of the others the numbers mean that are used here. */
    private Map<Integer, SeenNamespace> numbers(SeenNamespace here, NetlinkSocket socket) {
        Set<Integer> met = new HashSet<>();
        Map<Long, SeenNamespace> likely = new LinkedHashMap<>();
        outgoing(here).forEach(out -> {
            if (met.add(out.pointer().nsid().getAsInt())) {
                likely(here, out.link(), out.pointer(), socket)
                        .forEach(there -> likely.put(there.netns().inode(), there));
            }
        });
        List<SeenNamespace> asked = new ArrayList<>();
        List<NetlinkRequest> requests = new ArrayList<>();
        for (SeenNamespace there : likely.values()) {
            descriptor(there.netns()).ifPresent(descriptor -> {
                asked.add(there);
                requests.add(NamespaceIds.get(descriptor.number(), there.netns() + " in " + here.netns()));
            });
        }
        Map<Integer, SeenNamespace> numbers = new HashMap<>();
        List<Optional<NetlinkMessage>> answers = socket.getAll(requests);
        for (int i = 0; i < asked.size(); i++) {
            SeenNamespace there = asked.get(i);
            answers.get(i).map(NamespaceIds::of).ifPresent(id -> id.ifPresent(number -> numbers.put(number, there)));
        }
        return numbers;
    }

    private List<SeenNamespace> likely(SeenNamespace here, LinkReply link, LinkPointer pointer, NetlinkSocket socket) {
        List<SeenNamespace> back = pointing.getOrDefault(new Indexes(pointer.index(), link.index()), List.of()).stream()
                .filter(there -> there != here)
                .toList();
        if (back.size() <= FEW) {
            return back;
        }
        try {
            LinkReply end = LinkReply.of(socket.get(LinkRequests.getIn(
                    pointer.nsid().getAsInt(),
                    pointer.index(),
                    "find the other end of",
                    link.interfaceName() + " in " + here.netns())));
            return back.stream()
                    .filter(there -> there.links().get(pointer.index()).mac().equals(end.mac()))
                    .toList();
        } catch (NetyardException e) {
            // It has gone, or is in a namespace that we have no rights over.
            return List.of();
        }
    }

    /** Empty if it has ended. */
    private Optional<NamespaceDescriptor> descriptor(NetnsRef netns) {
        try {
            return Optional.of(descriptors.computeIfAbsent(netns.inode(), inode -> NamespaceDescriptor.open(netns)));
        } catch (RequestException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        sockets.close();
        descriptors.values().forEach(NamespaceDescriptor::close);
    }
}
