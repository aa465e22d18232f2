package io.netyard.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.link.Link;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.kernel.NamespaceDescriptor;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkRequests;
import io.netyard.kernel.route.NamespaceIds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds where the links of one namespace lead, while it is being listed: by ifindex and namespace id as the kernel gives them (IFLA_LINK,
 * IFLA_LINK_NETNSID), never by name.
 *
 * <p>Other namespaces are not entered: their ids are matched with the namespaces known here by descriptor (RTM_GETNSID), and the device there
 * is asked for through its id (IFLA_TARGET_NETNSID). Namespaces are looked for only if a link leads out of its own, nearest first, and only
 * until all ids are matched. For use by one thread.
 */
final class LinkTargets {

    private final Namespaces namespaces;
    private final NetnsRef here;
    private final NetlinkSocket socket;
    private final Map<Integer, NetnsRef> byId = new HashMap<>();
    private final Set<Long> asked = new HashSet<>();
    private final List<Supplier<Stream<NetnsRef>>> sources;
    private int nextSource;

    /** @param socket opened in {@code here} */
    LinkTargets(Namespaces namespaces, NetnsRef here, NetlinkSocket socket) {
        this.namespaces = namespaces;
        this.here = here;
        this.socket = socket;
        this.sources = List.of(
                () -> Stream.of(here, namespaces.host()),
                () -> this.namespaces.known().stream().map(Netns::ref),
                () -> this.namespaces.list().stream().map(Netns::ref));
    }

    /** @param pointer of that link, into another namespace */
    Link.Lower of(LinkReply link, LinkPointer pointer) {
        int id = pointer.nsid().getAsInt();
        Optional<NetnsRef> namespace = namespace(id);
        Optional<InterfaceName> name = namespace.flatMap(known -> nameThere(id, pointer.index(), link));
        // What does not confirm the way back is not what the link leads to.
        return new Link.Lower(name.flatMap(confirmed -> namespace), pointer.index(), name);
    }

    private Optional<InterfaceName> nameThere(int id, int index, LinkReply link) {
        try {
            LinkReply there = LinkReply.of(socket.get(
                    LinkRequests.getIn(id, index, "find the other end of", link.interfaceName() + " in " + here)));
            return LinkPointer.agree(link, there) ? Optional.of(there.interfaceName()) : Optional.empty();
        } catch (KernelException e) {
            // It has gone in the meantime, or its namespace is one that we have no rights over.
            return Optional.empty();
        }
    }

    private Optional<NetnsRef> namespace(int id) {
        while (!byId.containsKey(id) && nextSource < sources.size()) {
            look(sources.get(nextSource++));
        }
        return Optional.ofNullable(byId.get(id));
    }

    private void look(Supplier<Stream<NetnsRef>> source) {
        try {
            source.get().filter(candidate -> asked.add(candidate.inode())).forEach(this::learnId);
        } catch (NetyardException e) {
            // Where links lead is an extra: what is here can be listed without it.
        }
    }

    private void learnId(NetnsRef candidate) {
        try (NamespaceDescriptor descriptor = NamespaceDescriptor.open(candidate)) {
            OptionalInt id = NamespaceIds.of(socket.get(NamespaceIds.get(descriptor.number(), candidate.toString())));
            id.ifPresent(number -> byId.put(number, candidate));
        } catch (NetyardException e) {
            // It has gone in the meantime: then nothing leads there any more.
            asked.remove(candidate.inode());
        }
    }
}
