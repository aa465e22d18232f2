package io.netyard.shell.bridge;

import io.netyard.api.bridge.FdbEntry;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "bridge",
        name = "fdb",
        description = "Show where a bridge sends which MAC address, or make it forget what it learned")
final class BridgeFdb extends ChangeCommand {

    @Argument(name = "BRIDGE", required = true, description = "NODE:BRIDGE")
    @Completion(Interfaces.class)
    String bridge;

    @Option(name = "--flush", description = "Forget every learned entry")
    boolean flush;

    @Option(name = "--force", description = "Also flush a bridge that Netyard did not make")
    boolean force;

    @Option(name = "--json", description = "Print JSON (when showing)")
    boolean json;

    @Override
    protected int run() {
        if (flush && json) {
            throw new IllegalArgumentException("--json is for showing, not for --flush");
        }
        if (!flush && (isDryRun() || force)) {
            throw new IllegalArgumentException("--dry-run and --force are for --flush");
        }
        FoundLink found = FoundLink.find(services(), DevicePlace.parse(bridge));
        if (flush) {
            found.requireOwn(force);
            change("forget what %s learned".formatted(found.label()), () -> bridges()
                    .flushFdb(found.ref(), found.link().name()));
            return DONE;
        }
        List<FdbEntry> entries = bridges().fdb(found.ref(), found.link().name());
        if (json) {
            print(Json.text(entries.stream()
                    .map(entry -> Json.object(
                            "mac", entry.mac(),
                            "port", entry.port(),
                            "vlan", entry.vlan().map(vlan -> vlan.value()),
                            "learned", entry.learned()))
                    .toList()));
            return DONE;
        }
        Table table = new Table("MAC", "PORT", "VLAN", "ORIGIN");
        entries.forEach(
                entry -> table.row(entry.mac(), entry.port(), entry.vlan(), entry.learned() ? "learned" : "permanent"));
        table.print(console());
        return DONE;
    }
}
