package io.netyard.shell.lab;

import io.netyard.api.InterfaceName;
import io.netyard.api.Text;
import io.netyard.api.lab.LabStatus.State;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "lab",
        name = "status",
        description = "Show whether labs are as they are meant to be, and what differs; status 1 if something does")
final class LabStatus extends ConsoleCommand {

    @Argument(name = "LAB", description = "Name of a running lab; if left out, all of them")
    @Completion(RunningLabs.class)
    String lab;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<String> names = lab == null ? labs().names() : List.of(lab);
        List<io.netyard.api.lab.LabStatus> found =
                names.stream().map(name -> labs().status(name)).toList();
        if (json) {
            print(Json.text(found.stream().map(LabStatus::fields).toList()));
        } else {
            show(found);
        }
        return found.stream().allMatch(status -> status.state() == State.UP) ? DONE : FAILED;
    }

    private void show(List<io.netyard.api.lab.LabStatus> found) {
        Table table = new Table("LAB", "STATE", "STAGE", "DIFFERENCES");
        found.forEach(status -> table.row(
                status.lab(),
                word(status.state()),
                status.stage(),
                status.differences().size()));
        table.print(console());
        for (io.netyard.api.lab.LabStatus status : found) {
            if (!status.differences().isEmpty() || status.reason().isPresent()) {
                print("");
                print(Text.printable(status.lab() + ":"));
            }
            status.reason().ifPresent(reason -> print("  " + Text.printable(reason)));
            status.differences().forEach(difference -> print("  " + Text.printable(difference.sentence())));
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Field names that scripts rely on. */
    private static Map<String, Object> fields(io.netyard.api.lab.LabStatus status) {
        return Json.object(
                "lab", status.lab(),
                "state", word(status.state()),
                "stage", status.stage(),
                "reason", status.reason(),
                "differences",
                        status.differences().stream()
                                .map(difference -> Json.object(
                                        "node", difference.node(),
                                        "interface", difference.device().map(InterfaceName::value),
                                        "what", word(difference.kind()),
                                        "sentence", difference.sentence()))
                                .toList());
    }
}
