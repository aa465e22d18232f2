package io.netyard.shell.link;

import io.netyard.api.Mtu;
import io.netyard.api.link.LinkEnd;
import io.netyard.api.link.Links;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.NodesForInterface;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "link",
        name = "veth",
        description = "Make a veth pair, a cable with an interface at each end; both ends down")
final class LinkVeth extends ChangeCommand {

    @Argument(name = "END", required = true, description = "One end, NODE:IFACE, e.g. netns1:veth11")
    @Completion(NodesForInterface.class)
    String one;

    @Argument(index = 1, name = "OTHER-END", required = true, description = "The other end, NODE:IFACE")
    @Completion(NodesForInterface.class)
    String other;

    @Option(
            name = "--mtu",
            valueToShowInHelp = "BYTES",
            description = "MTU of both ends, 68 to 65535; 1500 if left out")
    Integer mtu;

    @Override
    protected int run() {
        DevicePlace a = DevicePlace.parse(one);
        DevicePlace b = DevicePlace.parse(other);
        Optional<Mtu> wanted = Optional.ofNullable(mtu).map(Mtu::new);
        LinkEnd endA = end(a);
        LinkEnd endB = end(b);
        if (endA.equals(endB)) {
            throw new IllegalArgumentException("the two ends of a veth pair are two interfaces, not twice " + a);
        }
        change("make veth pair %s - %s".formatted(a, b), () -> links().createVeth(endA, endB, wanted, Links.HAND_MADE));
        return DONE;
    }

    private LinkEnd end(DevicePlace place) {
        return new LinkEnd(namespaces().resolve(place.node()).ref(), place.device(), Optional.empty());
    }
}
