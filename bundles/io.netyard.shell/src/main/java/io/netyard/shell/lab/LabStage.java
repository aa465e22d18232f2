package io.netyard.shell.lab;

import io.netyard.api.lab.Plan;
import io.netyard.shell.console.ChangeCommand;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "lab",
        name = "stage",
        description = "Move a running lab to another of its stages, by the smallest change")
final class LabStage extends ChangeCommand {

    @Argument(name = "LAB", required = true, description = "Name of a running lab")
    @Completion(RunningLabs.class)
    String lab;

    @Argument(index = 1, name = "STAGE", required = true, description = "One of its stages, see lab:show")
    @Completion(StageNames.class)
    String stage;

    @Override
    protected int run() {
        if (isDryRun()) {
            Plan plan = labs().planStage(lab, stage);
            PlanText.warnings(plan).forEach(this::complain);
            PlanText.sentences(plan).forEach(this::print);
            return DONE;
        }
        Plan done;
        try (Progress progress = new Progress(console())) {
            done = labs().stage(lab, stage, progress::show);
        }
        PlanText.warnings(done).forEach(this::complain);
        print(PlanText.summary(done, "is reached"));
        return DONE;
    }
}
