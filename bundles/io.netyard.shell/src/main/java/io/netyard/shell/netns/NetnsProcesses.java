package io.netyard.shell.netns;

import io.netyard.api.inventory.HostProcess;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;

@Command(scope = "netns", name = "processes", description = "List all processes in a namespace")
final class NetnsProcesses extends NamespaceCommand {

    @Override
    protected int run() {
        List<HostProcess> processes = inventory().processes(namespace());
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
