package io.netyard.lab.plan;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.lab.Labs;
import io.netyard.api.lab.Plan;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.plan.Observer.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of one lab's network: what stands between the kernel and what is wanted, and its execution, all of it or nothing.
 * Whoever calls sees to it that nobody else changes the same lab at the same time.
 */
public final class Changes {

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private final Services services;
    private final Observer observer;
    private final ExistingBridges existing;
    private final AttachedNodes attached;

    public Changes(Services services) {
        this.services = services;
        this.observer = new Observer(services);
        this.existing = new ExistingBridges(services);
        this.attached = new AttachedNodes(services.foreign());
    }

    /** The attached nodes of a network that are not there now, each with the reason. */
    public Map<String, String> missing(String lab, Network network) {
        return attached.missing(lab, network);
    }

    /**
     * What would have to be done.
     *
     * @param meant what the lab was last meant to be; {@link Network#EMPTY} if it is new
     * @throws RequestException if this host cannot carry what is wanted
     */
    public List<Plan.Step> plan(String lab, Network meant, Network wanted) {
        return steps(prepare(Scope.of(lab, Set.of(), meant, wanted), wanted));
    }

    /**
     * Does it, and reads it back. If a step fails or the caller has had enough, all is as it was before.
     *
     * <p>To be called on a thread that nobody interrupts: files that such a thread reads, those of /proc too, look as if they were not
     * there.
     *
     * @param meant what the lab was last meant to be; {@link Network#EMPTY} if it is new
     * @param before called when it is clear that there is something to do, and before it is begun
     * @param cancelled asked before each step
     * @return what was done; empty if there was nothing to do
     */
    public List<Plan.Step> make(
            String lab,
            Network meant,
            Network wanted,
            Runnable before,
            Consumer<Labs.Progress> progress,
            BooleanSupplier cancelled) {
        List<Plan.Step> done = carryOut(lab, meant, wanted, before, progress, cancelled);
        attached.forgetOthers(lab, wanted);
        return done;
    }

    /**
     * Makes a lab again what it is meant to be, as far as its attached nodes are there; else as {@link #make}.
     *
     * @return what was done; empty if there was nothing to do
     */
    public List<Plan.Step> rewire(String lab, Network meant, Runnable before, BooleanSupplier cancelled) {
        return carryOut(lab, meant, whatCanBe(lab, meant), before, progress -> {}, cancelled);
    }

    private List<Plan.Step> carryOut(
            String lab,
            Network meant,
            Network wanted,
            Runnable before,
            Consumer<Labs.Progress> progress,
            BooleanSupplier cancelled) {
        Scope scope = Scope.of(lab, Set.of(), meant, wanted);
        services.foreign().refresh(lab);
        Network had = observer.observe(scope).network();
        List<Operation> operations = prepare(scope, wanted);
        if (operations.isEmpty()) {
            return List.of();
        }
        before.run();
        try {
            run(lab, operations, progress, cancelled);
            requireDone(scope, wanted);
        } catch (RuntimeException failure) {
            RuntimeException told = undone(scope, had, becauseOf(attached.missing(lab, wanted), failure));
            attached.forgetOthers(lab, meant);
            throw told;
        }
        return steps(operations);
    }

    /** All were there when the change was begun: one that is missing now explains what has failed better than any step. */
    private static RuntimeException becauseOf(Map<String, String> missing, RuntimeException failure) {
        return missing.entrySet().stream()
                .findFirst()
                .<RuntimeException>map(gone -> new RequestException(
                        "node %s has gone meanwhile: %s".formatted(gone.getKey(), gone.getValue()), failure))
                .orElse(failure);
    }

    /** What {@link #remove} would do. */
    public List<Plan.Step> planRemoval(String lab) {
        return steps(
                Planner.plan(observer.observe(Scope.everything(lab, Set.of())).network(), Network.EMPTY));
    }

