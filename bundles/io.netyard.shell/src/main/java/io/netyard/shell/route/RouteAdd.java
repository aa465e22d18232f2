package io.netyard.shell.route;

import io.netyard.api.netns.Netns;
import io.netyard.api.routing.Route;
import org.apache.karaf.shell.api.action.Command;

@Command(
        scope = "route",
        name = "add",
        description = "Add a route to a namespace",
        detailedDescription = RouteChange.ROUTE)
final class RouteAdd extends RouteChange {

    @Override
    void change(Netns netns, Route route) {
        change("add route '%s' in %s".formatted(route, netns.label()), () -> routing()
                .addRoute(netns.ref(), route));
    }
}
