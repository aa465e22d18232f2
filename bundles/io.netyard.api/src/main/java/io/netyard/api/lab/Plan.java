package io.netyard.api.lab;

import java.util.List;
import java.util.Optional;

/**
 * What stands between a lab as it is and as it is wanted: ordered steps.
 *
 * @param lab name
 * @param stage the stage it leads to, if the lab has stages and is not to be destroyed
 * @param steps empty if there is nothing to do
 * @param warnings what is dangerous about the lab as it is wanted, one sentence each: layer-2 loops, groups that a spanning tree
 *     cuts, frames that enter a group from outside
 */
public record Plan(String lab, Optional<String> stage, List<Step> steps, List<String> warnings) {

    public Plan {
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
    }

    /**
     * @param sentence what happens, for people
     * @param command the iproute2 line (or other common tool's) that does the same; shown, never run
     */
    public record Step(String sentence, String command) {}

    public boolean isEmpty() {
        return steps.isEmpty();
    }
}
