package io.netyard.shell.console;

import io.netyard.api.RequestException;
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
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The services that commands call, as they are at this moment: bundles come and go on a live host. A command asks for
 * its service when it runs, and says which bundle is missing if there is none. Safe for use from several threads.
 */
@Component(service = Services.class)
public class Services {

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Namespaces namespaces;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Links links;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Bridges bridges;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Labs labs;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile LabTransfer labTransfer;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Verifier verifier;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Firewall firewall;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile TapHosts tapHosts;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Cards cards;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Routing routing;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Wiring wiring;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Inventory inventory;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Containers containers;

    public Namespaces namespaces() {
        return present(namespaces, "io.netyard.netns");
    }

    public Inventory inventory() {
        return present(inventory, "io.netyard.netns");
    }

    public Containers containers() {
        return present(containers, "io.netyard.netns");
    }

    public Links links() {
        return present(links, "io.netyard.link");
    }

    public Wiring wiring() {
        return present(wiring, "io.netyard.link");
    }

    public TapHosts tapHosts() {
        return present(tapHosts, "io.netyard.link");
    }

    public Cards cards() {
        return present(cards, "io.netyard.link");
    }

    public Routing routing() {
        return present(routing, "io.netyard.routing");
    }

    public Bridges bridges() {
        return present(bridges, "io.netyard.bridge");
    }

    public Labs labs() {
        return present(labs, "io.netyard.lab");
    }

    public LabTransfer labTransfer() {
        return present(labTransfer, "io.netyard.lab");
    }

    public Verifier verifier() {
        return present(verifier, "io.netyard.proof");
    }

    /** For what can do without. */
    public Optional<Containers> containersIfThere() {
        return Optional.ofNullable(containers);
    }

    /** For who has something to tell it, if it is there. */
    public Optional<Firewall> firewallIfThere() {
        return Optional.ofNullable(firewall);
    }

    public Firewall firewall() {
        return present(firewall, "io.netyard.firewall");
    }

    private static <T> T present(T service, String bundle) {
        if (service == null) {
            throw new RequestException("bundle %s is not active: see bundle:list, start it with bundle:start %s"
                    .formatted(bundle, bundle));
        }
        return service;
    }
}
