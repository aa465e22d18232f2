package io.netyard.shell.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "link", name = "set", description = "Change an interface: up or down, MTU, MAC address")
final class LinkSet extends ChangeCommand {

    @Argument(name = "INTERFACE", required = true, description = "NODE:IFACE")
    @Completion(Interfaces.class)
    String device;

    @Option(name = "--up", description = "Bring it up")
    boolean up;

    @Option(name = "--down", description = "Take it down")
    boolean down;

    @Option(name = "--mtu", valueToShowInHelp = "BYTES", description = "MTU, 68 to 65535")
    Integer mtu;

    @Option(name = "--mac", valueToShowInHelp = "MAC", description = "MAC address, e.g. 02:00:00:00:00:01")
    String mac;

    @Option(name = "--force", description = "Also an interface that Netyard did not make")
    boolean force;

    @Override
    protected int run() {
        if (up && down) {
            throw new IllegalArgumentException("--up and --down exclude each other");
        }
        if (!up && !down && mtu == null && mac == null) {
            throw new IllegalArgumentException("nothing to change: say --up, --down, --mtu or --mac");
        }
        Mtu wantedMtu = mtu == null ? null : new Mtu(mtu);
        MacAddress wantedMac = mac == null ? null : MacAddress.parse(mac);
        if (wantedMac != null && !wantedMac.isUnicast()) {
            throw new IllegalArgumentException(
                    "%s cannot be the MAC address of an interface: it is a group address or zero".formatted(wantedMac));
        }
        FoundLink found = FoundLink.find(services(), DevicePlace.parse(device)).requireOwn(force);
        InterfaceName name = found.link().name();
        if (down) {
            change("take %s down".formatted(found.label()), () -> links().setUp(found.ref(), name, false));
        }
        if (wantedMac != null) {
            change("set MAC of %s to %s".formatted(found.label(), wantedMac), () -> links().setMac(
                            found.ref(), name, wantedMac));
        }
        if (wantedMtu != null) {
            change("set MTU of %s to %s".formatted(found.label(), wantedMtu), () -> links().setMtu(
                            found.ref(), name, wantedMtu));
        }
        if (up) {
            change("bring %s up".formatted(found.label()), () -> links().setUp(found.ref(), name, true));
        }
        return DONE;
    }
}
