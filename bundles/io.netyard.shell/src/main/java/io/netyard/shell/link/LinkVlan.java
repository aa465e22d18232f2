package io.netyard.shell.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.VlanId;
import io.netyard.api.link.Links;
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
        name = "vlan",
        description = "Make an 802.1Q subinterface, down: takes the frames with that tag, and tags what it sends")
final class LinkVlan extends ChangeCommand {

    @Argument(name = "PARENT", required = true, description = "The interface below, NODE:IFACE")
    @Completion(Interfaces.class)
    String parent;

    @Argument(index = 1, name = "VID", required = true, description = "VLAN id, 1 to 4094")
    Integer vid;

    @Option(name = "--name", valueToShowInHelp = "IFACE", description = "Its name; PARENT.VID if left out")
    String name;

    @Override
    protected int run() {
        FoundLink below = FoundLink.find(services(), DevicePlace.parse(parent));
        VlanId vlan = new VlanId(vid);
        InterfaceName made = new InterfaceName(name == null ? below.link().name() + "." + vlan : name);
        change(
                "make subinterface %s:%s, VLAN %s of %s"
                        .formatted(
                                below.netns().label(), made, vlan, below.link().name()),
                () -> links().createVlan(below.ref(), below.link().name(), made, vlan, Links.HAND_MADE));
        return DONE;
    }
}
