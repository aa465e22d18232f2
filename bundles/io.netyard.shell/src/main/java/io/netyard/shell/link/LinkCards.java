package io.netyard.shell.link;

import io.netyard.api.link.Cards;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "link", name = "cards", description = "List the interfaces of the host that are lent to namespaces")
final class LinkCards extends ConsoleCommand {

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<Cards.Lent> lent = cards().lent();
        if (json) {
            print(Json.text(lent.stream()
                    .map(card -> Json.object(
                            "name", card.name(),
                            "node", namespaces().label(card.netns()),
                            "as", card.as(),
                            "owner", card.owner()))
                    .toList()));
            return DONE;
        }
        Table table = new Table("NAME", "NODE", "AS", "OWNER");
        lent.forEach(card -> table.row(card.name(), namespaces().label(card.netns()), card.as(), card.owner()));
        table.print(console());
        return DONE;
    }
}
