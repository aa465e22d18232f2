package io.netyard.shell.link;

import io.netyard.shell.console.ConsoleCommand;
import java.util.List;
import java.util.function.Supplier;

/** The commands of the scope {@code link}. */
public final class LinkCommands {

    private LinkCommands() {}

    public static List<Supplier<? extends ConsoleCommand>> all() {
        return List.of(
                LinkList::new,
                LinkMap::new,
                LinkFind::new,
                LinkVeth::new,
                LinkVlan::new,
                LinkMacvlan::new,
                LinkTap::new,
                LinkTapHost::new,
                LinkTapHosts::new,
                LinkLend::new,
                LinkGiveBack::new,
                LinkCards::new,
                LinkAddr::new,
                LinkSet::new,
                LinkDelete::new);
    }
}
