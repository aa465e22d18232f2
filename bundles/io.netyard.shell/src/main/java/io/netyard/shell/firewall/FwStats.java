package io.netyard.shell.firewall;

import io.netyard.api.firewall.FirewallBackend.RuleCount;
import io.netyard.api.firewall.Rule;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.Table;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "fw",
        name = "stats",
        description = "How many packets and bytes each rule has fitted since it was loaded by its present backend")
final class FwStats extends ConsoleCommand {

    @Argument(name = "NODE", description = "Only this one's")
    @Completion(Nodes.class)
    String node;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    private record Line(SeenPolicy seen, Rule rule, Long packets, Long bytes) {}

    @Override
    protected int run() {
        List<Line> lines = new ArrayList<>();
        for (SeenPolicy seen : SeenPolicy.look(services(), node)) {
            List<RuleCount> counts = firewall().counts(seen.enforcement());
            List<Rule> rules = seen.enforcement().policy().rules();
            for (int i = 0; i < rules.size(); i++) {
                boolean counted = i < counts.size();
                lines.add(new Line(
                        seen,
                        rules.get(i),
                        counted ? counts.get(i).packets() : null,
                        counted ? counts.get(i).bytes() : null));
            }
        }
        if (json) {
            print(Json.text(lines.stream()
                    .map(line -> Json.object(
                            "node", line.seen().node(),
                            "policy", line.seen().name(),
                            "backend", line.seen().enforcement().backend(),
                            "rule", line.rule(),
                            "packets", line.packets(),
                            "bytes", line.bytes()))
                    .toList()));
            return DONE;
        }
        Table table = new Table("NODE", "POLICY", "BACKEND", "PACKETS", "BYTES", "RULE");
        for (Line line : lines) {
            table.row(
                    line.seen().node(),
                    line.seen().name(),
                    line.seen().enforcement().backend(),
                    line.packets() == null ? "" : line.packets(),
                    line.bytes() == null ? "" : line.bytes(),
                    line.rule());
        }
        table.print(console());
        return DONE;
    }
}
