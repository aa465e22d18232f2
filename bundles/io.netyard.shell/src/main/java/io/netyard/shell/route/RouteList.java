package io.netyard.shell.route;

import io.netyard.api.IpPrefix;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.RouteEntry;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "route", name = "list", description = "List the routes of a namespace: its main table, IPv4 and IPv6")
final class RouteList extends ConsoleCommand {

    @Argument(name = "NODE", required = true, description = "A node, LAB/NODE, host, a pid, net:[INODE] or a path")
    @Completion(Nodes.class)
    String node;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<RouteEntry> routes = routing().routes(namespaces().resolve(node).ref());
        if (json) {
            print(Json.text(routes.stream().map(RouteList::fields).toList()));
            return DONE;
        }
        Table table = new Table("DESTINATION", "KIND", "VIA", "DEV", "METRIC", "SRC", "ORIGIN");
        for (RouteEntry entry : routes) {
            Route route = entry.route();
            table.row(
                    destination(route),
                    route.kind(),
                    route.gateway().map(IpPrefix::text),
                    route.device(),
                    metric(route),
                    route.source().map(IpPrefix::text),
                    entry.origin());
        }
        table.print(console());
        return DONE;
    }

    private static String destination(Route route) {
        return route.isDefault() && route.destination().isIpv4()
                ? "default"
                : route.destination().toString();
    }

    private static Optional<Long> metric(Route route) {
        OptionalLong metric = route.metric();
        return metric.isPresent() ? Optional.of(metric.getAsLong()) : Optional.empty();
    }

    /** Field names that scripts rely on. */
    private static Map<String, Object> fields(RouteEntry entry) {
        Route route = entry.route();
        return Json.object(
                "route", route.toString(),
                "kind", route.kind().toString(),
                "destination", route.destination(),
                "via", route.gateway().map(IpPrefix::text),
                "dev", route.device(),
                "metric", metric(route),
                "src", route.source().map(IpPrefix::text),
                "origin", entry.origin());
    }
}
