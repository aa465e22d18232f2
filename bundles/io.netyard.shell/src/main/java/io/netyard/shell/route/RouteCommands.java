package io.netyard.shell.route;

import io.netyard.shell.console.ConsoleCommand;
import java.util.List;
import java.util.function.Supplier;

/** The commands of the scope {@code route}. */
public final class RouteCommands {

    private RouteCommands() {}

    public static List<Supplier<? extends ConsoleCommand>> all() {
        return List.of(
                RouteList::new,
                RouteAdd::new,
                RouteDelete::new,
                RouteNeighbours::new,
                RouteNeighbour::new,
                RouteFlush::new,
                RouteSysctl::new);
    }
}
