package io.netyard.shell.lab;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "lab",
        name = "repair",
        description = "Put back what somebody else has changed in a lab (see lab:status), by the smallest change")
final class LabRepair extends LabChange {

    @Argument(name = "LAB", required = true, description = "Name of a running lab")
    @Completion(RunningLabs.class)
    String lab;

    @Override
    protected int run() {
        if (isDryRun()) {
            tellPlan(labs().planRepair(lab));
        } else {
            tellDone(watched(progress -> labs().repair(lab, progress)), "is as it is meant to be");
        }
        return DONE;
    }
}
