package io.netyard.shell.link;

import io.netyard.api.NetnsRef;
import io.netyard.api.link.Links;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.NodesForInterface;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "link",
        name = "tap",
        description =
                "Make a tap interface, down: what is sent by it a program reads; link:tap-host puts a host behind it")
final class LinkTap extends ChangeCommand {

    @Argument(name = "TAP", required = true, description = "The new interface, NODE:IFACE")
    @Completion(NodesForInterface.class)
    String tap;

    @Override
    protected int run() {
        DevicePlace place = DevicePlace.parse(tap);
        NetnsRef netns = namespaces().resolve(place.node()).ref();
        change("make tap " + place, () -> links().createTap(netns, place.device(), Optional.empty(), Links.HAND_MADE));
        return DONE;
    }
}
