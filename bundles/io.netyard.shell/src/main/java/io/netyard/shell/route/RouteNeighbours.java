package io.netyard.shell.route;

import io.netyard.api.IpPrefix;
import io.netyard.api.routing.Neighbour;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.Table;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "route",
        name = "neighbours",
        description =
                "Show which MAC addresses a namespace knows for its neighbours: its ARP and IPv6 neighbour tables")
final class RouteNeighbours extends ConsoleCommand {

    @Argument(name = "NODE", required = true, description = "A node, LAB/NODE, host, a pid, net:[INODE] or a path")
    @Completion(Nodes.class)
    String node;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<Neighbour> neighbours =
                routing().neighbours(namespaces().resolve(node).ref());
        if (json) {
            print(Json.text(neighbours.stream()
                    .map(neighbour -> Json.object(
                            "address", IpPrefix.text(neighbour.address()),
                            "dev", neighbour.device(),
                            "mac", neighbour.mac(),
                            "state", neighbour.state().toString()))
                    .toList()));
            return DONE;
        }
        Table table = new Table("ADDRESS", "DEV", "MAC", "STATE");
        neighbours.forEach(neighbour ->
                table.row(IpPrefix.text(neighbour.address()), neighbour.device(), neighbour.mac(), neighbour.state()));
        table.print(console());
        return DONE;
    }
}
