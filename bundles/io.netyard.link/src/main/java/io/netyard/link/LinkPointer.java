package io.netyard.link;

import io.netyard.api.wiring.WiredInterface;
import io.netyard.kernel.route.LinkReply;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the kernel says of where an interface leads, looking from there only.
 *
 * @param nsid the number of the other interface's namespace in the interface's own; empty if they are the same; negative if the kernel has no
 *     number for it (NETNSA_NSID_NOT_ASSIGNED), which is so while that namespace ends
 * @param index ifindex of the other interface, there
 */
record LinkPointer(OptionalInt nsid, int index) {

    /** Empty for interfaces that lead nowhere. */
    static Optional<LinkPointer> of(LinkReply link) {
        if (link.linkNetnsid().isEmpty()) {
            return link.link().isPresent() && link.link().getAsInt() > 0
                    ? Optional.of(
                            new LinkPointer(OptionalInt.empty(), link.link().getAsInt()))
                    : Optional.empty();
        }
        // Before Linux 5.10 IFLA_LINK is left out when it equals the link's own index, even if it is one of another
        // namespace.
        int index = link.link().orElse(link.index());
        return index > 0 ? Optional.of(new LinkPointer(link.linkNetnsid(), index)) : Optional.empty();
    }

    /** Whether {@code there} can be what {@code here} leads to: an end of a pair must lead back. */
    static boolean agree(LinkReply here, LinkReply there) {
        return !WiredInterface.isPair(here.kind())
                || there.kind().equals(here.kind())
                        && of(there)
                                .filter(back -> back.index() == here.index())
                                .isPresent();
    }
}
