package io.netyard.api.lab;

import io.netyard.api.InterfaceName;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands between a lab as it is and as it is wanted: ordered steps.
 *
 * @param lab name
 * @param stage the stage it leads to, if the lab has stages and is not to be destroyed
 * @param steps empty if there is nothing to do
 * @param warnings what is dangerous about the lab as it is wanted, one sentence each: layer-2 loops, groups that a spanning tree
 *     cuts, frames that enter a group from outside
 * @param phases how long each phase took, in the order of {@link Phase}; those that were not gone through are missing
 */
public record Plan(
        String lab, Optional<String> stage, List<Step> steps, List<String> warnings, Map<Phase, Duration> phases) {

    public Plan {
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
        EnumMap<Phase, Duration> inOrder = new EnumMap<>(Phase.class);
        inOrder.putAll(phases);
        phases = Collections.unmodifiableMap(inOrder);
    }

    /**
     * @param operation what kind of step it is, in a word that scripts may rely on: {@code create-veth}
     * @param node the node that it is about
     * @param device the interface in {@code node} that it is about, if it is about one; of a cable the first end
     * @param sentence what happens, for people
     * @param command the iproute2 line (or other common tool's) that does the same; shown, never run. Several
     *     lines where a tool reads its rules; one that begins with {@code #} says what no such tool does
     * @param took how long it took, if it was done
     */
    public record Step(
            String operation,
            String node,
            Optional<InterfaceName> device,
            String sentence,
            String command,
            Optional<Duration> took) {

        public Step withCommand(String other) {
            return new Step(operation, node, device, sentence, other, took);
        }
    }

    /** What a change consists of, in this order. */
    public enum Phase {
        /** The lab file is read and checked. */
        READ,
        /** What it means is worked out: devices, VLAN tables, policies. */
        COMPILE,
        /** What the lab has on this host is read from the kernel. */
        OBSERVE,
        /** The steps between the two are found, and whether this host can take them. */
        PLAN,
        /** The steps are taken. */
        EXECUTE,
        /** The result is read from the kernel and held against what is wanted. */
        READ_BACK
    }

    public boolean isEmpty() {
        return steps.isEmpty();
    }
}
