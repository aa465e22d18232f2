package io.netyard.shell.route;

import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import io.netyard.shell.console.Verb;
import java.net.InetAddress;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "route",
        name = "neighbour",
        description = "Set the MAC address of a neighbour for good, or forget a neighbour")
final class RouteNeighbour extends ChangeCommand {

    @Argument(name = "add|del", required = true, description = "Which of the two")
    @Completion(
            value = Verb.class,
            values = {"add", "del"})
    String verb;

    @Argument(
            index = 1,
            name = "INTERFACE",
            required = true,
            description = "The interface that leads to it, NODE:IFACE")
    @Completion(Interfaces.class)
    String device;

    @Argument(index = 2, name = "ADDRESS", required = true, description = "Its IPv4 or IPv6 address")
    String address;

    @Argument(index = 3, name = "MAC", description = "With add: its MAC address")
    String mac;

    @Option(name = "--force", description = "Also on an interface that Netyard did not make")
    boolean force;

    @Override
    protected int run() {
        boolean add = Verb.parse(verb) == Verb.ADD;
        if (add == (mac == null)) {
            throw new IllegalArgumentException(
                    add
                            ? "route:neighbour add wants the MAC address, too"
                            : "route:neighbour del takes no MAC address");
        }
        InetAddress neighbour = IpPrefix.parseAddress(address);
        FoundLink found = FoundLink.find(services(), DevicePlace.parse(device)).requireOwn(force);
        if (add) {
            MacAddress known = MacAddress.parse(mac);
            change(
                    "set neighbour %s of %s to %s".formatted(IpPrefix.text(neighbour), found.label(), known),
                    () -> routing().setNeighbour(found.ref(), found.link().name(), neighbour, known));
        } else {
            change("forget neighbour %s of %s".formatted(IpPrefix.text(neighbour), found.label()), () -> routing()
                    .removeNeighbour(found.ref(), found.link().name(), neighbour));
        }
        return DONE;
    }
}
