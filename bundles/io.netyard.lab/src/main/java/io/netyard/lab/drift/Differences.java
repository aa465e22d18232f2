package io.netyard.lab.drift;

import io.netyard.api.lab.Difference;
import io.netyard.api.lab.LabStatus.State;
import io.netyard.lab.network.Network;
import io.netyard.lab.plan.Changes;
import java.util.ArrayList;
import java.util.List;

/** What differs between a lab as the kernel has it and as it is meant to be. */
public final class Differences {

    private final Changes changes;

    public Differences(Changes changes) {
        this.changes = changes;
    }

    /** @param state {@link State#UP}, {@link State#DIFFERS} or {@link State#INCOMPLETE} */
    public record Found(State state, List<Difference> differences) {}

    /** @param meant what the lab is meant to be, all of it */
    public Found find(String lab, Network meant) {
        List<Drift> drifts = drifts(changes.standing(lab, meant));
        State state = drifts.isEmpty()
                ? State.UP
                : drifts.stream().allMatch(Drift.NotThere.class::isInstance) ? State.INCOMPLETE : State.DIFFERS;
        return new Found(state, drifts.stream().map(Drift::told).toList());
    }

    static List<Drift> drifts(Changes.Standing standing) {
        List<Drift> all = new ArrayList<>();
        standing.missing().forEach((node, reason) -> all.add(new Drift.NotThere(node, reason)));
        List<Drift> found = Comparison.of(standing.is(), standing.meant());
        all.addAll(found);
        if (found.isEmpty()) {
            // The planner has the last word on whether something differs.
            standing.steps().forEach(step -> all.add(new Drift.Unnamed(step.sentence())));
        }
        return all;
    }
}
