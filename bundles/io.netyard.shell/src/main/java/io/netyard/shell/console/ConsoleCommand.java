package io.netyard.shell.console;

import io.netyard.api.bridge.Bridges;
import io.netyard.api.container.Containers;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.inventory.Inventory;
import io.netyard.api.lab.LabTransfer;
import io.netyard.api.lab.Labs;
import io.netyard.api.link.Cards;
import io.netyard.api.link.Links;
import io.netyard.api.link.TapHosts;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.proof.Verifier;
import io.netyard.api.routing.Routing;
import io.netyard.api.wiring.Wiring;
import java.io.IOException;

/**
 * One run of one command. A subclass says with Karaf's annotations ({@code @Command}, {@code @Argument}, {@code @Option},
 * {@code @Completion}) how it is written; the fields are set before {@link #run()}.
 *
 * <p>Of {@code @Option} and {@code @Argument}, {@code valueToShowInHelp} is the placeholder of the value, e.g. {@code STAGE}.
 */
public abstract class ConsoleCommand {

    /** The status of a command that did what it was asked for. */
    protected static final int DONE = 0;

    /** The status of a command that failed, or found that something is not as it should be. */
    protected static final int FAILED = 1;

    private Services services;
    private Console console;

    /** @return the exit status that ssh passes on */
    protected abstract int run() throws IOException, InterruptedException;

    final int run(Services services, Console console) throws IOException, InterruptedException {
        this.services = services;
        this.console = console;
        return run();
    }

    protected final Console console() {
        return console;
    }

    protected final void print(String line) {
        console.out().println(line);
    }

    /** For what a caller that reads the output should not get to see. */
    protected final void complain(String line) {
        console.err().println(line);
    }

    protected final Services services() {
        return services;
    }

    protected final Namespaces namespaces() {
        return services.namespaces();
    }

    protected final Inventory inventory() {
        return services.inventory();
    }

    protected final Containers containers() {
        return services.containers();
    }

    protected final Links links() {
        return services.links();
    }

    protected final Wiring wiring() {
        return services.wiring();
    }

    protected final Bridges bridges() {
        return services.bridges();
    }

    protected final TapHosts tapHosts() {
        return services.tapHosts();
    }

    protected final Cards cards() {
        return services.cards();
    }

    protected final Routing routing() {
        return services.routing();
    }

    protected final Labs labs() {
        return services.labs();
    }

    protected final LabTransfer labTransfer() {
        return services.labTransfer();
    }

    protected final Verifier verifier() {
        return services.verifier();
    }

    protected final Firewall firewall() {
        return services.firewall();
    }
}
