package io.netyard.shell.link;

import io.netyard.api.Text;
import io.netyard.api.wiring.Cable.End;
import io.netyard.api.wiring.WiringMap;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "link",
        name = "find",
        description = "Say where an interface leads: its other end or parent, with bridge and VLANs")
final class LinkFind extends ConsoleCommand {

    @Argument(
            name = "IFACE[@NODE]",
            required = true,
            description =
                    "An interface, by name or ifindex, and the node, container, pid, net:[INODE] or path that it is in; without that, of the host")
    @Completion(MappedInterfaces.class)
    String wanted;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        WiringMap map = wiring().look();
        End end = new ChosenPlaces(map, namespaces()).device(wanted);
        WiringText text = new WiringText(map);
        if (!json) {
            print(Text.printable(text.sentence(end)));
            return DONE;
        }
        WiringJson fields = new WiringJson(map);
        print(Json.text(Json.object(
                "interface",
                fields.end(end),
                "other",
                map.other(end.device())
                        .map(fields::end)
                        .or(() -> end.device().far().map(fields::beyond)),
                "standingOnIt",
                text.standingOn(end).stream()
                        .map(cable -> fields.end(cable.a()))
                        .toList())));
        return DONE;
    }
}
