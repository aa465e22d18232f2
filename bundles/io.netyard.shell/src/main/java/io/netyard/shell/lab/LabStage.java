package io.netyard.shell.lab;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "lab",
        name = "stage",
        description = "Move a running lab to another of its stages, by the smallest change")
final class LabStage extends LabChange {

    @Argument(name = "LAB", required = true, description = "Name of a running lab")
    @Completion(RunningLabs.class)
    String lab;

    @Argument(index = 1, name = "STAGE", required = true, description = "One of its stages, see lab:show")
    @Completion(StageNames.class)
    String stage;

    @Override
    protected int run() {
        if (isDryRun()) {
            tellPlan(labs().planStage(lab, stage));
        } else {
            tellDone(watched(progress -> labs().stage(lab, stage, progress)), "is reached");
        }
        return DONE;
    }
}
