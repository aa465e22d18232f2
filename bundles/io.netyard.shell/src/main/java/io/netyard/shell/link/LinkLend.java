package io.netyard.shell.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.link.Links;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.NodesForInterface;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "link",
        name = "lend",
        description =
                "Move an interface of the host, such as a network card, into a namespace; link:give-back puts all back")
final class LinkLend extends ChangeCommand {

    @Argument(name = "IFACE", required = true, description = "The host's interface")
    @Completion(HostInterfaces.class)
    String card;

    @Argument(index = 1, name = "END", required = true, description = "Where to, and its name there, NODE:IFACE")
    @Completion(NodesForInterface.class)
    String end;

    @Option(name = "--force", description = "Also if the host's default route goes through it")
    boolean force;

    @Override
    protected int run() {
        InterfaceName name = new InterfaceName(card);
        DevicePlace place = DevicePlace.parse(end);
        Netns netns = namespaces().resolve(place.node());
        change("lend %s to %s as %s".formatted(name, netns.label(), place.device()), () -> cards().lend(
                        name, netns.ref(), place.device(), Links.HAND_MADE, force));
        return DONE;
    }
}
