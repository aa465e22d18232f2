package io.netyard.shell.console;

import io.netyard.api.container.Container;
import io.netyard.api.netns.Netns;
import java.util.List;
import java.util.stream.Stream;

/** Completes what programs can be started in: the host, nodes, containers. */
public final class Places implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return Stream.of(
                        Stream.of("host"),
                        services.namespaces().known().stream().map(Netns::label),
                        services.containersIfThere().stream()
                                .flatMap(containers -> containers.list().stream())
                                .map(Container::label))
                .flatMap(places -> places)
                .toList();
    }
}
