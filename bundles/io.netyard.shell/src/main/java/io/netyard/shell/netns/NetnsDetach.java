package io.netyard.shell.netns;

import io.netyard.api.RequestException;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ChangeCommand;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "netns",
        name = "detach",
        description = "Forget the name of an attached namespace; it is left as it is")
final class NetnsDetach extends ChangeCommand {

    @Argument(name = "NAME", required = true, description = "The name given with netns:attach")
    @Completion(AttachedNodes.class)
    String name;

    @Override
    protected int run() {
        Netns netns = namespaces().resolve(name);
        if (netns.origin() != Netns.Origin.ATTACHED) {
            throw new RequestException(netns.label() + " was not attached, there is no name to forget");
        }
        change("forget the name " + netns.label(), () -> namespaces().detach(netns));
        return DONE;
    }
}
