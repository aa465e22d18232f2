package io.netyard.shell.firewall;

import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Rule;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.Table;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "nat", name = "list", description = "List the rules that rewrite addresses")
final class NatList extends ConsoleCommand {

    @Argument(name = "NODE", description = "Only this one's")
    @Completion(Nodes.class)
    String node;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    private record Line(SeenPolicy seen, int number, Rule rule) {}

    @Override
    protected int run() {
        List<Line> lines = SeenPolicy.look(services(), node).stream()
                .filter(seen -> seen.enforcement().policy().layer() == Layer.NAT)
                .flatMap(seen -> IntStream.range(
                                0, seen.enforcement().policy().rules().size())
                        .mapToObj(i -> new Line(
                                seen, i + 1, seen.enforcement().policy().rules().get(i))))
                .toList();
        if (json) {
            print(Json.text(lines.stream()
                    .map(line -> Json.object(
                            "node", line.seen().node(),
                            "policy", line.seen().name(),
                            "number", line.number(),
                            "rule", line.rule(),
                            "backend", line.seen().enforcement().backend(),
                            "state", FwList.state(line.seen().enforcement())))
                    .toList()));
            return DONE;
        }
        Table table = new Table("NODE", "POLICY", "NUMBER", "BACKEND", "STATE", "RULE");
        lines.forEach(line -> table.row(
                line.seen().node(),
                line.seen().name(),
                line.number(),
                line.seen().enforcement().backend(),
                FwList.state(line.seen().enforcement()),
                line.rule()));
        table.print(console());
        return DONE;
    }
}
