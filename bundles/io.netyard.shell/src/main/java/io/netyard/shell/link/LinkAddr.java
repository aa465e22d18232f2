package io.netyard.shell.link;

import io.netyard.api.IpPrefix;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import io.netyard.shell.console.Verb;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "link", name = "addr", description = "Add an address to an interface, or remove it")
final class LinkAddr extends ChangeCommand {

    @Argument(name = "add|del", required = true, description = "Which of the two")
    @Completion(
            value = Verb.class,
            values = {"add", "del"})
    String verb;

    @Argument(index = 1, name = "INTERFACE", required = true, description = "NODE:IFACE")
    @Completion(Interfaces.class)
    String device;

    @Argument(
            index = 2,
            name = "PREFIX",
            required = true,
            description = "Address and length, e.g. 192.168.5.1/24 or fd00::1/64")
    String prefix;

    @Option(name = "--force", description = "Also on an interface that Netyard did not make")
    boolean force;

    @Override
    protected int run() {
        boolean add = Verb.parse(verb) == Verb.ADD;
        IpPrefix address = IpPrefix.parse(prefix);
        FoundLink found = FoundLink.find(services(), DevicePlace.parse(device)).requireOwn(force);
        if (add) {
            change("add address %s to %s".formatted(address, found.label()), () -> links().addAddress(
                            found.ref(), found.link().name(), address));
        } else {
            change("remove address %s from %s".formatted(address, found.label()), () -> links().removeAddress(
                            found.ref(), found.link().name(), address));
        }
        return DONE;
    }
}
