package io.netyard.firewall;

import static java.util.Comparator.comparing;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.firewall.FirewallBackend.Loaded;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.firewall.StateFiles.KnownNamespace;
import io.netyard.kernel.NamespaceThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the kernel enforce what is wanted in one namespace at a time. Always make before break: the new rules are loaded and read
 * back, then it is written down who has them, then the old ones go. In between a packet must please both, which say the same. Killed
 * anywhere, the next start finds what is written down and in the kernel, and goes on from there.
 *
 * <p>Callers hold the lock of the namespace.
 */
final class Enforcer {

    private static final Logger LOG = LoggerFactory.getLogger(Enforcer.class);

    private static final Pattern PROCESS = Pattern.compile("/proc/(\\d{1,9})/.*");

    /** In /proc/PID/stat, counted from what follows the command in parentheses (proc_pid_stat(5): field 22). */
    private static final int START_TIME = 19;

    private record Key(long inode, String policy) {}

    private final StateFiles state;
    private final BackendList backends;
    private final BridgeNetfilter bridgeNetfilter;
    private final Supplier<Pins> pins;
    private final Predicate<String> awaited;

    /** Why a policy is not with the backend that it should be with. */
    private final Map<Key, String> trouble = new ConcurrentHashMap<>();

    /** @param awaited whether a backend that is not there yet is expected to come soon */
    Enforcer(
            StateFiles state,
            BackendList backends,
            BridgeNetfilter bridgeNetfilter,
            Supplier<Pins> pins,
            Predicate<String> awaited) {
        this.state = state;
        this.backends = backends;
        this.bridgeNetfilter = bridgeNetfilter;
        this.pins = pins;
        this.awaited = awaited;
    }

    Optional<String> trouble(NetnsRef netns, String policy) {
        return Optional.ofNullable(trouble.get(new Key(netns.inode(), policy)));
    }

    void forget(NetnsRef netns) {
        state.forget(netns);
        trouble.keySet().removeIf(key -> key.inode() == netns.inode());
    }

    Assignment assignment(NetnsRef netns, List<Wanted> policies, Pins by) {
        return Assignment.of(netns, policies, by, backends.candidates());
    }

    // One policy

    Wanted set(NetnsRef netns, Wanted fresh) {
        String name = fresh.name();
        Optional<Wanted> old = state.wanted(netns, name);
        List<Wanted> before = state.wanted(netns);
        List<Wanted> after = new ArrayList<>(before);
        after.removeIf(wanted -> wanted.name().equals(name));
        after.add(fresh);
        after.sort(comparing(Wanted::name));
        Assignment assignment = assignment(netns, after, pins.get());
        KnownBackend target = assignment.backends().get(name);
        if (target == null) {
            throw new RequestException("no backend here can enforce policy %s: %s"
                    .formatted(name, Assignment.text(assignment.objections().get(name))));
        }
        requireOthers(netns, before, name, assignment);
        Wanted wanted = fresh.by(target);
        if (old.equals(Optional.of(wanted)) && target.hasInForce(netns, wanted.policy())) {
            return wanted;
        }
        if (state.namespace(netns).isEmpty()) {
            state.write(new KnownNamespace(netns, started(netns), bridgeNetfilter.read(netns)));
        }
        state.announce(netns, wanted);
        try {
            for (Wanted each : inOrder(after, assignment.bridgeNetfilter())) {
                if (each.name().equals(name)) {
                    install(netns, wanted, target, old);
                } else {
                    moveTo(assignment, netns, each);
                }
            }
        } catch (RuntimeException failure) {
            undo(failure, () -> state.withdraw(netns, name));
            undo(failure, () -> settle(netns, List.of()));
            undo(failure, () -> applySysctls(netns));
            throw failure;
        }
        trouble.remove(new Key(netns.inode(), name));
        applySysctls(netns);
        return wanted;
    }

    /** A policy that is in force must not fall because another one comes. */
    private void requireOthers(NetnsRef netns, List<Wanted> before, String name, Assignment assignment) {
        for (Wanted other : before) {
            if (!other.name().equals(name)
                    && !assignment.backends().containsKey(other.name())
                    && assignment(netns, before, pins.get()).backends().containsKey(other.name())) {
                throw new RequestException("policies %s and %s cannot be enforced side by side here: for %s, %s"
                        .formatted(
                                name,
                                other.name(),
                                other.name(),
                                Assignment.text(assignment.objections().get(other.name()))));
            }
        }
    }

    private void moveTo(Assignment assignment, NetnsRef netns, Wanted other) {
        KnownBackend target = assignment.backends().get(other.name());
        if (target != null
                && !target.name().equals(other.backend())
                && backends.present(other.backend()).isPresent()) {
            handOver(netns, other, target, false);
        }
    }

