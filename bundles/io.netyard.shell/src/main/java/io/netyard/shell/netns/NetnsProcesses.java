package io.netyard.shell.netns;

import io.netyard.api.inventory.HostProcess;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Places;
import io.netyard.shell.console.Table;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "netns", name = "processes", description = "List all processes in a namespace")
final class NetnsProcesses extends ConsoleCommand {

    @Argument(name = "ID", required = true, description = MeantNamespace.WORDS)
    @Completion(Places.class)
    String meant;

    @Option(
            name = "--type",
            aliases = "-t",
            valueToShowInHelp = "TYPE",
            description = "Which namespace of a node or process; net if left out")
    @Completion(TypeWords.class)
    String type;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<HostProcess> processes = inventory().processes(MeantNamespace.find(services(), meant, type));
        if (json) {
            print(Json.text(processes.stream().map(NamespaceFields::of).toList()));
            return DONE;
        }
        Table table = new Table("PID", "PPID", "USER", "COMMAND").fitting();
        processes.forEach(process -> table.row(process.pid(), process.parent(), process.user(), process.command()));
        table.print(console());
        return DONE;
    }
}
