package io.netyard.shell.link;

import io.netyard.api.Text;
import io.netyard.api.link.LinkEnd;
import io.netyard.api.link.Links;
import io.netyard.api.link.MacvlanMode;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import io.netyard.shell.console.NodesForInterface;
import java.util.Arrays;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "link",
        name = "macvlan",
        description =
                "Make a macvlan interface, down: a second MAC address on an interface that may be in another namespace")
final class LinkMacvlan extends ChangeCommand {

    @Argument(name = "PARENT", required = true, description = "The interface below, NODE:IFACE")
    @Completion(Interfaces.class)
    String parent;

    @Argument(index = 1, name = "END", required = true, description = "The new interface, NODE:IFACE")
    @Completion(NodesForInterface.class)
    String end;

    @Option(
            name = "--mode",
            valueToShowInHelp = "bridge|private|vepa|passthru",
            description = "Which macvlans of the same parent hear each other; bridge (all) if left out")
    @Completion(
            value = NodesForInterface.class,
            values = {"bridge", "private", "vepa", "passthru"})
    String mode = "bridge";

    @Override
    protected int run() {
        MacvlanMode wanted = Arrays.stream(MacvlanMode.values())
                .filter(each -> each.toString().equals(mode))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--mode is bridge, private, vepa or passthru, not '%s'".formatted(Text.printable(mode))));
        FoundLink below = FoundLink.find(services(), DevicePlace.parse(parent));
        DevicePlace place = DevicePlace.parse(end);
        LinkEnd made = new LinkEnd(namespaces().resolve(place.node()).ref(), place.device(), Optional.empty());
        change("make macvlan %s of %s, mode %s".formatted(place, below.label(), wanted), () -> links().createMacvlan(
                        below.ref(), below.link().name(), made, wanted, Links.HAND_MADE));
        return DONE;
    }
}
