package io.netyard.shell.bridge;

import io.netyard.api.InterfaceName;
import io.netyard.api.link.Links;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.OnOff;
import java.util.OptionalInt;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "bridge", name = "create", description = "Make a bridge without ports, STP off; down unless --up")
final class BridgeCreate extends ChangeCommand {

    @Argument(name = "NODE", required = true, description = "A node, LAB/NODE, host, a pid, net:[INODE] or a path")
    @Completion(Nodes.class)
    String node;

    @Argument(index = 1, name = "NAME", required = true, description = "Name of the bridge, e.g. brx")
    String name;

    @Option(name = "--vlan-filtering", description = "Make its VLAN tables count")
    boolean vlanFiltering;

    @Option(
            name = "--default-pvid",
            valueToShowInHelp = "VID",
            description = "VID that new ports get as PVID, untagged; 0 for none; the kernel's default is 1")
    Integer defaultPvid;

    @Option(name = "--up", description = "Bring it up")
    boolean up;

    @Override
    protected int run() {
        InterfaceName bridge = new InterfaceName(name);
        OptionalInt pvid = defaultPvid == null ? OptionalInt.empty() : OptionalInt.of(requirePvid(defaultPvid));
        Netns netns = namespaces().resolve(node);
        String label = netns.label() + ":" + bridge;
        change("make bridge %s, VLAN filtering %s".formatted(label, OnOff.text(vlanFiltering)), () -> bridges()
                .create(netns.ref(), bridge, vlanFiltering, pvid, Links.HAND_MADE));
        if (up) {
            change("bring %s up".formatted(label), () -> links().setUp(netns.ref(), bridge, true));
        }
        return DONE;
    }

    static int requirePvid(int pvid) {
        if (pvid < 0 || pvid > 4094) {
            throw new IllegalArgumentException("a default PVID is 1 to 4094, or 0 for none, not " + pvid);
        }
        return pvid;
    }
}
