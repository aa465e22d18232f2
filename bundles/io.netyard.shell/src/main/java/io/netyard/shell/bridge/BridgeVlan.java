package io.netyard.shell.bridge;

import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import io.netyard.shell.console.Verb;
import io.netyard.shell.console.VlanRange;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "bridge",
        name = "vlan",
        description = "Show VLAN tables: bridge:vlan [NODE]; or change one: bridge:vlan add|del NODE:DEV VID[-VID]")
final class BridgeVlan extends ChangeCommand {

    @Argument(name = "add|del|NODE", description = "What to do, or whose tables to show; all if left out")
    @Completion(VerbsAndNodes.class)
    String what;

    @Argument(index = 1, name = "NODE:DEV", description = "A port, or a bridge for its own table (self)")
    @Completion(Interfaces.class)
    String device;

    @Argument(index = 2, name = "VID[-VID]", description = "VLAN id 1 to 4094, or a range")
    String vids;

    @Option(name = "--pvid", description = "Untagged frames that come in get this VID")
    boolean pvid;

    @Option(name = "--untagged", description = "Frames of this VID leave without a tag")
    boolean untagged;

    @Option(name = "--force", description = "Also on an interface that Netyard did not make")
    boolean force;

    @Option(name = "--json", description = "Print JSON (when showing)")
    boolean json;

    @Override
    protected int run() {
        if (device == null) {
            if (what != null && (what.equals("add") || what.equals("del"))) {
                throw new IllegalArgumentException("bridge:vlan " + what + " wants NODE:DEV and VID[-VID]");
            }
            if (pvid || untagged || force || isDryRun()) {
                throw new IllegalArgumentException("--pvid, --untagged, --force and --dry-run are for add and del");
            }
            show();
            return DONE;
        }
        if (json) {
            throw new IllegalArgumentException("--json is for showing, not for add and del");
        }
        if (vids == null) {
            throw new IllegalArgumentException("which VLAN? bridge:vlan add|del NODE:DEV VID[-VID]");
        }
        boolean add = Verb.parse(what) == Verb.ADD;
        VlanRange range = VlanRange.parse(vids);
        if (!add && (pvid || untagged)) {
            throw new IllegalArgumentException("--pvid and --untagged are for add; del takes the whole entry away");
        }
        if (pvid && !range.first().equals(range.last())) {
            throw new IllegalArgumentException("only one VID can be the PVID, not the range " + range);
        }
        FoundLink found = FoundLink.find(services(), DevicePlace.parse(device)).requireOwn(force);
        if (add) {
            String flags = new VlanEntry(range.first(), pvid, untagged).flags();
            change("add VLAN %s (%s) to %s".formatted(range, flags, found.label()), () -> bridges()
                    .addVlans(found.ref(), found.link().name(), range.first(), range.last(), pvid, untagged));
        } else {
            change("remove VLAN %s from %s".formatted(range, found.label()), () -> bridges()
                    .removeVlans(found.ref(), found.link().name(), range.first(), range.last()));
        }
        return DONE;
    }

    private record Line(String node, Bridge bridge, String device, VlanEntry entry) {}

    private void show() {
        List<Line> lines = new ArrayList<>();
        for (SeenBridge seen : SeenBridge.look(services(), what, this::complain)) {
            Bridge bridge = seen.bridge();
            for (Bridge.Port port : bridge.ports()) {
                port.vlans()
                        .forEach(entry -> lines.add(
                                new Line(seen.node(), bridge, port.name().value(), entry)));
            }
            bridge.self()
                    .forEach(entry -> lines.add(
                            new Line(seen.node(), bridge, bridge.name().value(), entry)));
        }
        if (json) {
            print(Json.text(lines.stream()
                    .map(line -> Json.object(
                            "node", line.node(),
                            "bridge", line.bridge().name(),
                            "device", line.device(),
                            "vid", line.entry().vid().value(),
                            "pvid", line.entry().pvid(),
                            "untagged", line.entry().untagged()))
                    .toList()));
            return;
        }
        Table table = new Table("NODE", "BRIDGE", "DEVICE", "VID", "FLAGS");
        lines.forEach(line -> table.row(
                line.node(),
                line.bridge().name() + (line.bridge().vlanFiltering() ? "" : " (filtering off)"),
                line.device(),
                line.entry().vid(),
                line.entry().flags()));
        table.print(console());
    }
}
