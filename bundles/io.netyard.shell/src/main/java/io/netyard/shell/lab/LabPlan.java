package io.netyard.shell.lab;

import io.netyard.api.lab.Plan;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "lab", name = "plan", description = "Say what lab:apply would do; changes nothing")
final class LabPlan extends ConsoleCommand {

    @Argument(name = "FILE", required = true, description = "A lab file, or the name of a lab that comes with Netyard")
    @Completion(LabFiles.class)
    String file;

    @Option(
            name = "--stage",
            valueToShowInHelp = "STAGE",
            description = "A stage of the file; if left out, its default_stage, else the last")
    @Completion(StageNames.class)
    String stage;

    @Option(name = "--commands", description = "Print the commands of common tools that would do the same")
    boolean commands;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        Plan plan = labs().plan(LabFolders.of(console()).find(file), Optional.ofNullable(stage));
        if (json) {
            print(Json.text(PlanText.fields(plan)));
        } else {
            PlanText.warnings(plan).forEach(this::complain);
            (commands ? PlanText.commands(plan) : PlanText.sentences(plan)).forEach(this::print);
        }
        return DONE;
    }
}
