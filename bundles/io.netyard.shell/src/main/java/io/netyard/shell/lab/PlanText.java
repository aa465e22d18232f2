package io.netyard.shell.lab;

import io.netyard.api.Text;
import io.netyard.api.lab.Plan;
import io.netyard.shell.console.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
        return plan.steps().stream()
                .flatMap(step -> step.command().lines())
                .map(Text::printable)
                .toList();
    }

    /** What is dangerous about it, one a line. */
    static List<String> warnings(Plan plan) {
        return plan.warnings().stream()
                .map(warning -> Text.printable("warning: " + warning))
                .toList();
    }

    /** Field names that scripts rely on. Times are in microseconds; of what was not done there are none. */
    static Map<String, Object> fields(Plan plan) {
        Map<String, Object> phases = new LinkedHashMap<>();
        plan.phases().forEach((phase, took) -> phases.put(PlanTiming.word(phase), PlanTiming.micros(took)));
        return Json.object(
                "lab", plan.lab(),
                "stage", plan.stage(),
                "warnings", plan.warnings(),
                "steps", plan.steps().stream().map(PlanText::fields).toList(),
                "phasesMicros", phases,
                "operations", PlanTiming.of(plan).fields());
    }

    private static Map<String, Object> fields(Plan.Step step) {
        return Json.object(
                "operation", step.operation(),
                "node", step.node(),
                "device", step.device(),
                "sentence", step.sentence(),
                "command", step.command(),
                "micros", step.took().map(PlanTiming::micros));
    }

    /** What is being done, before or after the steps. */
    static String phase(Plan.Phase phase) {
        return switch (phase) {
            case READ -> "reading the lab file";
            case COMPILE -> "working out what it means";
            case OBSERVE -> "reading what is there";
            case PLAN -> "planning";
            case EXECUTE -> "beginning";
            case READ_BACK -> "reading the result";
        };
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
