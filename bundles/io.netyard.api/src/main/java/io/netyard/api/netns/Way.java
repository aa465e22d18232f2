package io.netyard.api.netns;

import io.netyard.api.NetnsRef;
import io.netyard.api.inventory.NamespaceType;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where to start a program: which namespaces to enter, named in a way that cannot silently come to mean others (pids are reused).
 *
 * @param label a name for messages and prompts; printable as it is
 * @param net the network namespace
 * @param member the process whose namespaces are entered; empty if it is only {@code net}'s
 * @param types the ones to enter; without a member at most {@link NamespaceType#NET} and {@link NamespaceType#UTS}
 */
public record Way(String label, NetnsRef net, Optional<Member> member, Set<NamespaceType> types) {

    /** What is entered unless others are asked for. */
    public static final Set<NamespaceType> DEFAULT = Set.copyOf(EnumSet.of(NamespaceType.NET, NamespaceType.UTS));

    public Way {
        types = Set.copyOf(types);
        if (types.isEmpty()) {
            throw new IllegalArgumentException("no namespace to enter");
        }
        if (member.isEmpty() && !DEFAULT.containsAll(types)) {
            throw new IllegalArgumentException("only a process has namespaces of the types " + types);
        }
    }

    /**
     * A process.
     *
     * @param pid as seen by the appliance
     * @param startTime in clock ticks since boot (proc_pid_stat(5), field 22)
     */
    public record Member(long pid, long startTime) {}
}
