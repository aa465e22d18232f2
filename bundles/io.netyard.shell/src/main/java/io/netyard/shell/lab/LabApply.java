package io.netyard.shell.lab;

import io.netyard.api.lab.Plan;
import io.netyard.shell.console.ChangeCommand;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "lab",
        name = "apply",
        description = "Make the kernel match a lab file, by the smallest change; all of it, or nothing")
final class LabApply extends ChangeCommand {

    @Argument(name = "FILE", required = true, description = "A lab file, or the name of a lab that comes with Netyard")
    @Completion(LabFiles.class)
    String file;

    @Option(
            name = "--stage",
            valueToShowInHelp = "STAGE",
            description = "A stage of the file; if left out, its default_stage, else the last")
    @Completion(StageNames.class)
    String stage;

    @Override
    protected int run() {
        Path found = LabFolders.of(console()).find(file);
        if (isDryRun()) {
            Plan plan = labs().plan(found, Optional.ofNullable(stage));
            PlanText.warnings(plan).forEach(this::complain);
            PlanText.sentences(plan).forEach(this::print);
            return DONE;
        }
        Plan done;
        try (Progress progress = new Progress(console())) {
            done = labs().apply(found, Optional.ofNullable(stage), progress::show);
        }
        PlanText.warnings(done).forEach(this::complain);
        print(PlanText.summary(done, "is up"));
        return DONE;
    }
}
