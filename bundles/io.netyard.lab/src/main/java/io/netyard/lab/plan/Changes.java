package io.netyard.lab.plan;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.lab.Plan;
import io.netyard.api.lab.Plan.Phase;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.plan.Observer.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    /** How often what is left of a failed change is looked for and taken back. */
    private static final int UNDOINGS = 2;

    private final Services services;
    private final Applier applier;
    private final Observer observer;
    private final ExistingBridges existing;
    private final AttachedNodes attached;

    public Changes(Services services, Boundary boundary) {
        this.services = services;
        this.applier = new Applier(services, boundary);
        this.observer = new Observer(services);
        this.existing = new ExistingBridges(services);
        this.attached = new AttachedNodes(services.foreign());
    }

    /** The attached nodes of a network that are not there now, each with the reason. */
    public Map<String, String> missing(String lab, Network network) {
        return attached.missing(lab, network);
    }

    /** The namespaces that are there now of what a lab has, the host's if it has something there. */
    public Set<NetnsRef> namespaces(String lab, Network meant) {
        Set<NetnsRef> namespaces = new HashSet<>();
        Kernel.own(services.namespaces(), lab).forEach(netns -> namespaces.add(netns.ref()));
        services.foreign().attachments(lab).forEach(attached -> attached.netns().ifPresent(namespaces::add));
        if (meant.nodes().containsKey(Node.HOST)) {
            namespaces.add(services.namespaces().host());
        }
        return namespaces;
    }

    /**
     * A lab's network as it is and as it is meant to be.
     *
     * @param meant as far as it can be on this kernel, and without attached nodes that are not there
     * @param missing these nodes, each with the reason
     * @param steps from one to the other; empty exactly if nothing differs
     */
    public record Standing(Network is, Network meant, Map<String, String> missing, List<Plan.Step> steps) {}

    /** Looks at it; changes nothing, and may be called while a change of that lab is under way. */
    public Standing standing(String lab, Network meant) {
        Map<String, String> missing = attached.missing(lab, meant);
        Network possible = meant.without(missing.keySet());
        Scope scope = Scope.of(lab, Set.of(), possible);
        try (Namespaces.Session session = services.namespaces().session()) {
            Network is = observer.observe(scope).network();
            Network wanted = asWanted(scope, is, possible);
            return new Standing(is, wanted, missing, steps(Planner.plan(is, wanted)));
        }
    }

    /**
     * What would have to be done.
     *
     * @param meant what the lab was last meant to be; {@link Network#EMPTY} if it is new
     * @throws RequestException if this host cannot carry what is wanted
     */
    public List<Plan.Step> plan(String lab, Network meant, Network wanted, Course course) {
        return planned(Scope.of(lab, Set.of(), meant, wanted), wanted, course);
    }

    /**
     * Does it, and reads it back. If a step fails or the caller has had enough, all is as it was before.
     *
     * <p>To be called on a thread that nobody interrupts: files that such a thread reads, those of /proc too, look as if they were not
     * there.
     *
     * @param meant what the lab was last meant to be; {@link Network#EMPTY} if it is new
     * @param before called when it is clear that there is something to do, and before it is begun
     * @return what was done; empty if there was nothing to do
     */
    public List<Plan.Step> make(String lab, Network meant, Network wanted, Runnable before, Course course) {
        List<Plan.Step> done = carryOut(lab, meant, wanted, before, course);
        attached.forgetOthers(lab, wanted);
        return done;
    }

    /** What {@link #restore} would do. */
    public List<Plan.Step> planRestoring(String lab, Network meant, Course course) {
        Network wanted = whatCanBe(lab, meant);
        return planned(Scope.of(lab, Set.of(), meant, wanted), wanted, course);
    }

    private List<Plan.Step> planned(Scope scope, Network wanted, Course course) {
        try (Namespaces.Session session = services.namespaces().session()) {
            return steps(prepare(scope, observe(scope, course), wanted, course));
        }
    }

    private Observer.Observed observe(Scope scope, Course course) {
        return course.in(Phase.OBSERVE, () -> observer.observe(scope));
    }

    /**
     * Makes a lab again what it is meant to be, as far as its attached nodes are there; else as {@link #make}.
     *
     * @return what was done; empty if there was nothing to do
     */
    public List<Plan.Step> restore(String lab, Network meant, Runnable before, Course course) {
        return carryOut(lab, meant, whatCanBe(lab, meant), before, course);
    }

    private List<Plan.Step> carryOut(String lab, Network meant, Network wanted, Runnable before, Course course) {
        Scope scope = Scope.of(lab, Set.of(), meant, wanted);
        services.foreign().refresh(lab);
        try (Namespaces.Session session = services.namespaces().session()) {
            Observer.Observed observed = observe(scope, course);
            List<Operation> operations = prepare(scope, observed, wanted, course);
            if (operations.isEmpty()) {
                return List.of();
            }
            before.run();
            try {
                List<Plan.Step> done = course.in(Phase.EXECUTE, () -> applier.run(lab, operations, course));
                course.in(Phase.READ_BACK, () -> requireDone(scope, wanted));
                return done;
            } catch (RuntimeException failure) {
                RuntimeException told =
                        undone(scope, observed.network(), becauseOf(attached.missing(lab, wanted), failure));
                attached.forgetOthers(lab, meant);
                throw told;
            }
        }
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
    public List<Plan.Step> planRemoval(String lab, Course course) {
        return steps(removal(Scope.everything(lab, Set.of()), course));
    }

    private List<Operation> removal(Scope scope, Course course) {
        Network had = observe(scope, course).network();
        return course.in(Phase.PLAN, () -> Planner.plan(had, Network.EMPTY));
    }

    /**
     * Removes all that the lab owns; goes on after a failure.
     *
     * @param attempted what a change that was killed was to lead to, the unmarked remains of which are the lab's too
     * @throws RequestException at the end, if something is still there
     */
    public List<Plan.Step> remove(String lab, Network attempted, Course course) {
        Scope scope = Scope.everything(lab, Observer.places(attempted));
        existing.requireUnused(lab);
        services.namespaces().sweep(lab);
        Applier.Outcome removed;
        try (Namespaces.Session session = services.namespaces().session()) {
            List<Operation> operations = removal(scope, course);
            removed = course.in(Phase.EXECUTE, () -> applier.runAll(lab, operations, course));
        }
        if (!removed.failures().isEmpty()
                && !Planner.plan(observer.observe(scope).network(), Network.EMPTY)
                        .isEmpty()) {
            throw withReasons("lab %s could not be removed altogether".formatted(lab), removed.failures());
        }
        attached.forgetOthers(lab, Network.EMPTY);
        return removed.done();
    }

    /**
     * After a change was killed half-way: leads back to what was before, unmarked remains of the change included.
     *
     * @param before what was there
     * @param attempted what the change was to lead to
     */
    public void recover(String lab, Network before, Network attempted) {
        Scope scope = Scope.of(lab, Observer.places(attempted), before, attempted);
        services.cards().restoreReturned().forEach(line -> LOG.info("{}", line));
        services.namespaces().sweep(lab);
        services.foreign().refresh(lab);
        Course course = Course.unattended();
        try (Namespaces.Session session = services.namespaces().session()) {
            applier.run(lab, prepare(scope, observe(scope, course), whatCanBe(lab, before), course), course);
        }
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
                LOG.warn("no host behind {}:{}: {}", name, tap, e.getMessage());
            }
        }));
    }

    private List<Operation> prepare(Scope scope, Observer.Observed observed, Network wanted, Course course) {
        return course.in(Phase.PLAN, () -> {
            requireCapabilities(wanted);
            attached.require(scope.lab(), wanted);
            requireFree(wanted, observed);
            existing.require(scope.lab(), wanted, observed.network());
            return left(scope, observed.network(), wanted);
        });
    }

    /** What stands between a network as it is and as it is wanted. */
    private List<Operation> left(Scope scope, Network had, Network wanted) {
        return Planner.plan(had, asWanted(scope, had, wanted));
    }

    private Network asWanted(Scope scope, Network had, Network wanted) {
        return ExistingBridges.asTheyAre(withDefaults(scope, asThisKernelShowsIt(wanted)), had);
    }

    /** A parameter that was set and is not asked for any more becomes what it is in a new namespace. */
    private Network withDefaults(Scope scope, Network wanted) {
        Map<SysctlName, Optional<String>> known = new HashMap<>();
        return wanted.map(node -> {
            Map<SysctlName, String> defaults = new LinkedHashMap<>();
            for (SysctlName name : scope.sysctls().getOrDefault(node.name(), Set.of())) {
                boolean there = !name.isPerInterface()
                        || node.devices()
                                .containsKey(new InterfaceName(name.parts().get(3)));
                if (!node.settings().sysctls().containsKey(name) && there) {
                    known.computeIfAbsent(name, services.routing()::defaultSysctl)
                            .ifPresent(value -> defaults.put(name, value));
                }
            }
            return node.withSettings(node.settings().withSysctls(defaults));
        });
    }

    private Network asThisKernelShowsIt(Network network) {
        Network shown = services.bridges().supportsVlanFiltering() ? network : Observer.withoutVlanTables(network);
        boolean quiet = shown.nodes().values().stream()
                .anyMatch(node -> node.settings().sysctls().containsKey(Node.NO_IPV6));
        boolean hasNone = quiet
                && services.routing()
                        .sysctl(services.namespaces().host(), Node.NO_IPV6)
                        .isEmpty();
        return hasNone ? shown.map(node -> node.withSettings(node.settings().withoutSysctl(Node.NO_IPV6))) : shown;
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

    /**
     * Leads back to what was there, and reads back whether it is. A step that fails does not keep the others from being done; what is left
     * then is planned and tried once more.
     *
     * @return what to tell the caller: the failure itself, or that and each step that could not be undone
     */
    private RuntimeException undone(Scope scope, Network had, RuntimeException failure) {
        List<Applier.Failure> failures = List.of();
        try {
            Network before = whatCanBe(scope.lab(), withoutLinkLocal(had));
            List<Operation> left = Planner.plan(observer.observe(scope).network(), before);
            for (int attempt = 1; !left.isEmpty() && attempt <= UNDOINGS; attempt++) {
                failures =
                        applier.runAll(scope.lab(), left, Course.unattended()).failures();
                left = Planner.plan(observer.observe(scope).network(), before);
            }
            if (left.isEmpty()) {
                return failure;
            }
            return notUndone(
                    scope.lab(),
                    failure,
                    failures.isEmpty()
                            ? new RequestException("still to do: " + left.get(0).sentence())
                            : withReasons("these steps have failed", failures));
        } catch (RuntimeException e) {
            return notUndone(scope.lab(), failure, e);
        }
    }

    private static RequestException notUndone(String lab, RuntimeException failure, RuntimeException undoing) {
        failure.addSuppressed(undoing);
        return new RequestException(
                "%s; and what was done could not be undone: %s; lab:destroy %s removes all of it"
                        .formatted(failure.getMessage(), undoing.getMessage(), lab),
                failure);
    }

    private static RequestException withReasons(String what, List<Applier.Failure> failures) {
        RequestException told = new RequestException(
                "%s: %s"
                        .formatted(
                                what,
                                failures.stream().map(Applier.Failure::sentence).collect(Collectors.joining("; "))),
                failures.get(0).reason());
        failures.stream().skip(1).forEach(further -> told.addSuppressed(further.reason()));
        return told;
    }

    /** The kernel makes these by itself, anew when an interface comes up. */
    private static Network withoutLinkLocal(Network network) {
        return network.map(node -> {
            Map<InterfaceName, Device> devices = new LinkedHashMap<>();
            node.devices().forEach((name, device) -> devices.put(name, device.withoutAddresses(Planner::isLinkLocal)));
            return node.withDevices(devices);
        });
    }

    private List<Plan.Step> steps(List<Operation> operations) {
        PolicyCommand policies = new PolicyCommand(services.firewall());
        return operations.stream()
                .map(operation -> operation instanceof Operation.SetPolicy set
                        ? Applier.step(operation).withCommand(policies.of(set))
                        : Applier.step(operation))
                .toList();
    }
}
