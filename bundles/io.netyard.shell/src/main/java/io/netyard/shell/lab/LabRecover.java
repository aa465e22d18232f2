package io.netyard.shell.lab;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "lab",
        name = "recover",
        description =
                "Bring back a lab that is lost since the machine was restarted: its file and stage as they were applied last")
final class LabRecover extends LabChange {

    @Argument(name = "LAB", required = true, description = "Name of a lab that lab:list shows as lost")
    @Completion(LostLabs.class)
    String lab;

    @Override
    protected int run() {
        if (isDryRun()) {
            tellPlan(labs().planRecovery(lab));
        } else {
            tellDone(watched(progress -> labs().recover(lab, progress)), "is up again");
        }
        return DONE;
    }
}
