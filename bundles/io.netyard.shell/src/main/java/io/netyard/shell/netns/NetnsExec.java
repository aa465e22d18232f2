package io.netyard.shell.netns;

import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.Verbatim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.jline.terminal.Terminal;

@Command(
        scope = "netns",
        name = "exec",
        description = "Run a program inside a namespace; its exit status becomes the command's",
        detailedDescription =
                "Everything after NODE belongs to the program, options too. On a terminal the program gets one.")
final class NetnsExec extends ConsoleCommand {

    @Argument(name = "NODE", required = true, description = "A node, LAB/NODE, host, a pid, net:[INODE] or a path")
    @Completion(Nodes.class)
    String node;

    @Argument(
            index = 1,
            name = "CMD",
            multiValued = true,
            description = "Program and its arguments; a shell if left out")
    @Verbatim
    List<String> command = List.of();

    @Override
    protected int run() throws IOException, InterruptedException {
        Netns netns = namespaces().resolve(node);
        List<String> program = command.isEmpty() ? List.of(shell()) : command;
        if (console().keyboard()
                && console().terminal()
                && console().session().getTerminal() instanceof Terminal terminal) {
            TerminalSize size = TerminalProgram.size(terminal);
            try (NetnsProcess process = namespaces().start(netns.ref(), program, size)) {
                return new TerminalProgram(process, terminal).await();
            }
        }
        Optional<TerminalSize> size = remoteTerminal();
        try (NetnsProcess process = namespaces().start(netns.ref(), program, size.orElse(null))) {
            return new PipedProgram(process, console()).await();
        }
    }

    private String shell() {
        String wanted = console().variable("SHELL");
        if (wanted.isEmpty()) {
            wanted = Optional.ofNullable(System.getenv("SHELL")).orElse("");
        }
        if (!wanted.isEmpty() && Files.isExecutable(Path.of(wanted))) {
            return wanted;
        }
        return Files.isExecutable(Path.of("/bin/bash")) ? "/bin/bash" : "/bin/sh";
    }

    /**
     * The caller's terminal with {@code ssh -t … netns:exec}: Karaf gives such a command no terminal, but sshd's variables say
     * that there is one at the other end, in raw mode. Its later changes of size do not get here.
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