    /**
     * Removes all that the lab owns; goes on after a failure.
     *
     * @param unmarked as for {@link Observer.Scope}
     * @throws RequestException at the end, if something is still there
     */
    public List<Plan.Step> remove(String lab, Set<Place> unmarked, Consumer<Labs.Progress> progress) {
        Scope scope = Scope.everything(lab, unmarked);
        existing.requireUnused(lab);
        List<Operation> operations = Planner.plan(observer.observe(scope).network(), Network.EMPTY);
        Kernel kernel = new Kernel(services, lab);
        RuntimeException failure = null;
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            progress.accept(new Labs.Progress(i + 1, operations.size(), step(operation)));
            try {
                runUnlessGone(operation, kernel);
            } catch (NetyardException e) {
                if (failure == null) {
                    failure = new RequestException(
                            "lab %s could not be removed altogether: %s".formatted(lab, e.getMessage()), e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null
                && !Planner.plan(observer.observe(scope).network(), Network.EMPTY)
                        .isEmpty()) {
            throw failure;
        }
        attached.forgetOthers(lab, Network.EMPTY);
        return steps(operations);
    }

    /** What is to be deleted may go by itself: a cable with the namespace of its other end, say. */
    private static void runUnlessGone(Operation operation, Kernel kernel) {
        try {
            operation.run(kernel);
        } catch (KernelException e) {
            if (!e.isAbsent()) {
                throw e;
            }
        }
    }

    /**
     * After a change was killed half-way: leads back to what was before, unmarked remains of the change included.
     *
     * @param before what was there
     * @param attempted what the change was to lead to
     */
    public void recover(String lab, Network before, Network attempted) {
        Scope scope = Scope.of(lab, Observer.places(attempted), before, attempted);
        services.cards().restoreReturned().forEach(line -> LOG.info("Lab {}: {}", lab, line));
        services.foreign().refresh(lab);
        run(lab, prepare(scope, whatCanBe(lab, before)), progress -> {}, () -> false);
        attached.forgetOthers(lab, before);
    }

    /**
     * After the appliance was started anew: what a lab had in the old one's memory and not in the kernel, the hosts behind taps.
     *
     * @param meant what the lab is meant to be
     */
    public void resume(String lab, Network meant) {
        Kernel kernel = new Kernel(services, lab);
        meant.nodes().forEach((name, node) -> node.settings().tapHosts().forEach((tap, addresses) -> {
            try {
                new Operation.AttachTapHost(new Place(name, tap), addresses).run(kernel);
            } catch (NetyardException e) {
                LOG.warn("Lab {}: no host behind {}:{}: {}", lab, name, tap, e.getMessage());
            }
        }));
    }

    private List<Operation> prepare(Scope scope, Network wanted) {
        requireCapabilities(wanted);
        attached.require(scope.lab(), wanted);
        Observer.Observed observed = observer.observe(scope);
        requireFree(wanted, observed);
        existing.require(scope.lab(), wanted, observed.network());
        return left(scope, observed.network(), wanted);
    }

    /** What stands between a network as it is and as it is wanted. */
    private List<Operation> left(Scope scope, Network had, Network wanted) {
        return Planner.plan(had, ExistingBridges.asTheyAre(withDefaults(scope, asThisKernelShowsIt(wanted)), had));
    }

    /** A parameter that was set and is not asked for any more becomes what it is in a new namespace. */
    private Network withDefaults(Scope scope, Network wanted) {
        return wanted.map(node -> {
            Map<SysctlName, String> defaults = new LinkedHashMap<>();
            for (SysctlName name : scope.sysctls().getOrDefault(node.name(), Set.of())) {
                boolean there = !name.isPerInterface()
                        || node.devices()
                                .containsKey(new InterfaceName(name.parts().get(3)));
                if (!node.settings().sysctls().containsKey(name) && there) {
                    services.routing().defaultSysctl(name).ifPresent(value -> defaults.put(name, value));
                }
            }
            return node.withSettings(node.settings().withSysctls(defaults));
        });
    }

    private Network asThisKernelShowsIt(Network network) {
        return services.bridges().supportsVlanFiltering() ? network : Observer.withoutVlanTables(network);
    }

    private void requireCapabilities(Network wanted) {
        Map<String, String> holders = services.namespaces().holders();
        for (Node node : wanted.nodes().values()) {
            if (node.origin() instanceof Node.Made made && !holders.containsKey(made.holder())) {
                throw new RequestException("node %s: no holder '%s' here; there are: %s"
                        .formatted(node.name(), made.holder(), String.join(", ", holders.keySet())));
            }
        }
        wanted.nodes().values().forEach(this::requireBackends);
        List<String> missing = new ArrayList<>();
        first(wanted, device -> device.kind() instanceof Device.Bridge bridge && bridge.vlanFiltering())
                .filter(place -> !services.bridges().supportsVlanFiltering())
                .ifPresent(place -> missing.add("bridge VLAN filtering (wanted at %s)".formatted(place)));
        first(wanted, device -> device.kind() instanceof Device.Subinterface)
                .filter(place -> !services.links().supportsVlanSubinterfaces())
                .ifPresent(place -> missing.add("802.1Q subinterfaces (wanted at %s)".formatted(place)));
        if (!missing.isEmpty()) {
            throw new RequestException(
                    "this kernel has no %s: run the lab in the sandbox, which has (./netyard --sandbox start)"
                            .formatted(String.join(" and no ", missing)));
        }
    }

    private void requireBackends(Node node) {
        node.settings().policies().values().forEach(use -> {
            Firewall.Choice choice = services.firewall().choose(use.policy(), use.pin());
            if (choice.backend().isEmpty()) {
                throw new RequestException("node %s: no firewall backend here can enforce policy %s%s"
                        .formatted(
                                node.name(),
                                use.policy().name(),
                                choice.objections().entrySet().stream()
                                        .map(why -> "; %s: %s".formatted(why.getKey(), why.getValue()))
                                        .collect(Collectors.joining())));
            }
        });
    }

    private static Optional<Place> first(Network network, Predicate<Device> condition) {
        return network.nodes().values().stream()
                .flatMap(node -> node.devices().values().stream()
                        .filter(condition)
                        .map(device -> new Place(node.name(), device.name())))
                .findFirst();
    }

    private static void requireFree(Network wanted, Observer.Observed observed) {
        for (Place place : Observer.places(wanted)) {
            if (observed.foreign().contains(place)) {
                Optional<ForeignNamespace> owner =
                        wanted.nodes().get(place.node()).attached();
                throw new RequestException(
                        owner.map(what -> "%s has an interface %s of its own: give the lab's another name"
                                        .formatted(what, place.device()))
                                .orElseGet(() ->
                                        "%s is there already and does not belong to the lab: delete it or use another name"
                                                .formatted(place)));
            }
        }
    }

    private void run(
            String lab, List<Operation> operations, Consumer<Labs.Progress> progress, BooleanSupplier cancelled) {
        Kernel kernel = new Kernel(services, lab);
        for (int i = 0; i < operations.size(); i++) {
            if (cancelled.getAsBoolean()) {
                throw new RequestException("interrupted: lab %s stays as it was".formatted(lab));
            }
            progress.accept(new Labs.Progress(i + 1, operations.size(), step(operations.get(i))));
            if (operations.get(i) instanceof Operation.DeleteDevice delete) {
                // Of a namespace that has ended the kernel takes the other ends away in its own time.
                runUnlessGone(delete, kernel);
            } else {
                operations.get(i).run(kernel);
            }
        }
    }

    /** A kernel may say yes and do something else. */
    private void requireDone(Scope scope, Network wanted) {
        List<Operation> left = left(scope, observer.observe(scope).network(), wanted);
        if (!left.isEmpty()) {
            throw new RequestException("the kernel has not done what it was asked for; still to do: "
                    + left.get(0).sentence());
        }
    }

    /**
     * A network without the attached nodes that are not there now.
     *
     * @see Network#without
     */
    private Network whatCanBe(String lab, Network network) {
        return network.without(attached.missing(lab, network).keySet());
    }

    private RuntimeException undone(Scope scope, Network had, RuntimeException failure) {
        String lab = scope.lab();
        try {
            Network now = observer.observe(scope).network();
            run(lab, Planner.plan(now, whatCanBe(lab, withoutLinkLocal(had))), progress -> {}, () -> false);
        } catch (NetyardException e) {
            failure.addSuppressed(e);
            RequestException both = new RequestException(
                    "%s; and what was done could not be undone: %s; lab:destroy %s removes all of it"
                            .formatted(failure.getMessage(), e.getMessage(), lab),
                    failure);
            return both;
        }
        return failure;
    }

    /** The kernel makes these by itself, anew when an interface comes up. */
    private static Network withoutLinkLocal(Network network) {
        return network.map(node -> {
            Map<InterfaceName, Device> devices = new LinkedHashMap<>();
            node.devices().forEach((name, device) -> devices.put(name, device.withoutAddresses(Planner::isLinkLocal)));
            return node.withDevices(devices);
        });
    }

    private static List<Plan.Step> steps(List<Operation> operations) {
        return operations.stream().map(Changes::step).toList();
    }

    private static Plan.Step step(Operation operation) {
        return new Plan.Step(operation.sentence(), operation.command());
    }
}