    private void install(NetnsRef netns, Wanted wanted, KnownBackend target, Optional<Wanted> old) {
        prepareSysctls(netns, wanted);
        boolean replaces =
                old.filter(before -> before.backend().equals(target.name())).isPresent();
        try {
            loadAndReadBack(netns, wanted.policy(), target);
        } catch (RuntimeException failure) {
            undo(failure, () -> {
                if (replaces) {
                    Policy before = old.get().policy();
                    if (!target.hasInForce(netns, before)) {
                        target.service().load(netns, before);
                    }
                } else {
                    target.service().unload(netns, wanted.policy().layer(), wanted.name());
                }
            });
            throw failure;
        }
        state.write(netns, wanted);
        if (old.isPresent() && !replaces) {
            takeAway(netns, old.get());
        }
    }

    void remove(NetnsRef netns, Wanted wanted) {
        KnownBackend backend = backends.reachable(wanted.backend())
                .orElseThrow(() -> new RequestException(
                        "policy %s was loaded by %s, which is not there: start it, or destroy the namespace"
                                .formatted(wanted.name(), wanted.backend())));
        backend.service().unload(netns, wanted.policy().layer(), wanted.name());
        state.delete(netns, wanted.name());
        trouble.remove(new Key(netns.inode(), wanted.name()));
        settle(netns, List.of());
        applySysctls(netns);
    }

    // All policies of a namespace

    /**
     * Brings together what is wanted, what is in the kernel and which backends there are.
     *
     * @param inspected backends whose rules in the kernel are looked at: they may be somebody's who is not meant to have any
     */
    void reconcile(NetnsRef netns, List<KnownBackend> inspected) {
        Optional<KnownNamespace> known = state.namespace(netns);
        if (known.isEmpty()) {
            return;
        }
        if (!isThere(known.get())) {
            LOG.info("{} has gone, and its policies with it", netns);
            forget(netns);
            return;
        }
        // What was being set when somebody was killed was never in force for anybody who asked.
        state.unfinished(netns).forEach(policy -> state.withdraw(netns, policy));
        settle(netns, inspected);
        for (KnownBackend backend : inspected) {
            if (backend.unavailable().isEmpty()) {
                tidy(netns, backend);
            }
        }
        applySysctls(netns);
    }

    /** Hands over each policy that is not with the backend that it should be with. */
    private void settle(NetnsRef netns, List<KnownBackend> inspected) {
        List<Wanted> policies = state.wanted(netns);
        Assignment assignment = assignment(netns, policies, pins.get());
        for (Wanted wanted : inOrder(policies, assignment.bridgeNetfilter())) {
            if (backends.present(wanted.backend()).isEmpty() && awaited.test(wanted.backend())) {
                continue;
            }
            Key key = new Key(netns.inode(), wanted.name());
            KnownBackend target = assignment.backends().get(wanted.name());
            if (target == null) {
                trouble.put(key, Assignment.text(assignment.objections().get(wanted.name())));
            } else if (target.name().equals(wanted.backend())) {
                trouble.remove(key);
            } else {
                try {
                    handOver(netns, wanted, target, inspected.contains(target));
                    trouble.remove(key);
                } catch (RuntimeException e) {
                    LOG.warn("{}: {} cannot take policy {} over: {}", netns, target, wanted.name(), e.getMessage(), e);
                    trouble.put(key, "%s cannot take over: %s".formatted(target, e.getMessage()));
                }
            }
        }
    }

    /** @param adopt whether the target may have it in force already */
    private void handOver(NetnsRef netns, Wanted wanted, KnownBackend target, boolean adopt) {
        Wanted moved = wanted.by(target);
        try {
            prepareSysctls(netns, moved);
            if (!adopt || !target.hasInForce(netns, wanted.policy())) {
                loadAndReadBack(netns, wanted.policy(), target);
            }
        } catch (RuntimeException failure) {
            undo(failure, () -> target.service().unload(netns, wanted.policy().layer(), wanted.name()));
            undo(failure, () -> applySysctls(netns));
            throw failure;
        }
        state.write(netns, moved);
        takeAway(netns, wanted);
        applySysctls(netns);
        LOG.info("{}: {} has taken policy {} over from {}", netns, target, wanted.name(), wanted.backend());
    }

    private static void loadAndReadBack(NetnsRef netns, Policy policy, KnownBackend target) {
        target.service().load(netns, policy);
        if (!target.hasInForce(netns, policy)) {
            throw new RequestException("%s has loaded policy %s, but it is not in the kernel as it was asked for"
                    .formatted(target, policy.name()));
        }
    }

    /** The rules of who had it. If he is not there, they stay until he comes back: they say the same. */
    private void takeAway(NetnsRef netns, Wanted wanted) {
        Optional<KnownBackend> had = backends.reachable(wanted.backend());
        if (had.isEmpty()) {
            return;
        }
        try {
            had.get().service().unload(netns, wanted.policy().layer(), wanted.name());
        } catch (RuntimeException e) {
            LOG.warn("{}: {} cannot take its rules of policy {} away", netns, had.get(), wanted.name(), e);
        }
    }

