package io.netyard.lab;

import io.netyard.api.NetnsRef;
import io.netyard.api.container.Containers;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.lab.LabEvents;
import io.netyard.bridge.NetlinkBridges;
import io.netyard.lab.plan.Boundary;
import io.netyard.lab.plan.Services;
import io.netyard.link.HostCards;
import io.netyard.link.LiveTapHosts;
import io.netyard.link.NetlinkLinks;
import io.netyard.netns.LinuxForeignNamespaces;
import io.netyard.netns.LinuxNamespaces;
import io.netyard.netns.NetlinkNetworkMonitor;
import io.netyard.netns.ProcessHolder;
import io.netyard.routing.NetlinkRouting;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Labs on this kernel, watched as in the appliance; without firewall and containers. */
final class LiveLabs implements AutoCloseable {

    private final LinuxNamespaces namespaces = new LinuxNamespaces();
    private final LinuxForeignNamespaces foreign = new LinuxForeignNamespaces(namespaces, none(Containers.class));
    private final NetyardLabs labs;

    /** @param told gets the sentences of differences that are told, those that are gone after {@code again: } */
    LiveLabs(Path stateDirectory, Consumer<String> told) {
        namespaces.addHolder(new ProcessHolder());
        labs = new NetyardLabs(
                new Services(
                        namespaces,
                        foreign,
                        new NetlinkLinks(namespaces),
                        new NetlinkBridges(namespaces),
                        new NetlinkRouting(namespaces),
                        none(Firewall.class),
                        new HostCards(namespaces),
                        new LiveTapHosts(namespaces)),
                new NetlinkNetworkMonitor(),
                LabStore.in(stateDirectory, namespaces),
                Boundary.NONE,
                new Events() {
                    @Override
                    void post(String topic, String lab, Map<String, ?> properties) {
                        if (topic.equals(LabEvents.DRIFT)) {
                            told.accept((String) properties.get(LabEvents.SENTENCE));
                        } else if (topic.equals(LabEvents.REPAIRED)) {
                            told.accept("again: " + properties.get(LabEvents.SENTENCE));
                        }
                    }
                });
    }

    private static <T> T none(Class<T> service) {
        return service.cast(Proxy.newProxyInstance(
                service.getClassLoader(),
                new Class<?>[] {service},
                (proxy, method, arguments) -> method.getReturnType() == List.class ? List.of() : null));
    }

    NetyardLabs labs() {
        return labs;
    }

    private NetnsRef netns(String lab, String node) {
        return labs.running(lab).nodes().stream()
                .filter(each -> each.name().equals(node))
                .findFirst()
                .flatMap(each -> each.netns())
                .orElseThrow();
    }

    /** What a command prints in a node, standard error included: as somebody does who has nothing to do with Netyard. */
    String run(String lab, String node, String command) throws IOException, InterruptedException {
        return Guest.runOutside(
                Stream.concat(Stream.of("nsenter", "--net=" + netns(lab, node).net()), Stream.of(command.split(" ")))
                        .toArray(String[]::new));
    }

    /** The pid of the process that holds a node. */
    long holder(String lab, String node) {
        return Long.parseLong(netns(lab, node).net().getName(1).toString());
    }

    @Override
    public void close() {
        labs.names().forEach(lab -> labs.destroy(lab, progress -> {}));
        labs.close();
        foreign.close();
    }
}
