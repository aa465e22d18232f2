package io.netyard.shell.bridge;

import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import io.netyard.shell.console.OnOff;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "bridge", name = "set", description = "Change a bridge")
final class BridgeSet extends ChangeCommand {

    @Argument(name = "BRIDGE", required = true, description = "NODE:BRIDGE")
    @Completion(Interfaces.class)
    String bridge;

    @Option(
            name = "--vlan-filtering",
            valueToShowInHelp = "on|off",
            description = "Whether its VLAN tables count; off makes it one segment")
    @Completion(
            value = OnOff.class,
            values = {"on", "off"})
    String vlanFiltering;

    @Option(
            name = "--default-pvid",
            valueToShowInHelp = "VID",
            description =
                    "VID that new ports get as PVID, untagged; 0 for none. Ports that still have the old one change too")
    Integer defaultPvid;

    @Option(name = "--force", description = "Also a bridge that Netyard did not make")
    boolean force;

    @Override
    protected int run() {
        if (vlanFiltering == null && defaultPvid == null) {
            throw new IllegalArgumentException("nothing to change: say --vlan-filtering or --default-pvid");
        }
        Boolean on = vlanFiltering == null ? null : OnOff.parse(vlanFiltering);
        Integer pvid = defaultPvid == null ? null : BridgeCreate.requirePvid(defaultPvid);
        FoundLink found = FoundLink.find(services(), DevicePlace.parse(bridge)).requireOwn(force);
        if (pvid != null) {
            change("set default PVID of %s to %d".formatted(found.label(), pvid), () -> bridges()
                    .setDefaultPvid(found.ref(), found.link().name(), pvid));
        }
        if (on != null) {
            change("turn VLAN filtering of %s %s".formatted(found.label(), OnOff.text(on)), () -> bridges()
                    .setVlanFiltering(found.ref(), found.link().name(), on));
        }
        return DONE;
    }
}
