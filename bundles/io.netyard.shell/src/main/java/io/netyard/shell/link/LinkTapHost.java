package io.netyard.shell.link;

import static java.util.stream.Collectors.joining;

import io.netyard.api.IpPrefix;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import io.netyard.shell.console.Verb;
import java.net.InetAddress;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "link",
        name = "tap-host",
        description = "Put a simulated host behind a tap interface, or take it away",
        detailedDescription =
                "The host answers ARP, neighbour discovery and echo requests to its addresses, refuses TCP connections, and"
                        + " remembers who asked. It lasts as long as the appliance runs.")
final class LinkTapHost extends ChangeCommand {

    @Argument(name = "add|del", required = true, description = "Which of the two")
    @Completion(
            value = Verb.class,
            values = {"add", "del"})
    String verb;

    @Argument(index = 1, name = "TAP", required = true, description = "NODE:IFACE")
    @Completion(Interfaces.class)
    String tap;

    @Argument(
            index = 2,
            name = "ADDRESS",
            multiValued = true,
            description = "With add: its IPv4 and IPv6 addresses, at least one")
    List<String> addresses = List.of();

    @Option(name = "--force", description = "Also on an interface that Netyard did not make")
    boolean force;

    @Override
    protected int run() {
        boolean add = Verb.parse(verb) == Verb.ADD;
        if (add == addresses.isEmpty()) {
            throw new IllegalArgumentException(
                    add ? "link:tap-host add wants the host's addresses, too" : "link:tap-host del takes no addresses");
        }
        List<InetAddress> wanted =
                addresses.stream().map(IpPrefix::parseAddress).toList();
        FoundLink found = FoundLink.find(services(), DevicePlace.parse(tap)).requireOwn(force);
        if (add) {
            change(
                    "put host %s behind %s"
                            .formatted(wanted.stream().map(IpPrefix::text).collect(joining(", ")), found.label()),
                    () -> tapHosts().attach(found.ref(), found.link().name(), wanted));
        } else {
            change("take the host behind %s away".formatted(found.label()), () -> tapHosts()
                    .detach(found.ref(), found.link().name()));
        }
        return DONE;
    }
}
