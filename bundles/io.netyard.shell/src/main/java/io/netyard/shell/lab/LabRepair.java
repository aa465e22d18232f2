package io.netyard.shell.lab;

import io.netyard.api.lab.Plan;
import io.netyard.shell.console.ChangeCommand;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "lab",
        name = "repair",
        description = "Put back what somebody else has changed in a lab (see lab:status), by the smallest change")
final class LabRepair extends ChangeCommand {

    @Argument(name = "LAB", required = true, description = "Name of a running lab")
    @Completion(RunningLabs.class)
    String lab;

    @Override
    protected int run() {
        if (isDryRun()) {
            PlanText.sentences(labs().planRepair(lab)).forEach(this::print);
            return DONE;
        }
        Plan done;
        try (Progress progress = new Progress(console())) {
            done = labs().repair(lab, progress::show);
        }
        print(PlanText.summary(done, "is as it is meant to be"));
        return DONE;
    }
}
