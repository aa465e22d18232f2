package io.netyard.shell.netns;

import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.shell.console.ChangeCommand;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "netns", name = "create", description = "Make a network namespace with its own host name, lo up")
final class NetnsCreate extends ChangeCommand {

    @Argument(name = "NAME", required = true, description = "Name of the node, also its host name")
    String name;

    @Option(name = "--lab", valueToShowInHelp = "LAB", description = "Lab that it belongs to; none if left out")
    String lab;

    @Option(
            name = "--holder",
            valueToShowInHelp = "HOLDER",
            description = "What keeps it alive, see netns:holders; a process if left out")
    @Completion(HolderNames.class)
    String holder = NetnsSpec.DEFAULT_HOLDER;

    @Override
    protected int run() {
        NetnsSpec spec = new NetnsSpec(name, Optional.ofNullable(lab), holder);
        change("make namespace %s, held by %s".formatted(lab == null ? name : lab + "/" + name, holder), () -> {
            Netns made = namespaces().create(spec);
            print("%s is %s%s"
                    .formatted(
                            made.label(),
                            made.ref(),
                            made.pid().isPresent()
                                    ? ", held by pid " + made.pid().getAsLong()
                                    : ""));
        });
        return DONE;
    }
}
