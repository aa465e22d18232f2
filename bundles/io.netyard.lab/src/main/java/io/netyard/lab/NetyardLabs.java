package io.netyard.lab;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.lab.Labs;
import io.netyard.api.lab.Plan;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.link.Cards;
import io.netyard.api.link.Links;
import io.netyard.api.link.TapHosts;
import io.netyard.api.netns.ForeignNamespaces;
import io.netyard.api.netns.ForeignNamespaces.Attachment;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.api.routing.Routing;
import io.netyard.lab.LabStore.Entry;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.file.Meaning;
import io.netyard.lab.layer2.Warnings;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.plan.Changes;
import io.netyard.lab.plan.Services;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The labs of this host. Holds nothing in memory that matters: what is up is read from the kernel, what it is meant to be from the store, so
 * that a new JVM goes on where the last one was killed.
 */
@Component(service = Labs.class)
public final class NetyardLabs implements Labs {

    private static final Logger LOG = LoggerFactory.getLogger(NetyardLabs.class);

    /** How long one that waits for its turn may stay unaware that it is not wanted any more. */
    private static final long LOCK_MILLIS = 100;

    private static final int REWIRINGS = 3;

    private static final long REWIRING_MILLIS = 300;

    private final Namespaces namespaces;
    private final ForeignNamespaces foreign;
    private final Changes changes;
    private final LabStore store;
    private final Rewiring rewiring;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** Why a lab could not be wired again when something came back, until it can. */
    private final Map<String, String> troubles = new ConcurrentHashMap<>();

    /** Labs that are being wired again this moment. */
    private final Set<String> inWork = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    @Activate
    public NetyardLabs(
            @Reference Namespaces namespaces,
            @Reference ForeignNamespaces foreign,
            @Reference Links links,
            @Reference Bridges bridges,
            @Reference Routing routing,
            @Reference Firewall firewall,
            @Reference Cards cards,
            @Reference TapHosts tapHosts) {
        this(new Services(namespaces, foreign, links, bridges, routing, firewall, cards, tapHosts), LabStore.DEFAULT);
    }

    NetyardLabs(Services services, Path stateDirectory) {
        this.namespaces = services.namespaces();
        this.foreign = services.foreign();
        this.changes = new Changes(services);
        this.store = new LabStore(stateDirectory);
        this.rewiring = new Rewiring(foreign, this::rewire);
        for (String lab : store.names()) {
            if (store.isChanging(lab)) {
                recover(lab);
            } else if (store.settled(lab).isEmpty()) {
                store.forget(lab);
            } else {
                resume(lab);
            }
        }
        store.names().forEach(this::follow);
    }

    /** Changes that are under way go on; whoever has been told of a namespace only now does nothing any more. */
    @Deactivate
    void close() {
        closed = true;
        rewiring.close();
    }

    private void follow(String lab) {
        try {
            rewiring.follow(lab, meant(lab));
        } catch (RuntimeException e) {
            LOG.error("Lab {}: what it has attached is not watched: {}", lab, e.getMessage(), e);
        }
    }

    /** Something that a lab has attached is back: what the lab has there is made anew, and whatever went with it elsewhere. */
    private void rewire(String lab) {
        Thread thread = new Thread(() -> rewireUntilDone(lab), "netyard wiring of " + lab);
        thread.setDaemon(true);
        thread.start();
    }

