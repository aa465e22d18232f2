package io.netyard.shell.bridge;

import static java.util.stream.Collectors.joining;

import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.OnOff;
import io.netyard.shell.console.Table;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "bridge",
        name = "list",
        description = "List bridges: of one namespace, or of the host and all named ones")
final class BridgeList extends ConsoleCommand {

    @Argument(name = "NODE", description = "A node, LAB/NODE, host, a pid, net:[INODE] or a path")
    @Completion(Nodes.class)
    String node;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<SeenBridge> seen = SeenBridge.look(services(), node, this::complain);
        if (json) {
            print(Json.text(seen.stream().map(BridgeList::fields).toList()));
            return DONE;
        }
        Table table = new Table("NODE", "BRIDGE", "VLAN-FILTERING", "DEFAULT-PVID", "STP", "PORTS", "OWNER");
        for (SeenBridge each : seen) {
            Bridge bridge = each.bridge();
            table.row(
                    each.node(),
                    bridge.name(),
                    OnOff.text(bridge.vlanFiltering()),
                    bridge.defaultPvid(),
                    OnOff.text(bridge.stp().on()),
                    bridge.ports().stream().map(port -> port.name().value()).collect(joining(" ")),
                    bridge.owner());
        }
        table.print(console());
        return DONE;
    }

    /** Field names that scripts rely on. */
    private static Map<String, Object> fields(SeenBridge seen) {
        Bridge bridge = seen.bridge();
        return Json.object(
                "node", seen.node(),
                "index", bridge.index(),
                "name", bridge.name(),
                "vlanFiltering", bridge.vlanFiltering(),
                "defaultPvid", bridge.defaultPvid(),
                "stp", BridgeStp.fields(bridge.stp()),
                "self", vlans(bridge.self()),
                "ports",
                        bridge.ports().stream()
                                .map(port -> Json.object(
                                        "index",
                                        port.index(),
                                        "name",
                                        port.name(),
                                        "state",
                                        port.state().toString(),
                                        "vlans",
                                        vlans(port.vlans())))
                                .toList(),
                "owner", bridge.owner());
    }

    static List<Map<String, Object>> vlans(List<VlanEntry> entries) {
        return entries.stream()
                .map(entry ->
                        Json.object("vid", entry.vid().value(), "pvid", entry.pvid(), "untagged", entry.untagged()))
                .toList();
    }
}
