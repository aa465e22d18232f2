package io.netyard.shell.route;

import io.netyard.api.netns.Netns;
import io.netyard.api.routing.Route;
import org.apache.karaf.shell.api.action.Command;

@Command(
        scope = "route",
        name = "delete",
        description = "Remove a route from a namespace, whoever made it",
        detailedDescription = RouteChange.ROUTE)
final class RouteDelete extends RouteChange {

    @Override
    void change(Netns netns, Route route) {
        change("remove route '%s' in %s".formatted(route, netns.label()), () -> routing()
                .removeRoute(netns.ref(), route));
    }
}
