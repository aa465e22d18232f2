package io.netyard.shell.lab;

import io.netyard.api.Text;
import io.netyard.api.lab.Plan;
import io.netyard.shell.console.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A plan in words. */
final class PlanText {

    private PlanText() {}

    /** What would be done, one numbered sentence a line. */
    static List<String> sentences(Plan plan) {
        if (plan.isEmpty()) {
            return List.of(name(plan) + ": nothing to do");
        }
        List<String> lines = new ArrayList<>();
        int width = Integer.toString(plan.steps().size()).length();
        for (Plan.Step step : plan.steps()) {
            lines.add(Text.printable(("%" + width + "d. %s").formatted(lines.size() + 1, step.sentence())));
        }
        return lines;
    }

    /** The same as commands of common tools, for a shell script to read or to learn from. */
    static List<String> commands(Plan plan) {
        if (plan.isEmpty()) {
            return List.of("# " + name(plan) + ": nothing to do");
        }
        return plan.steps().stream().map(step -> Text.printable(step.command())).toList();
    }

    /** What is dangerous about it, one a line. */
    static List<String> warnings(Plan plan) {
        return plan.warnings().stream()
                .map(warning -> Text.printable("warning: " + warning))
                .toList();
    }

    /** Field names that scripts rely on. */
    static Map<String, Object> fields(Plan plan) {
        return Json.object(
                "lab", plan.lab(),
                "stage", plan.stage(),
                "warnings", plan.warnings(),
                "steps",
                        plan.steps().stream()
                                .map(step -> Json.object("sentence", step.sentence(), "command", step.command()))
                                .toList());
    }

    /** One line about what was done. */
    static String summary(Plan done, String state) {
        if (done.isEmpty()) {
            return name(done) + ": nothing to do";
        }
        int steps = done.steps().size();
        return "%s %s: %d %s".formatted(name(done), state, steps, steps == 1 ? "step" : "steps");
    }

    private static String name(Plan plan) {
        return plan.lab() + plan.stage().map(stage -> " (stage " + stage + ")").orElse("");
    }
}
