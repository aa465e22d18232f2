package io.netyard.shell.netns;

import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "netns", name = "holders", description = "List the ways of keeping a namespace alive")
final class NetnsHolders extends ConsoleCommand {

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        Map<String, String> holders = namespaces().holders();
        if (json) {
            print(Json.text(holders.entrySet().stream()
                    .map(holder -> Json.object("name", holder.getKey(), "description", holder.getValue()))
                    .toList()));
            return DONE;
        }
        Table table = new Table("HOLDER", "DESCRIPTION");
        holders.forEach(table::row);
        table.print(console());
        return DONE;
    }
}
