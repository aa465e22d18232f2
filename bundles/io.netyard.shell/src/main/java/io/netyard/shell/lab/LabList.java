package io.netyard.shell.lab;

import io.netyard.api.NetyardException;
import io.netyard.api.Text;
import io.netyard.api.lab.RunningLab;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.OnOff;
import io.netyard.shell.console.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "lab",
        name = "list",
        description = "List the labs: those that are up, and those that a restart of the machine has ended")
final class LabList extends ConsoleCommand {

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<RunningLab> running = new ArrayList<>();
        for (String name : labs().names()) {
            try {
                running.add(labs().running(name));
            } catch (NetyardException e) {
                // Whoever asks which labs are up has got the answer; that one of them is odd is no failure to list.
                complain(name + ": " + e.getMessage());
            }
        }
        if (json) {
            print(Json.text(running.stream()
                    .map(lab -> Json.object(
                            "name", lab.name(),
                            "stage", lab.stage(),
                            "stages", lab.stages(),
                            "state", state(lab),
                            "autostart", lab.standing().autostart(),
                            "trouble", lab.standing().trouble(),
                            "nodes", lab.nodes().size(),
                            "nodesGone", gone(lab),
                            "nodesRewired", rewired(lab),
                            "file", lab.file()))
                    .toList()));
            return DONE;
        }
        Table table = new Table("LAB", "STAGE", "STATE", "AUTOSTART", "NODES", "GONE", "REWIRED", "FILE");
        running.forEach(lab -> table.row(
                lab.name(),
                lab.stage(),
                state(lab),
                OnOff.text(lab.standing().autostart()),
                lab.nodes().size(),
                gone(lab),
                rewired(lab),
                lab.file()));
        table.print(console());
        running.forEach(lab ->
                lab.standing().trouble().ifPresent(why -> print(Text.printable("%s: %s".formatted(lab.name(), why)))));
        return DONE;
    }

    /** Those that others have made and that have come back: {@code lab:show} says when. */
    private static long rewired(RunningLab lab) {
        return lab.nodes().stream()
                .flatMap(node -> node.attached().stream())
                .filter(how -> how.rewired() && how.trouble().isEmpty())
                .count();
    }

    static String state(RunningLab lab) {
        return lab.standing().state().name().toLowerCase(Locale.ROOT);
    }

    private static long gone(RunningLab lab) {
        return lab.nodes().stream().filter(node -> node.netns().isEmpty()).count();
    }
}
