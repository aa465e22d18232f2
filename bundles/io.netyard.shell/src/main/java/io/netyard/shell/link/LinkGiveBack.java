package io.netyard.shell.link;

import io.netyard.api.InterfaceName;
import io.netyard.shell.console.ChangeCommand;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "link",
        name = "give-back",
        description = "Give an interface that was lent back to the host, with the addresses and routes that it had")
final class LinkGiveBack extends ChangeCommand {

    @Argument(name = "IFACE", required = true, description = "Its name on the host")
    @Completion(LentCards.class)
    String card;

    private int status = DONE;

    @Override
    protected int run() {
        InterfaceName name = new InterfaceName(card);
        change("give %s back to the host".formatted(name), () -> {
            List<String> failed = cards().giveBack(name);
            failed.forEach(this::complain);
            status = failed.isEmpty() ? DONE : FAILED;
        });
        return status;
    }
}
