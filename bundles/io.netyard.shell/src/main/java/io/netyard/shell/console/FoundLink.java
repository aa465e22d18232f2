package io.netyard.shell.console;

import static java.util.stream.Collectors.joining;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.link.Link;
import io.netyard.api.netns.Netns;
import java.util.List;

/** The interface that a {@link DevicePlace} names, as it is now. */
public record FoundLink(Netns netns, Link link) {

    /** @throws RequestException if there is none; says which there are */
    public static FoundLink find(Services services, DevicePlace place) {
        Netns netns = services.namespaces().resolve(place.node());
        List<Link> links = services.links().list(netns.ref());
        return links.stream()
                .filter(link -> link.name().equals(place.device()))
                .findFirst()
                .map(link -> new FoundLink(netns, link))
                .orElseThrow(() -> new RequestException("%s has no interface %s; it has %s"
                        .formatted(
                                netns.label(),
                                place.device(),
                                links.stream().map(link -> link.name().value()).collect(joining(", ")))));
    }

    /** @throws RequestException if Netyard did not make it, and it was not said with {@code --force} that it is meant */
    public FoundLink requireOwn(boolean force) {
        if (link.owner().isEmpty() && !force) {
            throw new RequestException(
                    "%s was not made by Netyard and is left alone; --force changes it all the same".formatted(label()));
        }
        return this;
    }

    public NetnsRef ref() {
        return netns.ref();
    }

    public String label() {
        return netns.label() + ":" + link.name();
    }
}
