package io.netyard.shell.lab;

import io.netyard.api.NetyardException;
import io.netyard.api.lab.Plan;
import io.netyard.shell.console.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "lab", name = "destroy", description = "Remove everything that a lab made; forget one that is lost")
final class LabDestroy extends LabChange {

    @Argument(name = "LAB", description = "Name of a running lab")
    @Completion(RunningLabs.class)
    String lab;

    @Option(name = "--all", description = "Destroy every lab, and forget those that are lost")
    boolean all;

    /** With {@code --all} and JSON: they are one array in the end. */
    private final List<Plan> plans = new ArrayList<>();

    @Override
    protected int run() {
        if (all == (lab != null)) {
            throw new IllegalArgumentException("lab:destroy wants either a LAB or --all");
        }
        if (!all) {
            tell(lab, destroy(lab));
            return DONE;
        }
        List<String> left = labs().names();
        if (left.isEmpty() && !isJson()) {
            print("there is no lab");
        }
        // A lab whose bridge another one uses is refused until that one is gone.
        Map<String, String> refused;
        int before;
        do {
            before = left.size();
            refused = destroyEach(left);
            left = List.copyOf(refused.keySet());
        } while (!left.isEmpty() && left.size() < before);
        if (isJson()) {
            print(Json.text(plans.stream().map(PlanText::fields).toList()));
        }
        refused.values().forEach(this::complain);
        return refused.isEmpty() ? DONE : FAILED;
    }

    /** @return why it could not be, by name */
    private Map<String, String> destroyEach(List<String> names) {
        Map<String, String> refused = new LinkedHashMap<>();
        for (String name : names) {
            try {
                Plan plan = destroy(name);
                if (isJson()) {
                    plans.add(plan);
                } else {
                    tell(name, plan);
                }
            } catch (NetyardException e) {
                refused.put(name, e.getMessage());
            }
        }
        return refused;
    }

    private Plan destroy(String name) {
        return isDryRun() ? labs().planDestroy(name) : watched(progress -> labs().destroy(name, progress));
    }

    private void tell(String name, Plan plan) {
        if (!isDryRun()) {
            tellDone(plan, "is gone");
            return;
        }
        if (all) {
            print(name + ":");
        }
        tellPlan(plan);
    }
}
