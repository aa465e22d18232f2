package io.netyard.shell.lab;

import io.netyard.api.Text;
import io.netyard.api.lab.Acceptance;
import io.netyard.shell.console.ChangeCommand;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "lab",
        name = "accept",
        description =
                "Write what somebody else has changed in a lab (see lab:status) into its file; with --dry-run show that as a diff")
final class LabAccept extends ChangeCommand {

    @Argument(name = "LAB", required = true, description = "Name of a running lab")
    @Completion(RunningLabs.class)
    String lab;

    @Override
    protected int run() {
        Acceptance accepted = isDryRun() ? labs().planAccept(lab) : labs().accept(lab);
        if (accepted.differences().isEmpty()) {
            print(lab + ": nothing to take over");
        } else if (isDryRun()) {
            UnifiedDiff.of(accepted.file().toString(), accepted.before(), accepted.after())
                    .forEach(line -> print(Text.printable(line)));
        } else {
            int count = accepted.differences().size();
            print("%s: %d %s taken over into %s"
                    .formatted(lab, count, count == 1 ? "difference" : "differences", accepted.file()));
        }
        return DONE;
    }
}
