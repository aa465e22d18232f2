package io.netyard.shell.netns;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Places;
import io.netyard.shell.console.Table;
import io.netyard.shell.inventory.Comparison;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "netns",
        name = "compare",
        description = "Compare the namespaces of two processes, and say what it means that they share one or do not",
        detailedDescription =
                "For host the appliance's own namespaces are taken, of others those of the first process.")
final class NetnsCompare extends ConsoleCommand {

    @Argument(name = "PID", required = true, description = "A pid, a node, LAB/NODE, a container or host")
    @Completion(Places.class)
    String first;

    @Argument(index = 1, name = "OTHER", required = true, description = "Another one")
    @Completion(Places.class)
    String second;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<Comparison> all =
                Comparison.of(inventory().namespacesOf(first), inventory().namespacesOf(second));
        if (json) {
            print(Json.text(all.stream()
                    .map(one -> Json.object(
                            "type", one.type().word(),
                            "shared", one.shared(),
                            "first", one.first().map(NamespaceId::inode),
                            "second", one.second().map(NamespaceId::inode),
                            "meaning", one.meaning()))
                    .toList()));
            return DONE;
        }
        Table table = new Table("TYPE", "SHARED", "FIRST", "SECOND", "MEANING");
        all.forEach(one -> table.row(
                one.type().word(),
                one.shared().map(shared -> shared ? "yes" : "no"),
                one.first().map(NamespaceId::inode),
                one.second().map(NamespaceId::inode),
                one.meaning()));
        table.print(console());
        return DONE;
    }
}
