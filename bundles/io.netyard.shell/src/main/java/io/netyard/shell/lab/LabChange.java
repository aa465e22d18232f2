package io.netyard.shell.lab;

import io.netyard.api.lab.Labs;
import io.netyard.api.lab.Plan;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.Json;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.karaf.shell.api.action.Option;

/** A command that changes a lab as a whole: shows how far it has come, and tells what was done and how long it took. */
abstract class LabChange extends ChangeCommand {

    @Option(
            name = "--timing",
            description = "Print how long it took: by phase, by kind of step, and the slowest ten steps")
    boolean timing;

    @Option(name = "--json", description = "Print JSON: what was done, and how long each step took")
    boolean json;

    @Option(
            name = "--commands",
            description = "With --dry-run, print the commands of common tools that would do the same")
    boolean commands;

    final boolean isJson() {
        return json;
    }

    /** Makes a change, and shows meanwhile how far it has come. */
    final Plan watched(Function<Consumer<Labs.Progress>, Plan> change) {
        try (Progress progress = new Progress(console())) {
            return change.apply(now -> progress.show(
                    now.step(), now.steps(), now.what().map(Plan.Step::sentence).orElse(PlanText.phase(now.phase()))));
        }
    }

    /** Of what would be done. */
    final void tellPlan(Plan plan) {
        if (json) {
            print(Json.text(PlanText.fields(plan)));
        } else {
            PlanText.warnings(plan).forEach(this::complain);
            (commands ? PlanText.commands(plan) : PlanText.sentences(plan)).forEach(this::print);
        }
    }

    /** @param state what is true of the lab now, after its name */
    final void tellDone(Plan done, String state) {
        if (json) {
            print(Json.text(PlanText.fields(done)));
            return;
        }
        PlanText.warnings(done).forEach(this::complain);
        if (timing) {
            PlanTiming.of(done).tables().forEach(table -> {
                table.print(console());
                print("");
            });
        }
        print(PlanText.summary(done, state));
    }
}
