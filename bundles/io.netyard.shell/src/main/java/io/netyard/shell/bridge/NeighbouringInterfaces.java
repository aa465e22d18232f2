package io.netyard.shell.bridge;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes the interfaces in the namespace of the {@code NODE:BRIDGE} that stands before. */
final class NeighbouringInterfaces implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        DevicePlace bridge = DevicePlace.parse(before.get(before.size() - 1));
        return services
                .links()
                .list(services.namespaces().resolve(bridge.node()).ref())
                .stream()
                .map(link -> link.name().value())
                .filter(name ->
                        !name.equals("lo") && !name.equals(bridge.device().value()))
                .toList();
    }
}
