package io.netyard.lab;

import io.netyard.api.RequestException;
import io.netyard.api.container.Container;
import io.netyard.api.container.Containers;
import io.netyard.bridge.NetlinkBridges;
import io.netyard.firewall.ShippedFirewall;
import io.netyard.lab.plan.Boundary;
import io.netyard.lab.plan.Services;
import io.netyard.link.HostCards;
import io.netyard.link.LiveTapHosts;
import io.netyard.link.NetlinkLinks;
import io.netyard.netns.LinuxForeignNamespaces;
import io.netyard.netns.LinuxNamespaces;
import io.netyard.netns.NamedHolder;
import io.netyard.netns.PinHolder;
import io.netyard.netns.ProcessHolder;
import io.netyard.routing.NetlinkRouting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The services that labs are made with, as a JVM has them that has just been started: it knows what is on disk and in the kernel. */
final class Appliance implements AutoCloseable {

    /** There are none. */
    private static final Containers NO_CONTAINERS = new Containers() {
        @Override
        public Map<String, String> runtimes() {
            return Map.of();
        }

        @Override
        public List<Container> list() {
            return List.of();
        }

        @Override
        public Container find(String meant) {
            throw new RequestException("no container '%s' runs".formatted(meant));
        }

        @Override
        public Wait await(String label) {
            return Optional::empty;
        }
    };

    private final LinuxForeignNamespaces foreign;
    private final LiveTapHosts tapHosts;
    private final ShippedFirewall firewall;
    private final NetyardLabs labs;

    /** @param state where labs are written down */
    Appliance(Path state, Boundary boundary) {
        this(state, boundary, NO_CONTAINERS);
    }

    Appliance(Path state, Boundary boundary, Containers containers) {
        LinuxNamespaces namespaces = new LinuxNamespaces();
        List.of(new ProcessHolder(), new PinHolder(), new NamedHolder()).forEach(namespaces::addHolder);
        NetlinkBridges bridges = new NetlinkBridges(namespaces);
        foreign = new LinuxForeignNamespaces(namespaces, containers);
        tapHosts = new LiveTapHosts(namespaces);
        firewall = new ShippedFirewall(namespaces, bridges);
        labs = new NetyardLabs(
                new Services(
                        namespaces,
                        foreign,
                        new NetlinkLinks(namespaces),
                        bridges,
                        new NetlinkRouting(namespaces),
                        firewall.service(),
                        new HostCards(namespaces),
                        tapHosts),
                state,
                boundary,
                new Events());
    }

    NetyardLabs labs() {
        return labs;
    }

    void apply(Path file, Optional<String> stage) {
        labs.apply(file, stage, progress -> {});
    }

    void destroy(String lab) {
        labs.destroy(lab, progress -> {});
    }

    /** What the end of a JVM ends, and no more: the labs stay. */
    @Override
    public void close() {
        labs.close();
        foreign.close();
        firewall.close();
        tapHosts.list().forEach(behind -> tapHosts.detach(behind.netns(), behind.tap()));
    }
}
