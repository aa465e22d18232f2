package io.netyard.shell.lab;

import io.netyard.api.lab.LabTransfer.Written;
import java.io.IOException;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "lab",
        name = "export",
        description = "Print the file of a running lab, or a script that builds it without Netyard",
        detailedDescription =
                "With --script: a bash script with ip, bridge and nft or iptables, for a running lab or a lab file."
                        + " Run as root it builds the network, with the argument down it takes it away. What it does not"
                        + " carry is told on standard error and in its head.")
final class LabExport extends TransferCommand {

    @Argument(
            name = "LAB",
            required = true,
            description = "Name of a running lab; with --script also a lab file, or the name of a lab that comes with"
                    + " Netyard")
    @Completion(ExportableLabs.class)
    String lab;

    @Option(name = "--script", description = "Write a script")
    boolean script;

    @Option(
            name = "--stage",
            valueToShowInHelp = "STAGE",
            description =
                    "With --script: a stage of the lab; if left out, the one it is at, of a file its default_stage,"
                            + " else the last")
    @Completion(StageNames.class)
    String stage;

    @Option(
            name = "--firewall",
            valueToShowInHelp = "nft|iptables",
            description =
                    "With --script: the tool for policies that are not pinned to one; a backend's name will do as well")
    @Completion(ScriptFirewalls.class)
    String firewall;

    @Override
    protected int run() throws IOException {
        if (!script) {
            if (stage != null || firewall != null) {
                throw new IllegalArgumentException(
                        "--stage and --firewall are for --script; a file has all its stages");
            }
            return deliver(labTransfer().file(lab));
        }
        Optional<String> at = Optional.ofNullable(stage);
        Optional<String> tool = Optional.ofNullable(firewall);
        Written written = labs().names().contains(lab)
                ? labTransfer().script(lab, at, tool)
                : labTransfer().script(LabFolders.of(console()).find(lab), at, tool);
        return deliver(written);
    }
}
