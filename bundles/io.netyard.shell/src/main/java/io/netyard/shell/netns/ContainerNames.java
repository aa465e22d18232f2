package io.netyard.shell.netns;

import io.netyard.api.container.Container;
import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes the running containers. */
final class ContainerNames implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return services.containers().list().stream().map(Container::label).toList();
    }
}
