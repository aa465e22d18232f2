package io.netyard.shell.bridge;

import io.netyard.api.InterfaceName;
import io.netyard.api.RequestException;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import io.netyard.shell.console.Verb;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "bridge", name = "port", description = "Plug an interface into a bridge, or pull it out")
final class BridgePort extends ChangeCommand {

    @Argument(name = "add|del", required = true, description = "Which of the two")
    @Completion(
            value = Verb.class,
            values = {"add", "del"})
    String verb;

    @Argument(index = 1, name = "BRIDGE", required = true, description = "NODE:BRIDGE")
    @Completion(Interfaces.class)
    String bridge;

    @Argument(index = 2, name = "PORT", required = true, description = "Interface in the same namespace, e.g. veth13")
    @Completion(NeighbouringInterfaces.class)
    String port;

    @Option(name = "--force", description = "Also with a bridge or an interface that Netyard did not make")
    boolean force;

    @Override
    protected int run() {
        boolean add = Verb.parse(verb) == Verb.ADD;
        DevicePlace place = DevicePlace.parse(bridge);
        InterfaceName name = new InterfaceName(port);
        FoundLink found = FoundLink.find(services(), place).requireOwn(force);
        FoundLink plugged =
                FoundLink.find(services(), new DevicePlace(place.node(), name)).requireOwn(force);
        if (add) {
            change("make %s a port of %s".formatted(plugged.label(), found.label()), () -> bridges()
                    .addPort(found.ref(), place.device(), name));
            return DONE;
        }
        if (!plugged.link().controller().equals(Optional.of(place.device()))) {
            throw new RequestException("%s is not a port of %s".formatted(plugged.label(), found.label()));
        }
        change("take %s out of %s".formatted(plugged.label(), found.label()), () -> bridges()
                .removePort(found.ref(), name));
        return DONE;
    }
}
