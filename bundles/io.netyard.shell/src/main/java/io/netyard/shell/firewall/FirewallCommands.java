package io.netyard.shell.firewall;

import io.netyard.shell.console.ConsoleCommand;
import java.util.List;
import java.util.function.Supplier;

/** The commands of the scopes {@code fw} and {@code nat}. */
public final class FirewallCommands {

    private FirewallCommands() {}

    public static List<Supplier<? extends ConsoleCommand>> all() {
        return List.of(
                FwBackends::new,
                FwList::new,
                FwShow::new,
                FwPolicy::new,
                FwClear::new,
                FwUse::new,
                FwStats::new,
                NatList::new,
                NatMasquerade::new,
                NatDnat::new,
                NatDelete::new);
    }
}
