package io.netyard.shell.firewall;

import io.netyard.api.firewall.Firewall.Enforcement;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.Table;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "fw",
        name = "show",
        description = "Show what policies ask for, and beside it the rules in the kernel that they became")
final class FwShow extends ConsoleCommand {

    @Argument(name = "NODE", required = true, description = "Whose")
    @Completion(Nodes.class)
    String node;

    @Argument(index = 1, name = "POLICY", description = "Only this one")
    @Completion(PolicyNames.class)
    String policy;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<SeenPolicy> all =
                policy == null ? SeenPolicy.look(services(), node) : List.of(SeenPolicy.find(services(), node, policy));
        if (json) {
            print(Json.text(all.stream()
                    .map(seen -> Json.object(
                            "node", seen.node(),
                            "policy", seen.name(),
                            "intent", seen.enforcement().policy().lines(),
                            "backend", seen.enforcement().backend(),
                            "state", FwList.state(seen.enforcement()),
                            "rules", firewall().rendered(seen.enforcement())))
                    .toList()));
            return DONE;
        }
        for (SeenPolicy seen : all) {
            print(seen);
        }
        return DONE;
    }

    private void print(SeenPolicy seen) {
        Enforcement enforcement = seen.enforcement();
        List<String> intent = enforcement.policy().lines();
        List<String> rules = firewall().rendered(enforcement);
        Table table = new Table(
                "INTENT",
                enforcement.backend().map(name -> "AS LOADED BY " + name).orElse("NOT LOADED"));
        for (int i = 0; i < Math.max(intent.size(), rules.size()); i++) {
            table.row(i < intent.size() ? intent.get(i) : "", i < rules.size() ? rules.get(i) : "");
        }
        print("%s, policy %s: %s%s"
                .formatted(
                        seen.node(),
                        seen.name(),
                        FwList.state(enforcement),
                        enforcement.detail().isEmpty() ? "" : " (" + enforcement.detail() + ")"));
        table.print(console());
        print("");
    }
}
