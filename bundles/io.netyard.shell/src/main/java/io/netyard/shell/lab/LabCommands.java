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
                LabImport::new,
                LabExport::new,
                LabRecover::new,
                LabAutostart::new,
                LabList::new,
                LabShow::new,
                LabStatus::new,
                LabRepair::new,
                LabAccept::new,
                LabVerify::new);
    }
}
