package io.netyard.firewall;

import static java.util.Comparator.comparing;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.firewall.FirewallBackend.Loaded;
import io.netyard.api.firewall.FirewallBackend.RuleCount;
import io.netyard.api.firewall.FirewallBackend.ToolInput;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.api.netns.Namespaces;
import io.netyard.firewall.StateFiles.KnownNamespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the policies of all namespaces in force while backends come and go. It remembers what is wanted in {@link StateFiles} and
 * reads the rest from the kernel. There is one lock for each namespace; nothing that takes time is done under any other.
 *
 * <p>OSGi tells of a backend that goes before it is stopped, and waits: when {@link #removeBackend} returns, its policies are with others,
 * or else their rules are left in the kernel.
 */
@Component(immediate = true, service = Firewall.class, configurationPid = Pins.PID)
public final class NetyardFirewall implements Firewall {

    private static final Logger LOG = LoggerFactory.getLogger(NetyardFirewall.class);

    /** How long after a start the backends may take to arrive before others take over from those that have not. */
    private static final Duration ARRIVAL = Duration.ofSeconds(30);

    /** Nobody tells when a namespace ends because its last process does. */
    private static final int FORGETTING_SECONDS = 30;

    private final Namespaces namespaces;
    private final StateFiles state;
    private final PinStore store;
    private final BackendList backends = new BackendList();
    private final Enforcer enforcer;
    private final Map<Long, ReentrantLock> locks = new ConcurrentHashMap<>();

    private volatile Pins pins = Pins.NONE;
    private volatile boolean active;
    private volatile boolean arriving = true;
    private ScheduledExecutorService clock;

    @Activate
    public NetyardFirewall(
            @Reference Namespaces namespaces,
            @Reference ConfigurationAdmin configurations,
            Map<String, Object> configuration) {
        this(namespaces, StateFiles.DEFAULT, PinStore.in(configurations), configuration);
    }

    NetyardFirewall(Namespaces namespaces, Path stateDirectory, PinStore store, Map<String, ?> configuration) {
        this.namespaces = namespaces;
        this.state = new StateFiles(stateDirectory);
        this.store = store;
        this.enforcer = new Enforcer(
                state,
                backends,
                new BridgeNetfilter(namespaces),
                () -> pins,
                name -> arriving && !backends.hasBeenSeen(name));
        configure(configuration);
    }

    @Activate
    void activate() {
        active = true;
        reconcile(backends.candidates());
        clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "netyard firewall");
            thread.setDaemon(true);
            return thread;
        });
        clock.schedule(this::allHaveArrived, ARRIVAL.toMillis(), TimeUnit.MILLISECONDS);
        clock.scheduleWithFixedDelay(this::forgetGone, FORGETTING_SECONDS, FORGETTING_SECONDS, TimeUnit.SECONDS);
    }

    /** From now on who is not there is not waited for. */
    void allHaveArrived() {
        arriving = false;
        reconcile(List.of());
    }

    private void forgetGone() {
        try {
            state.namespaces().stream()
                    .filter(known -> !Enforcer.isThere(known))
                    .forEach(known -> forget(known.ref()));
        } catch (RuntimeException e) {
            LOG.warn("what is kept about namespaces that have gone cannot be removed: {}", e.getMessage(), e);
        }
    }

    /** The rules stay, and so does what is written down: whoever is started next finds both. */
    @Deactivate
    void deactivate() {
        active = false;
        clock.shutdownNow();
    }

    @Modified
    void modified(Map<String, Object> configuration) {
        if (configure(configuration)) {
            reconcile(List.of());
        }
    }

    /** @return whether something is different now */
    private boolean configure(Map<String, ?> configuration) {
        Pins before = pins;
        pins = Pins.parse(configuration);
        pins.mistakes().forEach(mistake -> LOG.warn("{}", mistake));
        return !pins.equals(before);
    }

    // Backends

    @Reference(
            service = FirewallBackend.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            updated = "updatedBackend")
    void addBackend(FirewallBackend service, Map<String, Object> properties) {
        if (!(properties.get(FirewallBackend.NAME) instanceof String name) || name.isBlank()) {
            LOG.warn("a firewall backend without the property {} is of no use: {}", FirewallBackend.NAME, properties);
            return;
        }
        KnownBackend backend = new KnownBackend(name, ranking(properties), serviceId(properties), service);
        backends.arrive(serviceId(properties), backend);
        if (active) {
            reconcile(List.of(backend));
        }
    }

    void updatedBackend(Map<String, Object> properties) {
        backends.rank(serviceId(properties), ranking(properties));
        reconcile(List.of());
    }

    void removeBackend(FirewallBackend service, Map<String, Object> properties) {
        // When this component itself is stopped, its references go one by one: that is no news of them.
        if (!active) {
            return;
        }
        backends.startLeaving(serviceId(properties)).ifPresent(backend -> {
            reconcile(List.of());
            backends.left(serviceId(properties));
        });
    }

    private static int ranking(Map<String, Object> properties) {
        return properties.get("service.ranking") instanceof Integer ranking ? ranking : 0;
    }

    private static long serviceId(Map<String, Object> properties) {
        return properties.get("service.id") instanceof Long id ? id : 0;
    }

    private void reconcile(List<KnownBackend> inspected) {
        if (!active) {
            return;
        }
        for (KnownNamespace known : state.namespaces()) {
            try {
                locked(known.ref(), () -> {
                    enforcer.reconcile(known.ref(), inspected);
                    return null;
                });
            } catch (RuntimeException e) {
                // One namespace in trouble must not keep the others from being dealt with. It may just have gone.
                if (Enforcer.isThere(known)) {
                    LOG.warn("{}: its policies cannot be brought in order: {}", known.ref(), e.getMessage(), e);
                } else {
                    forget(known.ref());
                }
            }
        }
    }

    private <T> T locked(NetnsRef netns, Supplier<T> body) {
        ReentrantLock lock = locks.computeIfAbsent(netns.inode(), inode -> new ReentrantLock());
        lock.lock();
        try {
            return body.get();
        } finally {
            lock.unlock();
        }
    }

    // What is asked for

    @Override
    public Choice choose(Policy policy, Optional<String> pin) {
        Map<String, String> against = new LinkedHashMap<>();
        List<KnownBackend> able = Assignment.able(
                policy,
                pin.or(() -> pins.of(policy.layer())),
                backends.candidates(),
                backend -> backend.objection(policy),
                against);
        return new Choice(able.stream().findFirst().map(KnownBackend::name), against);
    }

    @Override
    public Enforcement set(NetnsRef netns, String owner, Policy policy, Optional<String> pin) {
        if (owner.isEmpty() || owner.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("'%s' cannot own a policy".formatted(Text.printable(owner)));
        }
        return labelled(
                netns,
                () -> locked(netns, () -> {
                    dropIfReplaced(netns);
                    state.wanted(netns, policy.name()).ifPresent(old -> {
                        if (!old.owner().equals(owner)) {
                            throw new RequestException(
                                    "policy %s belongs to %s".formatted(policy.name(), ownerText(old.owner())));
                        }
                        if (old.policy().layer() != policy.layer()) {
                            throw new RequestException("policy %s is of layer %s: remove it first"
                                    .formatted(policy.name(), old.policy().layer()));
                        }
                    });
                    return enforcement(netns, enforcer.set(netns, new Wanted(owner, pin, policy)));
                }));
    }

    /** What is written down may be about a namespace that had the same inode. */
    private void dropIfReplaced(NetnsRef netns) {
        state.namespace(netns).filter(known -> !Enforcer.isThere(known)).ifPresent(known -> enforcer.forget(netns));
    }

    private static String ownerText(String owner) {
        return owner.equals(HAND_MADE) ? "what was set by hand" : "lab " + Text.printable(owner);
    }

    @Override
    public void remove(NetnsRef netns, String policy) {
        labelled(
                netns,
                () -> locked(netns, () -> {
                    state.wanted(netns, policy).ifPresent(wanted -> enforcer.remove(netns, wanted));
                    return null;
                }));
    }

    @Override
    public void forget(NetnsRef netns) {
        locked(netns, () -> {
            enforcer.forget(netns);
            return null;
        });
        locks.remove(netns.inode());
    }

    /** Puts the namespace's name in front of refusals that do not have it. */
    private <T> T labelled(NetnsRef netns, Supplier<T> body) {
        try {
            return body.get();
        } catch (RequestException e) {
            String label = namespaces.label(netns) + ": ";
            if (String.valueOf(e.getMessage()).startsWith(label)) {
                throw e;
            }
            throw new RequestException(label + e.getMessage(), e);
        }
    }

    // What there is

    @Override
    public List<Enforcement> enforcements() {
        List<Enforcement> all = new ArrayList<>();
        Map<String, NetnsRef> byLabel = new LinkedHashMap<>();
        state.namespaces().forEach(known -> byLabel.put(namespaces.label(known.ref()), known.ref()));
        byLabel.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> all.addAll(enforcements(each.getValue())));
        return all;
    }

    @Override
    public List<Enforcement> enforcements(NetnsRef netns) {
        return locked(netns, () -> {
            Optional<KnownNamespace> known = state.namespace(netns);
            if (known.isEmpty() || !Enforcer.isThere(known.get())) {
                return List.of();
            }
            return state.wanted(netns).stream()
                    .map(wanted -> enforcement(known.get().ref(), wanted))
                    .toList();
        });
    }

    private Enforcement enforcement(NetnsRef netns, Wanted wanted) {
        Optional<String> trouble = enforcer.trouble(netns, wanted.name());
        Optional<KnownBackend> backend = backends.present(wanted.backend());
        State is;
        String detail;
        if (backend.isEmpty()) {
            is = State.DEGRADED;
            detail = "its rules are in the kernel; %s, which has loaded them, is not there%s"
                    .formatted(
                            wanted.backend(),
                            trouble.map(text -> " (" + text + ")").orElse(""));
        } else {
            Optional<String> fault = fault(netns, wanted, backend.get());
            is = fault.isPresent() ? State.BROKEN : trouble.isPresent() ? State.DEGRADED : State.IN_FORCE;
            detail = fault.or(() -> trouble).orElse("");
        }
        return new Enforcement(
                netns,
                wanted.owner(),
                wanted.policy(),
                wanted.pin(),
                is == State.BROKEN ? Optional.empty() : Optional.of(wanted.backend()),
                is,
                detail);
    }

    private static Optional<String> fault(NetnsRef netns, Wanted wanted, KnownBackend backend) {
        try {
            return backend.hasInForce(netns, wanted.policy())
                    ? Optional.empty()
                    : Optional.of("the rules of %s are not in the kernel as they were loaded: set it again"
                            .formatted(backend));
        } catch (RuntimeException e) {
            return Optional.of("the rules of %s cannot be read: %s".formatted(backend, e.getMessage()));
        }
    }

    @Override
    public List<String> rendered(Enforcement enforcement) {
        return enforcement
                .backend()
                .flatMap(backends::present)
                .map(backend -> backend.service().render(enforcement.policy()))
                .orElse(List.of());
    }

    @Override
    public Loading loading(Policy policy, String backend) {
        KnownBackend by = backends.present(backend)
                .orElseThrow(() -> new RequestException("there is no backend '%s': there %s"
                        .formatted(Text.printable(backend), Assignment.there(backends.candidates()))));
        List<ToolInput> inputs = by.service().loading(policy);
        if (inputs.isEmpty()) {
            throw new RequestException("backend %s has no words for its tool".formatted(backend));
        }
        Map<String, String> sysctls = by.needsBridgeNetfilter(policy)
                ? BridgeNetfilter.on(!policy.taggedPorts().isEmpty())
                : Map.of();
        return new Loading(inputs, new TreeMap<>(sysctls));
    }

    @Override
    public List<Loaded> found(NetnsRef netns) {
        return backends.candidates().stream()
                .filter(backend -> backend.unavailable().isEmpty())
                .flatMap(backend -> backend.service().loaded(netns).stream())
                .toList();
    }

    @Override
    public List<String> others(NetnsRef netns) {
        return backends.candidates().stream()
                .filter(backend -> backend.unavailable().isEmpty())
                .flatMap(backend -> backend.service().others(netns).stream())
                .distinct()
                .toList();
    }

    @Override
    public List<RuleCount> counts(Enforcement enforcement) {
        return enforcement
                .backend()
                .flatMap(backends::present)
                .flatMap(backend -> backend.loaded(enforcement.netns(), enforcement.policy()))
                .map(Loaded::counts)
                .orElse(List.of());
    }

    @Override
    public List<Backend> backends() {
        List<Wanted> all = new ArrayList<>();
        state.namespaces().stream().filter(Enforcer::isThere).forEach(known -> all.addAll(state.wanted(known.ref())));
        Pins now = pins;
        return backends.candidates().stream()
                .map(backend -> new Backend(
                        backend.name(),
                        backend.ranking(),
                        backend.unavailable(),
                        Arrays.stream(Layer.values())
                                .filter(layer -> now.of(layer)
                                        .filter(pin -> Pins.means(pin, backend.name()))
                                        .isPresent())
                                .toList(),
                        (int) all.stream()
                                .filter(wanted -> wanted.backend().equals(backend.name()))
                                .count()))
                .toList();
    }

    @Override
    public List<String> warnings() {
        Pins now = pins;
        List<String> warnings = new ArrayList<>(now.mistakes());
        List<KnownBackend> candidates = backends.candidates();
        Map<String, String> pinned = new LinkedHashMap<>();
        now.all().ifPresent(name -> pinned.put(Pins.key(Optional.empty()), name));
        now.byLayer().entrySet().stream()
                .sorted(comparing(Map.Entry::getKey))
                .forEach(entry -> pinned.put(Pins.key(Optional.of(entry.getKey())), entry.getValue()));
        pinned.forEach((key, name) -> {
            if (candidates.stream().noneMatch(backend -> Pins.means(name, backend.name()))) {
                warnings.add("%s.cfg: %s = %s: there is no such backend (there %s)"
                        .formatted(Pins.PID, key, name, Assignment.there(candidates)));
            }
        });
        return warnings;
    }

    @Override
    public void pin(Optional<Layer> layer, Optional<String> backend) {
        List<KnownBackend> candidates = backends.candidates();
        backend.ifPresent(name -> {
            if (candidates.stream().noneMatch(candidate -> Pins.means(name, candidate.name()))) {
                throw new RequestException("there is no backend '%s': there %s"
                        .formatted(Text.printable(name), Assignment.there(candidates)));
            }
        });
        Pins changed = pins.with(layer, backend);
        for (KnownNamespace known : state.namespaces()) {
            if (Enforcer.isThere(known)) {
                locked(known.ref(), () -> requireEnforceable(known.ref(), changed, layer));
            }
        }
        store.store(Pins.key(layer), backend);
        pins = changed;
        reconcile(List.of());
    }

    private Void requireEnforceable(NetnsRef netns, Pins changed, Optional<Layer> layer) {
        List<Wanted> policies = state.wanted(netns);
        Assignment assignment = enforcer.assignment(netns, policies, changed);
        for (Wanted wanted : policies) {
            boolean concerned =
                    layer.isEmpty() || layer.get() == wanted.policy().layer();
            if (concerned && !assignment.backends().containsKey(wanted.name())) {
                throw new RequestException("%s: policy %s is in force, and %s"
                        .formatted(
                                namespaces.label(netns),
                                wanted.name(),
                                Assignment.text(assignment.objections().get(wanted.name()))));
            }
        }
        return null;
    }
}
