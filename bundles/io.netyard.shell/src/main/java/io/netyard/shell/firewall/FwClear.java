package io.netyard.shell.firewall;

import io.netyard.api.NetyardException;
import io.netyard.api.firewall.Firewall;
import io.netyard.shell.console.ChangeCommand;
import org.apache.karaf.shell.api.action.Command;

@Command(
        scope = "fw",
        name = "clear",
        description =
                "Take away every policy that was set by hand on the console, in any namespace; those of labs stay")
final class FwClear extends ChangeCommand {

    @Override
    protected int run() {
        int status = DONE;
        for (SeenPolicy seen : SeenPolicy.look(services(), null)) {
            if (!seen.enforcement().owner().equals(Firewall.HAND_MADE)) {
                continue;
            }
            try {
                change("take policy %s of %s away".formatted(seen.name(), seen.node()), () -> firewall()
                        .remove(seen.enforcement().netns(), seen.name()));
            } catch (NetyardException e) {
                complain(e.getMessage());
                status = FAILED;
            }
        }
        return status;
    }
}
