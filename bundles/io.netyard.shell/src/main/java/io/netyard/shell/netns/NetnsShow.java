package io.netyard.shell.netns;

import static java.util.Locale.ROOT;

import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.Table;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "netns", name = "show", description = "Show one namespace")
final class NetnsShow extends ConsoleCommand {

    @Argument(name = "NODE", required = true, description = "A node, LAB/NODE, host, a pid, net:[INODE] or a path")
    @Completion(Nodes.class)
    String node;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        Netns netns = namespaces().resolve(node);
        if (json) {
            print(Json.text(NetnsList.fields(netns)));
            return DONE;
        }
        new Table("FIELD", "VALUE")
                .row("name", netns.label())
                .row("lab", netns.lab())
                .row("origin", netns.origin().name().toLowerCase(ROOT))
                .row("holder", netns.holder())
                .row("inode", netns.ref().inode())
                .row("path", netns.ref().net())
                .row("pid", netns.pid())
                .row("processes", netns.processes())
                .row("hostname", netns.hostname())
                .row("command", netns.command())
                .print(console());
        return DONE;
    }
}
