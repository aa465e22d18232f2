package io.netyard.shell.lab;

import io.netyard.shell.console.ConsoleCommand;
import java.util.List;
import java.util.function.Supplier;

/** The commands of the scope {@code lab}. */
public final class LabCommands {

    private LabCommands() {}

    public static List<Supplier<? extends ConsoleCommand>> all() {
        return List.of(
                LabApply::new,
                LabPlan::new,
                LabStage::new,
                LabDestroy::new,
                LabList::new,
                LabShow::new,
                LabVerify::new);
    }
}
