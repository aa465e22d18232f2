package io.netyard.shell.netns;

import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.Way;
import io.netyard.shell.console.Verbatim;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;

@Command(
        scope = "netns",
        name = "exec",
        description = "Run a program inside namespaces; its exit status becomes the command's",
        detailedDescription =
                "Everything after WHERE belongs to the program, options too. On a terminal the program gets one.\n"
                        + "127: there is no such program; 126: it cannot be executed; 128 + N: signal N has ended it.")
final class NetnsExec extends ProgramCommand {

    @Argument(
            index = 1,
            name = "CMD",
            required = true,
            multiValued = true,
            description = "Program and its arguments; never through a shell")
    @Verbatim
    List<String> command;

    @Override
    NetnsProcess start(Way way, TerminalSize terminal) {
        return namespaces().start(way, command, terminal);
    }
}
