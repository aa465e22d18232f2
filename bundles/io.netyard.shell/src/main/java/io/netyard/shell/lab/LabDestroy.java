package io.netyard.shell.lab;

import io.netyard.api.NetyardException;
import io.netyard.api.lab.Plan;
import io.netyard.shell.console.ChangeCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "lab", name = "destroy", description = "Remove everything that a lab made")
final class LabDestroy extends ChangeCommand {

    @Argument(name = "LAB", description = "Name of a running lab")
    @Completion(RunningLabs.class)
    String lab;

    @Option(name = "--all", description = "Destroy every lab that is up")
    boolean all;

    @Override
    protected int run() {
        if (all == (lab != null)) {
            throw new IllegalArgumentException("lab:destroy wants either a LAB or --all");
        }
        if (!all) {
            destroy(lab);
            return DONE;
        }
        List<String> left = labs().names();
        if (left.isEmpty()) {
            print("no lab is up");
        }
        // A lab whose bridge another one uses is refused until that one is gone.
        Map<String, String> refused;
        int before;
        do {
            before = left.size();
            refused = destroyEach(left);
            left = List.copyOf(refused.keySet());
        } while (!left.isEmpty() && left.size() < before);
        refused.values().forEach(this::complain);
        return refused.isEmpty() ? DONE : FAILED;
    }

    /** @return why it could not be, by name */
    private Map<String, String> destroyEach(List<String> names) {
        Map<String, String> refused = new LinkedHashMap<>();
        for (String name : names) {
            try {
                destroy(name);
            } catch (NetyardException e) {
                refused.put(name, e.getMessage());
            }
        }
        return refused;
    }

    private void destroy(String name) {
        if (isDryRun()) {
            if (all) {
                print(name + ":");
            }
            PlanText.sentences(labs().planDestroy(name)).forEach(this::print);
            return;
        }
        Plan done;
        try (Progress progress = new Progress(console())) {
            done = labs().destroy(name, progress::show);
        }
        print(PlanText.summary(done, "is gone"));
    }
}
