package io.netyard.shell.netns;

import io.netyard.shell.console.ConsoleCommand;
import java.util.List;
import java.util.function.Supplier;

/** The commands of the scope {@code netns}. */
public final class NetnsCommands {

    private NetnsCommands() {}

    public static List<Supplier<? extends ConsoleCommand>> all() {
        return List.of(
                NetnsList::new,
                NetnsShow::new,
                NetnsCompare::new,
                NetnsProcesses::new,
                NetnsContainers::new,
                NetnsCreate::new,
                NetnsEnter::new,
                NetnsExec::new,
                NetnsDestroy::new,
                NetnsAttach::new,
                NetnsDetach::new,
                NetnsHolders::new);
    }
}