    /** Loads again what is not there as it was loaded, and removes what a backend still has of policies that are not with it. */
    private void tidy(NetnsRef netns, KnownBackend backend) {
        Map<String, Wanted> here = new HashMap<>();
        state.wanted(netns).stream()
                .filter(wanted -> wanted.backend().equals(backend.name()))
                .forEach(wanted -> here.put(wanted.name(), wanted));
        List<Loaded> inKernel;
        try {
            inKernel = backend.service().loaded(netns);
        } catch (RuntimeException e) {
            LOG.warn("{}: {} cannot read its rules", netns, backend, e);
            return;
        }
        for (Loaded loaded : inKernel) {
            Wanted wanted = here.get(loaded.policy());
            if (wanted == null || wanted.policy().layer() != loaded.layer()) {
                LOG.info(
                        "{}: removing rules of {} for policy {}, which is not with it",
                        netns,
                        backend,
                        loaded.policy());
                try {
                    backend.service().unload(netns, loaded.layer(), loaded.policy());
                } catch (RuntimeException e) {
                    LOG.warn("{}: {} cannot remove its rules", netns, backend, e);
                }
            }
        }
        for (Wanted wanted : here.values()) {
            boolean whole = inKernel.stream()
                    .anyMatch(loaded -> loaded.policy().equals(wanted.name())
                            && loaded.layer() == wanted.policy().layer()
                            && loaded.fingerprint().equals(wanted.policy().fingerprint()));
            if (!whole) {
                try {
                    prepareSysctls(netns, wanted);
                    loadAndReadBack(netns, wanted.policy(), backend);
                    LOG.info("{}: {} has loaded policy {} again", netns, backend, wanted.name());
                } catch (RuntimeException e) {
                    LOG.warn("{}: {} cannot load policy {} again", netns, backend, wanted.name(), e);
                }
            }
        }
    }

    /**
     * Before bridged frames are handed to the IP hooks, the rules there must be such as ignore them; before rules are loaded that do not,
     * the frames must have ceased to come.
     */
    private static List<Wanted> inOrder(List<Wanted> policies, boolean bridgeNetfilter) {
        Comparator<Wanted> linkFirst = comparing(wanted -> wanted.policy().layer() != Layer.LINK);
        return policies.stream()
                .sorted(bridgeNetfilter ? linkFirst.reversed() : linkFirst)
                .toList();
    }

    // Sysctls

    private void prepareSysctls(NetnsRef netns, Wanted coming) {
        if (!coming.bridged()) {
            return;
        }
        bridgeNetfilter.require();
        List<Wanted> bridged = new ArrayList<>(state.wanted(netns));
        bridged.removeIf(wanted -> !wanted.bridged());
        bridged.add(coming);
        bridgeNetfilter.write(netns, BridgeNetfilter.on(tagged(bridged)));
    }

    /** As the policies that are in force need them; as they were if there is none. */
    private void applySysctls(NetnsRef netns) {
        Optional<KnownNamespace> known = state.namespace(netns);
        if (known.isEmpty()) {
            return;
        }
        List<Wanted> policies = state.wanted(netns);
        if (policies.isEmpty()) {
            bridgeNetfilter.write(netns, known.get().sysctls());
            state.forget(netns);
            return;
        }
        List<Wanted> bridged = policies.stream().filter(Wanted::bridged).toList();
        if (bridged.isEmpty()) {
            Map<String, String> off = new HashMap<>(BridgeNetfilter.off());
            Optional.ofNullable(known.get().sysctls().get(BridgeNetfilter.FILTER_VLAN_TAGGED))
                    .ifPresent(was -> off.put(BridgeNetfilter.FILTER_VLAN_TAGGED, was));
            bridgeNetfilter.write(netns, off);
        } else {
            bridgeNetfilter.write(netns, BridgeNetfilter.on(tagged(bridged)));
        }
    }

    private static boolean tagged(List<Wanted> policies) {
        return policies.stream()
                .anyMatch(wanted -> !wanted.policy().taggedPorts().isEmpty());
    }

    // Which namespace is meant

    /** Gone is only what surely is: its policies are forgotten. */
    static boolean isThere(KnownNamespace known) {
        Path net = known.ref().net();
        try {
            if (NamespaceThread.inode(net) != known.ref().inode()) {
                return false;
            }
        } catch (RequestException e) {
            return !Files.notExists(net);
        }
        Optional<String> started = started(known.ref());
        return started.isEmpty() || started.equals(known.started());
    }

    private static Optional<String> started(NetnsRef netns) {
        Matcher process = PROCESS.matcher(netns.net().toString());
        if (!process.matches()) {
            return Optional.empty();
        }
        try {
            String stat = Files.readString(Path.of("/proc", process.group(1), "stat"));
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START_TIME]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void undo(RuntimeException failure, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }
}
