package io.netyard.shell.lab;

import io.netyard.shell.console.Places;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "lab",
        name = "import",
        description = "Write a lab file for what is in some namespaces, whoever has made it; changes nothing",
        detailedDescription =
                "Interfaces, cables between the namespaces, bridges with their VLANs, addresses, routes, neighbours"
                        + " and kernel parameters that differ from those of a new namespace. What is not carried is told"
                        + " on standard error and in the file.")
final class LabImport extends TransferCommand {

    @Argument(name = "NAME", required = true, description = "Name of the lab that is written")
    String lab;

    @Argument(
            index = 1,
            name = "[NODE=]NAMESPACE",
            multiValued = true,
            description =
                    "What becomes a node: a node, LAB/NODE, host, a container, a host name, a pid, an inode or a path,"
                            + " and what the node is to be called; none means all that ip netns has named")
    @Completion(Places.class)
    List<String> namespaces = List.of();

    @Option(
            name = "--like",
            valueToShowInHelp = "FILE",
            description =
                    "A lab file whose policies and MAC addresses are taken over where the kernel has the same ones")
    @Completion(LabFiles.class)
    String like;

    @Override
    protected int run() throws IOException {
        return deliver(labTransfer()
                .importFrom(lab, namespaces, Optional.ofNullable(like).map(LabFolders.of(console())::find)));
    }
}
