package io.netyard.shell.firewall;

import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.Firewall.Enforcement;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.Table;
import java.util.List;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "fw", name = "list", description = "List policies, who enforces them, and whether all is well")
final class FwList extends ConsoleCommand {

    @Argument(name = "NODE", description = "Only this one's")
    @Completion(Nodes.class)
    String node;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<SeenPolicy> all = SeenPolicy.look(services(), node);
        firewall().warnings().forEach(this::complain);
        if (json) {
            print(Json.text(all.stream()
                    .map(seen -> Json.object(
                            "node", seen.node(),
                            "policy", seen.name(),
                            "layer", seen.enforcement().policy().layer(),
                            "owner", owner(seen.enforcement()),
                            "rules", seen.enforcement().policy().rules().size(),
                            "pin", seen.enforcement().pin(),
                            "backend", seen.enforcement().backend(),
                            "state", state(seen.enforcement()),
                            "detail", seen.enforcement().detail()))
                    .toList()));
            return DONE;
        }
        Table table = new Table("NODE", "POLICY", "LAYER", "OWNER", "RULES", "PIN", "BACKEND", "STATE", "DETAIL");
        all.forEach(seen -> table.row(
                seen.node(),
                seen.name(),
                seen.enforcement().policy().layer(),
                owner(seen.enforcement()),
                seen.enforcement().policy().rules().size(),
                seen.enforcement().pin(),
                seen.enforcement().backend(),
                state(seen.enforcement()),
                seen.enforcement().detail()));
        table.print(console());
        return DONE;
    }

    private static String owner(Enforcement enforcement) {
        return enforcement.owner().equals(Firewall.HAND_MADE) ? "" : enforcement.owner();
    }

    static String state(Enforcement enforcement) {
        return enforcement.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
