package io.netyard.shell.netns;

import io.netyard.api.NetyardException;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ChangeCommand;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "netns", name = "destroy", description = "Destroy a namespace that Netyard made")
final class NetnsDestroy extends ChangeCommand {

    @Argument(name = "NODE", description = "A node or LAB/NODE")
    @Completion(OwnNodes.class)
    String node;

    @Option(name = "--all", description = "Destroy all that Netyard made, of every lab")
    boolean all;

    @Override
    protected int run() {
        if (all == (node != null)) {
            throw new IllegalArgumentException("netns:destroy wants either a NODE or --all");
        }
        if (!all) {
            destroy(namespaces().resolve(node));
            return DONE;
        }
        List<Netns> own = namespaces().known().stream()
                .filter(netns -> netns.origin() == Netns.Origin.OWN)
                .toList();
        int status = DONE;
        for (Netns netns : own) {
            try {
                destroy(netns);
            } catch (NetyardException e) {
                complain(e.getMessage());
                status = FAILED;
            }
        }
        return status;
    }

    private void destroy(Netns netns) {
        change("destroy namespace " + netns.label(), () -> {
            namespaces().destroy(netns);
            // Its rules have gone with it.
            services().firewallIfThere().ifPresent(firewall -> firewall.forget(netns.ref()));
        });
    }
}
