package io.netyard.shell.link;

import io.netyard.api.KernelException;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.link.Link;
import io.netyard.api.link.Links;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.DevicePlace;
import io.netyard.shell.console.FoundLink;
import io.netyard.shell.console.Interfaces;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "link",
        name = "delete",
        description = "Delete an interface (a bridge too); with a veth its other end goes as well")
final class LinkDelete extends ChangeCommand {

    @Argument(name = "INTERFACE", description = "NODE:IFACE")
    @Completion(Interfaces.class)
    String device;

    @Option(name = "--force", description = "Also an interface that Netyard did not make")
    boolean force;

    @Option(name = "--all", description = "Every interface that was made by hand on the console, in any namespace")
    boolean all;

    @Override
    protected int run() {
        if (all == (device != null)) {
            throw new IllegalArgumentException("link:delete wants either NODE:IFACE or --all");
        }
        if (all) {
            return deleteHandMade();
        }
        FoundLink found = FoundLink.find(services(), DevicePlace.parse(device)).requireOwn(force);
        change("delete " + found.label(), () -> links().delete(
                        found.ref(), found.link().name()));
        return DONE;
    }

    private int deleteHandMade() {
        int status = DONE;
        for (Netns netns : namespaces().list()) {
            try {
                for (Link link : links().list(netns.ref())) {
                    if (link.owner().equals(Optional.of(Links.HAND_MADE))) {
                        change("delete %s:%s".formatted(netns.label(), link.name()), () -> delete(netns, link));
                    }
                }
            } catch (RequestException e) {
                // The namespace has ended since it was listed, and what was in it with it.
                continue;
            } catch (NetyardException e) {
                complain(e.getMessage());
                status = FAILED;
            }
        }
        return status;
    }

    /** The other end of a cable has gone with the first, a subinterface with its parent. */
    private void delete(Netns netns, Link link) {
        try {
            links().delete(netns.ref(), link.name());
        } catch (KernelException e) {
            if (!e.isAbsent()) {
                throw e;
            }
        }
    }
}
