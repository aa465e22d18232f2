package io.netyard.shell.bridge;

import io.netyard.shell.console.ConsoleCommand;
import java.util.List;
import java.util.function.Supplier;

/** The commands of the scope {@code bridge}. */
public final class BridgeCommands {

    private BridgeCommands() {}

    public static List<Supplier<? extends ConsoleCommand>> all() {
        return List.of(
                BridgeList::new,
                BridgeCreate::new,
                BridgeSet::new,
                BridgePort::new,
                BridgeVlan::new,
                BridgeFdb::new,
                BridgeStp::new);
    }
}