    /** More than once: whoever has started the container may still be busy with its interfaces. */
    private void rewireUntilDone(String lab) {
        try {
            for (int attempt = 1; attempt <= REWIRINGS && !closed; attempt++) {
                boolean last = attempt == REWIRINGS;
                if (locked(lab, () -> closed, cancelled -> store.settled(lab)
                        .map(entry -> rewire(lab, entry, cancelled, last))
                        .orElse(true))) {
                    return;
                }
                Thread.sleep(REWIRING_MILLIS);
            }
        } catch (RuntimeException e) {
            LOG.warn("Lab {}: not wired again: {}", lab, e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** @return whether there is nothing left to do */
    private boolean rewire(String lab, Entry target, BooleanSupplier cancelled, boolean last) {
        inWork.add(lab);
        try {
            Network meant = network(target);
            List<Plan.Step> done = changes.rewire(lab, meant, () -> store.begin(lab, target), cancelled);
            store.settle(lab, target);
            troubles.remove(lab);
            if (!done.isEmpty()) {
                LOG.info("Lab {}: wired again, {} steps", lab, done.size());
            }
            return true;
        } catch (RuntimeException e) {
            store.abort(lab);
            troubles.put(lab, e.getMessage());
            if (last) {
                LOG.error("Lab {}: what has come back cannot be wired: {}", lab, e.getMessage(), e);
            } else {
                LOG.info("Lab {}: not wired yet: {}", lab, e.getMessage());
            }
            return false;
        } finally {
            inWork.remove(lab);
        }
    }

    private void resume(String lab) {
        try {
            changes.resume(lab, meant(lab));
        } catch (RuntimeException e) {
            LOG.error("Lab {}: cannot be taken up again: {}", lab, e.getMessage(), e);
        }
    }

    /** What a lab was last meant to be. */
    private Network meant(String lab) {
        return store.settled(lab).map(NetyardLabs::network).orElse(Network.EMPTY);
    }

    /** A change that was begun and never ended: it becomes one that never was. What was being destroyed is destroyed. */
    private void recover(String lab) {
        try {
            Optional<Entry> attempted = store.changing(lab);
            if (attempted.isEmpty()) {
                changes.remove(lab, Set.of(), progress -> {});
                store.forget(lab);
                LOG.info("Lab {}: destroyed what was left", lab);
                return;
            }
            Network before = meant(lab);
            changes.recover(lab, before, network(attempted.get()));
            store.abort(lab);
            changes.resume(lab, before);
            LOG.info("Lab {}: a change was killed half-way; the lab is again as it was before", lab);
        } catch (RuntimeException e) {
            // The appliance must come up: the operator needs it to look, and to destroy the lab.
            LOG.error("Lab {}: a change was killed half-way and cannot be undone: {}", lab, e.getMessage(), e);
        }
    }

    private static Meaning meaning(Entry entry) {
        return entry.file().at(entry.stage());
    }

    private static Network network(Entry entry) {
        return meaning(entry).network();
    }

    @Override
    public Plan plan(Path file, Optional<String> stage) {
        return plan(entry(LabFile.read(file), stage));
    }

    @Override
    public Plan planStage(String lab, String stage) {
        return plan(entry(settled(lab).file(), Optional.of(stage)));
    }

    private Plan plan(Entry target) {
        String lab = target.file().name();
        Meaning meaning = meaning(target);
        List<String> warnings =
                Warnings.of(meaning.network(), meaning.description()).all();
        return new Plan(lab, target.stage(), changes.plan(lab, meant(lab), meaning.network()), warnings);
    }

    @Override
    public Plan apply(Path file, Optional<String> stage, Consumer<Progress> progress) {
        LabFile read = LabFile.read(file);
        return alone(read.name(), cancelled -> change(entry(read, stage), progress, cancelled));
    }

    @Override
    public Plan stage(String lab, String stage, Consumer<Progress> progress) {
        return alone(lab, cancelled -> change(entry(settled(lab).file(), Optional.of(stage)), progress, cancelled));
    }

    private Plan change(Entry target, Consumer<Progress> progress, BooleanSupplier cancelled) {
        String lab = target.file().name();
        Meaning meaning = meaning(target);
        Warnings warnings = Warnings.of(meaning.network(), meaning.description());
        if (!meaning.allowLoops() && !warnings.storms().isEmpty()) {
            throw new RequestException("lab %s is not built: %s (allow_loops: true in the file builds it all the same)"
                    .formatted(lab, warnings.storms().get(0)));
        }
        List<Plan.Step> done;
        try {
            done = changes.make(
                    lab, meant(lab), meaning.network(), () -> store.begin(lab, target), progress, cancelled);
        } catch (RuntimeException e) {
            store.abort(lab);
            throw e;
        }
        store.settle(lab, target);
        troubles.remove(lab);
        rewiring.follow(lab, meaning.network());
        return new Plan(lab, target.stage(), done, warnings.all());
    }

    /** With the stage that is really meant. */
    private static Entry entry(LabFile file, Optional<String> stage) {
        return new Entry(file, file.at(stage).description().stage());
    }

    @Override
    public Plan planDestroy(String lab) {
        requireUp(lab);
        return new Plan(lab, Optional.empty(), changes.planRemoval(lab), List.of());
    }

    @Override
    public Plan destroy(String lab, Consumer<Progress> progress) {
        return alone(lab, cancelled -> {
            requireUp(lab);
            store.beginDestroying(lab);
            List<Plan.Step> done;
            try {
                done = changes.remove(lab, Set.of(), progress);
            } catch (RuntimeException e) {
                store.abort(lab);
                throw e;
            }
            store.forget(lab);
            troubles.remove(lab);
            rewiring.follow(lab, Network.EMPTY);
            return new Plan(lab, Optional.empty(), done, List.of());
        });
    }

    @Override
    public List<String> names() {
        TreeSet<String> names = new TreeSet<>(store.names());
        names.addAll(foreign.labs());
        namespaces.known().stream()
                .filter(netns -> netns.origin() == Netns.Origin.OWN)
                .forEach(netns -> netns.lab().ifPresent(names::add));
        return List.copyOf(names);
    }

    @Override
    public RunningLab running(String lab) {
        Entry entry = settled(lab);
        RunningLab described = entry.file().at(entry.stage()).description();
        Map<String, NetnsRef> present = new HashMap<>();
        namespaces.known().stream()
                .filter(netns ->
                        netns.origin() == Netns.Origin.OWN && netns.lab().equals(Optional.of(lab)))
                .forEach(netns -> present.put(netns.name().orElseThrow(), netns.ref()));
        present.put(Node.HOST, namespaces.host());
        Map<String, RunningLab.Attached> attached = attached(lab, network(entry), present);
        return new RunningLab(
                described.name(),
                described.file(),
                described.stages(),
                described.stage(),
                described.nodes().stream()
                        .map(node -> new RunningLab.Node(
                                node.name(),
                                Optional.ofNullable(present.get(node.name())),
                                node.addresses(),
                                Optional.ofNullable(attached.get(node.name()))))
                        .toList(),
                described.switches(),
                described.groups(),
                described.expectations());
    }

    /** @param present gets the namespaces of those that are there */
    private Map<String, RunningLab.Attached> attached(String lab, Network network, Map<String, NetnsRef> present) {
        Map<String, Attachment> known = new HashMap<>();
        foreign.attachments(lab).forEach(attachment -> known.put(attachment.node(), attachment));
        Map<String, String> missing = changes.missing(lab, network);
        Map<String, RunningLab.Attached> attached = new HashMap<>();
        network.nodes().forEach((name, node) -> node.attached().ifPresent(what -> {
            Optional<Attachment> had = Optional.ofNullable(known.get(name))
                    .filter(attachment -> attachment.what().equals(what));
            had.flatMap(Attachment::netns).ifPresent(netns -> present.put(name, netns));
            Optional<String> trouble = Optional.ofNullable(missing.get(name))
                    .or(() -> present.containsKey(name) && !inWork.contains(lab)
                            ? Optional.empty()
                            : Optional.of(troubles.getOrDefault(lab, "it is about to be wired")));
            attached.put(
                    name,
                    new RunningLab.Attached(
                            what,
                            had.map(Attachment::since),
                            had.filter(attachment -> attachment.times() > 1).isPresent(),
                            trouble));
        }));
        return attached;
    }

    private Entry settled(String lab) {
        return store.settled(lab).orElseThrow(() -> {
            requireUp(lab);
            return new RequestException(
                    "no file is known of lab %s, it was made by hand or left half-made: lab:apply its file, or lab:destroy %s"
                            .formatted(lab, lab));
        });
    }

    private void requireUp(String lab) {
        List<String> names = names();
        if (!names.contains(lab)) {
            throw new RequestException("no lab '%s' is up; %s"
                    .formatted(
                            io.netyard.api.Text.printable(lab),
                            names.isEmpty() ? "there is none" : "there are: " + String.join(", ", names)));
        }
    }

    /**
     * Does work that changes one lab, one after the other, on a thread that nobody can interrupt. Who waits for it can be: then the work is
     * told that it is not wanted any more, and still waited for, since only it can say what has become of the lab.
     */
    private <T> T alone(String lab, Function<BooleanSupplier, T> work) {
        AtomicBoolean cancelled = new AtomicBoolean();
        FutureTask<T> task = new FutureTask<>(() -> locked(lab, cancelled::get, work));
        Thread thread = new Thread(task, "netyard lab " + lab);
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cancelled.set(true);
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) e.getCause();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> T locked(String lab, BooleanSupplier cancelled, Function<BooleanSupplier, T> work) {
        ReentrantLock lock = locks.computeIfAbsent(lab, name -> new ReentrantLock());
        try {
            while (!lock.tryLock(LOCK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (cancelled.getAsBoolean()) {
                    throw new RequestException(
                            "interrupted while another change of lab %s was under way: nothing was done"
                                    .formatted(lab));
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
        try {
            return work.apply(cancelled);
        } finally {
            lock.unlock();
        }
    }
}
