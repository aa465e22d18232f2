package io.netyard.shell.netns;

import static java.util.Locale.ROOT;

import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "netns", name = "list", description = "List the network namespaces of this host, whoever made them")
final class NetnsList extends ConsoleCommand {

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<Netns> all = namespaces().list();
        if (json) {
            print(Json.text(all.stream().map(NetnsList::fields).toList()));
            return DONE;
        }
        Table table = new Table("NAME", "LAB", "ORIGIN", "HOLDER", "INODE", "PID", "PROCESSES", "HOSTNAME", "COMMAND");
        for (Netns netns : all) {
            table.row(
                    netns.origin() == Netns.Origin.HOST ? "host" : netns.name(),
                    netns.lab(),
                    netns.origin().name().toLowerCase(ROOT),
                    netns.holder(),
                    netns.ref().inode(),
                    netns.pid(),
                    netns.processes(),
                    netns.hostname(),
                    netns.command());
        }
        table.print(console());
        return DONE;
    }

    /** Field names that scripts rely on. */
    static Map<String, Object> fields(Netns netns) {
        return Json.object(
                "label", netns.label(),
                "name", netns.name(),
                "lab", netns.lab(),
                "origin", netns.origin().name().toLowerCase(ROOT),
                "holder", netns.holder(),
                "inode", netns.ref().inode(),
                "path", netns.ref().net(),
                "pid", netns.pid(),
                "processes", netns.processes(),
                "hostname", netns.hostname(),
                "command", netns.command());
    }
}
