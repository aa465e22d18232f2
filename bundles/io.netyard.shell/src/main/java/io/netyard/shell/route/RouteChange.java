package io.netyard.shell.route;

import io.netyard.api.netns.Netns;
import io.netyard.api.routing.Route;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.FoundNode;
import io.netyard.shell.console.Nodes;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

/** A command that changes one route of a node. */
abstract class RouteChange extends ChangeCommand {

    /** How a route is written. */
    static final String ROUTE =
            "ROUTE is written as in iproute2: [blackhole|unreachable|prohibit] PREFIX|default [via ADDRESS] [dev IFACE]"
                    + " [metric NUMBER] [src ADDRESS]";

    @Argument(name = "NODE", required = true, description = "A node, LAB/NODE, host, a pid, net:[INODE] or a path")
    @Completion(Nodes.class)
    String node;

    @Argument(
            index = 1,
            name = "ROUTE",
            required = true,
            multiValued = true,
            description = "E.g. default via 192.168.5.254, or 192.168.6.0/24 dev veth99.20")
    List<String> words = List.of();

    @Option(name = "--force", description = "Also in a namespace that Netyard did not make")
    boolean force;

    @Override
    protected final int run() {
        Route route = Route.parse(String.join(" ", words));
        change(FoundNode.own(services(), node, force), route);
        return DONE;
    }

    abstract void change(Netns netns, Route route);
}
