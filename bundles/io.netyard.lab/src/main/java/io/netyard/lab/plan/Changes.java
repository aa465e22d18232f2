package io.netyard.lab.plan;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.lab.Labs;
import io.netyard.api.lab.Plan;
import io.netyard.api.link.Links;
import io.netyard.api.netns.Namespaces;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Changes of one lab's network: what stands between the kernel and what is wanted, and its execution, all of it or nothing.
 * Whoever calls sees to it that nobody else changes the same lab at the same time.
 */
public final class Changes {

    private final Namespaces namespaces;
    private final Links links;
    private final Bridges bridges;
    private final Observer observer;

    public Changes(Namespaces namespaces, Links links, Bridges bridges) {
        this.namespaces = namespaces;
        this.links = links;
        this.bridges = bridges;
        this.observer = new Observer(namespaces, links, bridges);
    }

    /**
     * What would have to be done.
     *
     * @throws RequestException if this host cannot carry what is wanted
     */
    public List<Plan.Step> plan(String lab, Network wanted) {
        return steps(prepare(lab, wanted, Set.of()));
    }

    /**
     * Does it, and reads it back. If a step fails or the caller has had enough, all is as it was before.
     *
     * <p>To be called on a thread that nobody interrupts: files that such a thread reads, those of /proc too, look as if they were not
     * there.
     *
     * @param before called when it is clear that there is something to do, and before it is begun
     * @param cancelled asked before each step
     * @return what was done; empty if there was nothing to do
     */
    public List<Plan.Step> make(
            String lab, Network wanted, Runnable before, Consumer<Labs.Progress> progress, BooleanSupplier cancelled) {
        Network had = observer.observe(lab, Set.of()).network();
        List<Operation> operations = prepare(lab, wanted, Set.of());
        if (operations.isEmpty()) {
            return List.of();
        }
        before.run();
        try {
            run(lab, operations, progress, cancelled);
            requireDone(lab, wanted);
        } catch (RuntimeException failure) {
            throw undone(lab, had, failure);
        }
        return steps(operations);
    }

    /** What {@link #remove} would do. */
    public List<Plan.Step> planRemoval(String lab) {
        return steps(Planner.plan(observer.observe(lab, Set.of()).network(), Network.EMPTY));
    }

    /**
     * Removes all that the lab owns; goes on after a failure.
     *
     * @param unmarked as for {@link Observer#observe}
     * @throws RequestException at the end, if something is still there
     */
    public List<Plan.Step> remove(String lab, Set<Place> unmarked, Consumer<Labs.Progress> progress) {
        List<Operation> operations =
                Planner.plan(observer.observe(lab, unmarked).network(), Network.EMPTY);
        Kernel kernel = new Kernel(namespaces, links, bridges, lab);
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
                && !Planner.plan(observer.observe(lab, unmarked).network(), Network.EMPTY)
                        .isEmpty()) {
            throw failure;
        }
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
        run(lab, prepare(lab, before, Observer.places(attempted)), progress -> {}, () -> false);
    }

    private List<Operation> prepare(String lab, Network wanted, Set<Place> unmarked) {
        requireCapabilities(wanted);
        Observer.Observed observed = observer.observe(lab, unmarked);
        requireFree(wanted, observed);
        return Planner.plan(observed.network(), asThisKernelShowsIt(wanted));
    }

    private Network asThisKernelShowsIt(Network network) {
        return bridges.supportsVlanFiltering() ? network : Observer.withoutVlanTables(network);
    }

    private void requireCapabilities(Network wanted) {
        Map<String, String> holders = namespaces.holders();
        for (Node node : wanted.nodes().values()) {
            if (!holders.containsKey(node.holder())) {
                throw new RequestException("node %s: no holder '%s' here; there are: %s"
                        .formatted(node.name(), node.holder(), String.join(", ", holders.keySet())));
            }
        }
        List<String> missing = new ArrayList<>();
        first(wanted, device -> device.kind() instanceof Device.Bridge bridge && bridge.vlanFiltering())
                .filter(place -> !bridges.supportsVlanFiltering())
                .ifPresent(place -> missing.add("bridge VLAN filtering (wanted at %s)".formatted(place)));
        first(wanted, device -> device.kind() instanceof Device.Subinterface)
                .filter(place -> !links.supportsVlanSubinterfaces())
                .ifPresent(place -> missing.add("802.1Q subinterfaces (wanted at %s)".formatted(place)));
        if (!missing.isEmpty()) {
            throw new RequestException(
                    "this kernel has no %s: run the lab in the sandbox, which has (./netyard --sandbox start)"
                            .formatted(String.join(" and no ", missing)));
        }
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
                throw new RequestException(
                        "%s is there already and does not belong to the lab: delete it or use another name"
                                .formatted(place));
            }
        }
    }

    private void run(
            String lab, List<Operation> operations, Consumer<Labs.Progress> progress, BooleanSupplier cancelled) {
        Kernel kernel = new Kernel(namespaces, links, bridges, lab);
        for (int i = 0; i < operations.size(); i++) {
            if (cancelled.getAsBoolean()) {
                throw new RequestException("interrupted: lab %s stays as it was".formatted(lab));
            }
            progress.accept(new Labs.Progress(i + 1, operations.size(), step(operations.get(i))));
            operations.get(i).run(kernel);
        }
    }

    /** A kernel may say yes and do something else. */
    private void requireDone(String lab, Network wanted) {
        List<Operation> left = Planner.plan(observer.observe(lab, Set.of()).network(), asThisKernelShowsIt(wanted));
        if (!left.isEmpty()) {
            throw new RequestException("the kernel has not done what it was asked for; still to do: "
                    + left.get(0).sentence());
        }
    }

    private RuntimeException undone(String lab, Network had, RuntimeException failure) {
        try {
            Network now = observer.observe(lab, Set.of()).network();
            run(lab, Planner.plan(now, withoutLinkLocal(had)), progress -> {}, () -> false);
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
        Map<String, Node> nodes = new LinkedHashMap<>();
        network.nodes().values().forEach(node -> {
            Map<InterfaceName, Device> devices = new LinkedHashMap<>();
            node.devices().forEach((name, device) -> devices.put(name, device.withoutAddresses(Planner::isLinkLocal)));
            nodes.put(node.name(), new Node(node.name(), node.holder(), devices));
        });
        return new Network(nodes);
    }

    private static List<Plan.Step> steps(List<Operation> operations) {
        return operations.stream().map(Changes::step).toList();
    }

    private static Plan.Step step(Operation operation) {
        return new Plan.Step(operation.sentence(), operation.command());
    }
}
