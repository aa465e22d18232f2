package io.netyard.shell.lab;

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
final class LabApply extends LabChange {

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
        Optional<String> chosen = Optional.ofNullable(stage);
        if (isDryRun()) {
            tellPlan(labs().plan(found, chosen));
        } else {
            tellDone(watched(progress -> labs().apply(found, chosen, progress)), "is up");
        }
        return DONE;
    }
}
