package io.netyard.shell.link;

import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "link",
        name = "delete",
        description = "Delete an interface (a bridge too); with a veth its other end goes as well")
final class LinkDelete extends ChangeCommand {

    @Argument(name = "INTERFACE", required = true, description = "NODE:IFACE")
    @Completion(Interfaces.class)
    String device;

    @Option(name = "--force", description = "Also an interface that Netyard did not make")
    boolean force;

    @Override
    protected int run() {
        FoundLink found = FoundLink.find(services(), DevicePlace.parse(device)).requireOwn(force);
        change("delete " + found.label(), () -> links().delete(
                        found.ref(), found.link().name()));
        return DONE;
    }
}
