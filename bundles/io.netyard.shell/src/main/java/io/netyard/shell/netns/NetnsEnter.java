package io.netyard.shell.netns;

import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.Way;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Command;

@Command(
        scope = "netns",
        name = "enter",
        description = "Open a shell inside namespaces, with their host name in its prompt",
        detailedDescription =
                "Yours (SHELL) if it is there, else bash, sh or busybox. With the mount namespace, what is in there counts.")
final class NetnsEnter extends ProgramCommand {

    @Override
    NetnsProcess start(Way way, TerminalSize terminal) {
        String wanted = console().variable("SHELL");
        if (wanted.isEmpty()) {
            wanted = Optional.ofNullable(System.getenv("SHELL")).orElse("");
        }
        return namespaces().enter(way, wanted, terminal);
    }
}
