package io.netyard.shell.netns;

import io.netyard.api.Text;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.shell.console.ChangeCommand;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;

@Command(
        scope = "netns",
        name = "attach",
        description = "Give the namespace of a process a name (a container's, a shell's); it is left exactly as it is")
final class NetnsAttach extends ChangeCommand {

    @Argument(name = "NAME", required = true, description = "The name that it is to have here")
    String name;

    @Argument(index = 1, name = "PID", required = true, description = "A process in it")
    String pid;

    @Override
    protected int run() {
        NetnsSpec.requireName("node", name);
        long process = pid(pid);
        change("call the namespace of pid " + process + " " + name, () -> namespaces()
                .attach(name, process));
        return DONE;
    }

    static long pid(String word) {
        try {
            long pid = Long.parseLong(word);
            if (pid > 0) {
                return pid;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("'%s' is not a pid".formatted(Text.printable(word)));
    }
}
