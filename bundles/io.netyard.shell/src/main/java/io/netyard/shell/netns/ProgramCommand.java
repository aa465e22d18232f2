package io.netyard.shell.netns;

import io.netyard.api.ProgramException;
import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.Way;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Places;
import io.netyard.shell.inventory.NamespaceTypes;
import java.io.IOException;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.jline.terminal.Terminal;

/** Runs a program inside, in the command's place: its status, streams and signals are the command's. */
abstract class ProgramCommand extends ConsoleCommand {

    @Option(
            name = "-t",
            aliases = "--types",
            valueToShowInHelp = "TYPES",
            description = "Which namespaces to enter, e.g. net,uts,mnt,pid, or all; by default net,uts")
    @Completion(TypeLists.class)
    String types = "net,uts";

    @Argument(
            name = "WHERE",
            required = true,
            description =
                    "host, a node, LAB/NODE, a pid, an inode (net:[N] or as lsns prints it), a container (lxc:web1 or web1), a host name, or a path")
    @Completion(Places.class)
    String where;

    @Override
    protected final int run() throws IOException, InterruptedException {
        try {
            Way way = namespaces().way(where, NamespaceTypes.parse(types));
            if (console().keyboard()
                    && console().terminal()
                    && console().session().getTerminal() instanceof Terminal terminal) {
                try (NetnsProcess process = start(way, TerminalProgram.size(terminal))) {
                    return new TerminalProgram(process, terminal).await();
                }
            }
            try (NetnsProcess process = start(way, remoteTerminal().orElse(null))) {
                return new PipedProgram(process, console()).await();
            }
        } catch (ProgramException e) {
            complain(e.getMessage());
            return e.status();
        }
    }

    /** @param terminal or null */
    abstract NetnsProcess start(Way way, TerminalSize terminal);

    /**
     * The caller's terminal with {@code ssh -t … netns:exec}: Karaf gives such a command no terminal, but sshd's variables say
     * that there is one at the other end, in raw mode.
     */
    private Optional<TerminalSize> remoteTerminal() {
        if (console().session().getTerminal() != null
                || console().variable("TERM").isEmpty()) {
            return Optional.empty();
        }
        try {
            int columns = Integer.parseInt(console().variable("COLUMNS"));
            int rows = Integer.parseInt(console().variable("LINES"));
            return columns > 0 && rows > 0 ? Optional.of(new TerminalSize(columns, rows)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
