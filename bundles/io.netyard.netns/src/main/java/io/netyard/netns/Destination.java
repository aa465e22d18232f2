package io.netyard.netns;

import io.netyard.api.RequestException;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.Way;
import io.netyard.api.netns.Way.Member;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a user's word for a namespace leads to.
 *
 * @param label for messages and prompts; printable
 * @param member the process whose namespaces are meant; empty if there is none in there
 * @param itself whether that process is what the user has named, and not just some process in a namespace
 */
record Destination(String label, Netns netns, Optional<Member> member, boolean itself) {

    Destination(String label, Netns netns, Optional<Member> member) {
        this(label, netns, member, false);
    }

    static Destination of(Netns netns) {
        OptionalLong pid = netns.pid();
        return new Destination(netns.label(), netns, pid.isPresent() ? member(pid.getAsLong()) : Optional.empty());
    }

    /** A process as it is now; empty if there is none. */
    static Optional<Member> member(long pid) {
        OptionalLong started = Processes.startTime(pid);
        return started.isPresent() ? Optional.of(new Member(pid, started.getAsLong())) : Optional.empty();
    }

    /** @param types all of them: as many as there are */
    Way way(Set<NamespaceType> types) {
        boolean all = types.size() == NamespaceType.values().length;
        boolean usual = Way.DEFAULT.containsAll(types);
        if (usual && !itself) {
            return new Way(label, netns.ref(), Optional.empty(), types);
        }
        if (member.isEmpty()) {
            if (all) {
                return new Way(label, netns.ref(), Optional.empty(), Way.DEFAULT);
            }
            throw new RequestException(
                    "%s has no process, and so nothing but the types net and uts to enter".formatted(label));
        }
        long pid = member.get().pid();
        Set<NamespaceType> there = EnumSet.noneOf(NamespaceType.class);
        for (NamespaceType type : types) {
            if (Processes.inode(Processes.directory(pid).resolve("ns/" + type.word()))
                    .isPresent()) {
                there.add(type);
            } else if (!all) {
                throw new RequestException(
                        "process %d has no %s namespace: it has just ended, or this kernel has none of that type"
                                .formatted(pid, type.word()));
            }
        }
        if (there.isEmpty()) {
            throw new RequestException("process %d has ended".formatted(pid));
        }
        return new Way(label, netns.ref(), member, there);
    }
}
