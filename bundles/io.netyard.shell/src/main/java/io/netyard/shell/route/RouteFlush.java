package io.netyard.shell.route;

import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.FoundNode;
import io.netyard.shell.console.Nodes;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "route",
        name = "flush",
        description = "Make a namespace forget the neighbours that it has learned; those set by hand stay")
final class RouteFlush extends ChangeCommand {

    @Argument(name = "NODE", required = true, description = "A node, LAB/NODE, host, a pid, net:[INODE] or a path")
    @Completion(Nodes.class)
    String node;

    @Option(name = "--force", description = "Also in a namespace that Netyard did not make")
    boolean force;

    @Override
    protected int run() {
        Netns netns = FoundNode.own(services(), node, force);
        change(
                "forget the learned neighbours of " + netns.label(),
                () -> print("forgot %d".formatted(routing().flushNeighbours(netns.ref()))));
        return DONE;
    }
}
