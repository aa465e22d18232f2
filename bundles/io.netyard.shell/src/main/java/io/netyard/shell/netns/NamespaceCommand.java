package io.netyard.shell.netns;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Places;
import io.netyard.shell.inventory.NamespaceTypes;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

/** A command about one namespace, of any type. */
abstract class NamespaceCommand extends ConsoleCommand {

    @Argument(
            name = "ID",
            required = true,
            description = "A node, LAB/NODE, host, a container, a host name, a pid, an inode, TYPE:[INODE] or a path")
    @Completion(Places.class)
    String meant;

    @Option(
            name = "--type",
            aliases = "-t",
            valueToShowInHelp = "TYPE",
            description = "Which namespace of a node or process; net if left out")
    @Completion(TypeWords.class)
    String type;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    final NamespaceId namespace() {
        return inventory().find(meant, Optional.ofNullable(type).map(NamespaceTypes::parseOne));
    }
}
