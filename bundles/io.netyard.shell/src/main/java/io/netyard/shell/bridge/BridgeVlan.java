package io.netyard.shell.bridge;

import io.netyard.api.InterfaceName;
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
import io.netyard.shell.console.VlanRun;
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

    private record DeviceTable(String node, Bridge bridge, InterfaceName device, List<VlanEntry> entries) {}

    private void show() {
        List<DeviceTable> tables = new ArrayList<>();
        for (SeenBridge seen : SeenBridge.look(services(), what, this::complain)) {
            Bridge bridge = seen.bridge();
            bridge.ports().forEach(port -> tables.add(new DeviceTable(seen.node(), bridge, port.name(), port.vlans())));
            tables.add(new DeviceTable(seen.node(), bridge, bridge.name(), bridge.self()));
        }
        if (json) {
            print(Json.text(tables.stream()
                    .flatMap(table -> table.entries().stream()
                            .map(entry -> Json.object(
                                    "node", table.node(),
                                    "bridge", table.bridge().name(),
                                    "device", table.device(),
                                    "vid", entry.vid().value(),
                                    "pvid", entry.pvid(),
                                    "untagged", entry.untagged())))
                    .toList()));
            return;
        }
        Table shown = new Table("NODE", "BRIDGE", "DEVICE", "VID", "FLAGS");
        tables.forEach(table -> VlanRun.of(table.entries())
                .forEach(run -> shown.row(
                        table.node(),
                        table.bridge().name() + (table.bridge().vlanFiltering() ? "" : " (filtering off)"),
                        table.device(),
                        run.vids(),
                        run.flags())));
        shown.print(console());
    }
}
