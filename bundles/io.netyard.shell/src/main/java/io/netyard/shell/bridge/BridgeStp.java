package io.netyard.shell.bridge;

import io.netyard.api.bridge.Bridge;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.OnOff;
import io.netyard.shell.console.Table;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "bridge",
        name = "stp",
        description = "Show the spanning tree as a bridge sees it, with the states of its ports; or switch and tune it",
        detailedDescription = "The tree knows no VLANs: a port that it blocks is blocked for all of them.")
final class BridgeStp extends ChangeCommand {

    @Argument(name = "BRIDGE", required = true, description = "NODE:BRIDGE")
    @Completion(Interfaces.class)
    String bridge;

    @Argument(index = 1, name = "on|off", description = "Switch it; shows it if nothing is to be changed")
    @Completion(
            value = OnOff.class,
            values = {"on", "off"})
    String onOff;

    @Option(
            name = "--forward-delay",
            valueToShowInHelp = "SECONDS",
            description = "How long a port listens, and then learns, before it forwards: 2 to 30")
    Integer forwardDelay;

    @Option(
            name = "--priority",
            valueToShowInHelp = "NUMBER",
            description = "0 to 65535; the bridge with the smallest becomes the root")
    Integer priority;

    @Option(name = "--force", description = "Also change a bridge that Netyard did not make")
    boolean force;

    @Option(name = "--json", description = "Print JSON (when showing)")
    boolean json;

    @Override
    protected int run() {
        Boolean on = onOff == null ? null : OnOff.parse(onOff);
        boolean change = on != null || forwardDelay != null || priority != null;
        if (change && json) {
            throw new IllegalArgumentException("--json is for showing, not for changing");
        }
        if (!change && (isDryRun() || force)) {
            throw new IllegalArgumentException("--dry-run and --force are for changing");
        }
        FoundLink found = FoundLink.find(services(), DevicePlace.parse(bridge));
        if (!change) {
            show(found);
            return DONE;
        }
        found.requireOwn(force);
        if (priority != null) {
            change("set the priority of %s to %d".formatted(found.label(), priority), () -> bridges()
                    .setPriority(found.ref(), found.link().name(), priority));
        }
        // Before it is switched on, so that no port starts to wait for the old one.
        if (forwardDelay != null) {
            change("set the forward delay of %s to %d s".formatted(found.label(), forwardDelay), () -> bridges()
                    .setForwardDelay(found.ref(), found.link().name(), Duration.ofSeconds(forwardDelay)));
        }
        if (on != null) {
            change("turn STP of %s %s".formatted(found.label(), OnOff.text(on)), () -> bridges()
                    .setStp(found.ref(), found.link().name(), on));
        }
        return DONE;
    }

    private void show(FoundLink found) {
        Bridge shown = bridges().list(found.ref()).stream()
                .filter(each -> each.index() == found.link().index())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(found.label() + " is not a bridge"));
        Bridge.Stp stp = shown.stp();
        if (json) {
            print(Json.text(Json.object(
                    "node", found.netns().label(),
                    "bridge", shown.name(),
                    "stp", fields(stp),
                    "ports", shown.ports().stream().map(BridgeStp::fields).toList())));
            return;
        }
        print("STP %s, priority %d, forward delay %s s, id %s, root %s"
                .formatted(
                        OnOff.text(stp.on()),
                        stp.priority(),
                        seconds(stp.forwardDelay()),
                        stp.id(),
                        stp.isRoot() ? "itself" : "%s at path cost %d".formatted(stp.rootId(), stp.rootPathCost())));
        Table table = new Table("PORT", "STATE", "PATH-COST", "PRIORITY");
        shown.ports().forEach(port -> table.row(port.name(), port.state(), port.pathCost(), port.priority()));
        table.print(console());
    }

    /** Field names that scripts rely on. */
    static Map<String, Object> fields(Bridge.Stp stp) {
        return Json.object(
                "on", stp.on(),
                "priority", stp.priority(),
                "forwardDelayMillis", stp.forwardDelay().toMillis(),
                "id", stp.id(),
                "rootId", stp.rootId(),
                "rootPathCost", stp.rootPathCost());
    }

    private static Map<String, Object> fields(Bridge.Port port) {
        return Json.object(
                "name", port.name(),
                "state", port.state().toString(),
                "pathCost", port.pathCost(),
                "priority", port.priority());
    }

    private static String seconds(Duration delay) {
        return BigDecimal.valueOf(delay.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
