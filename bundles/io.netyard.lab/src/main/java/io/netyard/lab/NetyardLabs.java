package io.netyard.lab;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.lab.Acceptance;
import io.netyard.api.lab.LabStatus;
import io.netyard.api.lab.LabStatus.State;
import io.netyard.api.lab.Labs;
import io.netyard.api.lab.Plan;
import io.netyard.api.lab.Plan.Phase;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.link.Cards;
import io.netyard.api.link.Links;
import io.netyard.api.link.TapHosts;
import io.netyard.api.netns.ForeignNamespaces;
import io.netyard.api.netns.ForeignNamespaces.Attachment;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetworkMonitor;
import io.netyard.api.routing.Routing;
import io.netyard.lab.LabRecords.Record;
import io.netyard.lab.LabStore.Entry;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.file.Meaning;
import io.netyard.lab.layer2.Warnings;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.plan.Boundary;
import io.netyard.lab.plan.Changes;
import io.netyard.lab.plan.Course;
import io.netyard.lab.plan.LogContext;
import io.netyard.lab.plan.Services;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The labs of this host. Holds nothing in memory that matters: what is up is read from the kernel, what it is meant to be from the store, so
 * that a new JVM goes on where the last one was killed.
 */
@Component(service = Labs.class)
public final class NetyardLabs implements Labs {

    private final Namespaces namespaces;
    private final ForeignNamespaces foreign;
    private final Changes changes;
    private final LabStore store;
    private final Rewiring rewiring;
    private final Events events;
    private final Recovery recovery;
    private final Autostart autostart;
    private final Turns turns;
    private final LabDrift drift;

    @Activate
    public NetyardLabs(
            @Reference Namespaces namespaces,
            @Reference ForeignNamespaces foreign,
            @Reference Links links,
            @Reference Bridges bridges,
            @Reference Routing routing,
            @Reference Firewall firewall,
            @Reference Cards cards,
            @Reference TapHosts tapHosts,
            @Reference Events events,
            @Reference NetworkMonitor monitor) {
        this(
                new Services(namespaces, foreign, links, bridges, routing, firewall, cards, tapHosts),
                monitor,
                LabStore.of(namespaces),
                Boundary.NONE,
                events);
    }

    NetyardLabs(Services services, Path stateDirectory, Boundary boundary, Events events) {
        this(services, LabStore.in(stateDirectory, services.namespaces()), boundary, events);
    }

    /** One that is told nothing by the kernel, and sees what somebody else has changed when it is asked. */
    NetyardLabs(Services services, LabStore store, Boundary boundary, Events events) {
        this(services, (namespaces, listener) -> () -> {}, store, boundary, events);
    }

    NetyardLabs(Services services, NetworkMonitor monitor, LabStore store, Boundary boundary, Events events) {
        this.events = events;
        this.namespaces = services.namespaces();
        this.foreign = services.foreign();
        this.changes = new Changes(services, boundary);
        this.store = store;
        this.turns = new Turns(store.turns());
        this.recovery = new Recovery(changes, store);
        this.rewiring = new Rewiring(foreign, changes, store, recovery, turns, events);
        this.autostart = new Autostart(
                store,
                (lab, cancelled) -> turns.locked(
                        lab, cancelled, inTurn -> restore(lost(lab), "autostart", progress -> {}, inTurn)));
        new Adoption(changes, store, recovery, rewiring, turns).adoptAll();
        this.drift = new LabDrift(changes, store, rewiring, monitor, events);
        autostart.begin();
    }

    /** Nothing is begun any more, and what is under way goes on to its end before this returns. */
    @Deactivate
    void close() {
        drift.close();
        rewiring.close();
        autostart.close();
        turns.close();
    }

    @Override
    public Plan plan(Path file, Optional<String> stage) {
        Course course = Course.unattended();
        LabFile read = course.in(Phase.READ, () -> store.files().read(file));
        return LogContext.about(read.name(), () -> plan(entry(read, stage), course));
    }

    @Override
    public Plan planStage(String lab, String stage) {
        Course course = Course.unattended();
        LabFile read = course.in(Phase.READ, () -> settled(lab).file());
        return LogContext.about(lab, () -> plan(entry(read, Optional.of(stage)), course));
    }

    private Plan plan(Entry target, Course course) {
        String lab = target.file().name();
        Meaning meaning = course.in(Phase.COMPILE, target::meaning);
        Warnings warnings = course.in(Phase.COMPILE, () -> store.files().warnings(target));
        Network meant = course.in(Phase.READ, () -> store.meant(lab));
        List<Plan.Step> steps = changes.plan(lab, meant, meaning.network(), course);
        return new Plan(lab, target.stage(), steps, warnings.all(), course.took());
    }

    @Override
    public Plan apply(Path file, Optional<String> stage, Consumer<Progress> progress) {
        long began = System.nanoTime();
        LabFile read = store.files().read(file);
        Duration reading = Duration.ofNanos(System.nanoTime() - began);
        return changing(read.name(), cancelled -> {
            Entry target = entry(read, stage);
            Announcements announcements = new Announcements(events, read.name(), "apply", target.stage());
            Course course = new Course(progress.andThen(announcements::progress), cancelled);
            course.spent(Phase.READ, reading);
            Plan done = change(target, announcements, course);
            read.autostart().ifPresent(wanted -> store.setAutostart(read.name(), wanted));
            return done;
        });
    }

    @Override
    public Plan stage(String lab, String stage, Consumer<Progress> progress) {
        return changing(lab, cancelled -> {
            Announcements announcements = new Announcements(events, lab, "stage", Optional.of(stage));
            Course course = new Course(progress.andThen(announcements::progress), cancelled);
            LabFile read = course.in(Phase.READ, () -> settled(lab).file());
            return change(entry(read, Optional.of(stage)), announcements, course);
        });
    }

    private <T> T changing(String lab, Function<BooleanSupplier, T> change) {
        return turns.alone(lab, cancelled -> {
            recovery.endWhatWasBegun(lab);
            return change.apply(cancelled);
        });
    }

    private Plan change(Entry target, Announcements announcements, Course course) {
        String lab = target.file().name();
        Meaning meaning = course.in(Phase.COMPILE, target::meaning);
        Warnings warnings = course.in(Phase.COMPILE, () -> store.files().warnings(target));
        if (!meaning.allowLoops() && !warnings.storms().isEmpty()) {
            throw new RequestException("lab %s is not built: %s (allow_loops: true in the file builds it all the same)"
                    .formatted(lab, warnings.storms().get(0)));
        }
        Network meant = course.in(Phase.READ, () -> store.meant(lab));
        List<Plan.Step> done;
        try {
            done = changes.make(
                    lab,
                    meant,
                    meaning.network(),
                    () -> {
                        store.begin(lab, target);
                        announcements.begun();
                    },
                    course);
        } catch (RuntimeException e) {
            store.abort(lab);
            announcements.failed(e);
            throw e;
        }
        if (!done.isEmpty() || !store.isSettled(lab, target)) {
            store.settle(lab, target);
        }
        rewiring.follow(lab, meaning.network());
        announcements.ended(done);
        return new Plan(lab, target.stage(), done, warnings.all(), course.took());
    }

    /** With the stage that is really meant. */
    private static Entry entry(LabFile file, Optional<String> stage) {
        return new Entry(file, file.at(stage).description().stage());
    }

    @Override
    public Plan planDestroy(String lab) {
        requireKnown(lab);
        Course course = Course.unattended();
        List<Plan.Step> steps = LogContext.about(lab, () -> changes.planRemoval(lab, course));
        return new Plan(lab, Optional.empty(), steps, List.of(), course.took());
    }

    @Override
    public Plan destroy(String lab, Consumer<Progress> progress) {
        return turns.alone(lab, cancelled -> {
            requireKnown(lab);
            Network attempted = store.changing(lab).map(Entry::network).orElse(Network.EMPTY);
            store.beginDestroying(lab);
            Announcements announcements = new Announcements(events, lab, "destroy", Optional.empty());
            announcements.begun();
            Course course = new Course(progress.andThen(announcements::progress), cancelled);
            List<Plan.Step> done;
            try {
                done = changes.remove(lab, attempted, course);
            } catch (RuntimeException e) {
                store.abort(lab);
                announcements.failed(e);
                throw e;
            }
            store.forget(lab);
            rewiring.follow(lab, Network.EMPTY);
            announcements.ended(done);
            return new Plan(lab, Optional.empty(), done, List.of(), course.took());
        });
    }

    @Override
    public Plan planRecovery(String lab) {
        Course course = Course.unattended();
        Entry target = course.in(Phase.READ, () -> lost(lab));
        Network wanted = course.in(Phase.COMPILE, target::network);
        List<Plan.Step> steps = LogContext.about(lab, () -> changes.planRestoring(lab, wanted, course));
        return new Plan(lab, target.stage(), steps, List.of(), course.took());
    }

    @Override
    public Plan recover(String lab, Consumer<Progress> progress) {
        return changing(lab, cancelled -> restore(lost(lab), "recover", progress, cancelled));
    }

    /** Of a lab that is lost and can be brought back. */
    private Entry lost(String lab) {
        requireKnown(lab);
        Entry entry = store.lost(lab)
                .orElseThrow(
                        () -> new RequestException("lab %s is not lost: nothing has to be brought back".formatted(lab)))
                .entry();
        requireNoPids(entry.file());
        return entry;
    }

    @Override
    public void setAutostart(String lab, boolean autostart) {
        turns.alone(lab, cancelled -> {
            requireKnown(lab);
            if (autostart) {
                requireNoPids(store.lost(lab)
                        .map(Record::entry)
                        .orElseGet(() -> settled(lab))
                        .file());
            }
            store.setAutostart(lab, autostart);
            return null;
        });
    }

    /** The pid of then is somebody else's now. */
    private static void requireNoPids(LabFile file) {
        file.attachedByPid().ifPresent(node -> {
            throw new RequestException(
                    "lab %s attaches node %s by a pid, which means another process after a restart: give its file the new one and apply it"
                            .formatted(file.name(), node));
        });
    }

    @Override
    public List<String> names() {
        TreeSet<String> names = new TreeSet<>(store.namesWithLost());
        names.addAll(foreign.labs());
        namespaces.known().stream()
                .filter(netns -> netns.origin() == Netns.Origin.OWN)
                .forEach(netns -> netns.lab().ifPresent(names::add));
        return List.copyOf(names);
    }

    @Override
    public RunningLab running(String lab) {
        Optional<Entry> settled = store.settled(lab);
        Entry entry = settled.or(() -> store.lost(lab).map(Record::entry)).orElseGet(() -> settled(lab));
        RunningLab described = entry.file().at(entry.stage()).description();
        Map<String, NetnsRef> present = new HashMap<>();
        namespaces.known().stream()
                .filter(netns ->
                        netns.origin() == Netns.Origin.OWN && netns.lab().equals(Optional.of(lab)))
                .forEach(netns -> present.put(netns.name().orElseThrow(), netns.ref()));
        RunningLab.Standing standing = standing(lab, entry.network(), settled.isPresent(), present.keySet());
        present.put(Node.HOST, namespaces.host());
        Map<String, RunningLab.Attached> attached = attached(lab, entry.network(), present);
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
                described.expectations(),
                standing);
    }

    private RunningLab.Standing standing(String lab, Network network, boolean isSettled, Set<String> present) {
        boolean marked = store.autostart(lab);
        if (!isSettled) {
            return new RunningLab.Standing(RunningLab.State.LOST, marked, Optional.of(ended(lab)));
        }
        List<String> made = network.nodes().values().stream()
                .filter(node -> node.origin() instanceof Node.Made)
                .map(Node::name)
                .toList();
        if (!made.isEmpty() && made.stream().noneMatch(present::contains)) {
            return new RunningLab.Standing(
                    RunningLab.State.GONE,
                    marked,
                    Optional.of(
                            "somebody has ended all its namespaces; lab:repair %s brings it back, lab:destroy %s removes what is left"
                                    .formatted(lab, lab)));
        }
        return new RunningLab.Standing(RunningLab.State.UP, marked, Optional.empty());
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
                    .or(() -> present.containsKey(name) && !rewiring.isInWork(lab)
                            ? Optional.empty()
                            : Optional.of(rewiring.trouble(lab)));
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

    @Override
    public LabStatus status(String lab) {
        if (store.settled(lab).isEmpty()) {
            requireKnown(lab);
            if (store.lost(lab).isPresent() && !drift.isChanging(lab)) {
                return new LabStatus(lab, State.LOST, Optional.empty(), List.of(), Optional.of(ended(lab)));
            }
        }
        return drift.status(lab);
    }

    @Override
    public Plan planRepair(String lab) {
        Course course = Course.unattended();
        Entry entry = course.in(Phase.READ, () -> settled(lab));
        List<Plan.Step> steps = LogContext.about(lab, () -> changes.planRestoring(lab, entry.network(), course));
        return new Plan(lab, entry.stage(), steps, List.of(), course.took());
    }

    @Override
    public Plan repair(String lab, Consumer<Progress> progress) {
        return changing(lab, cancelled -> restore(settled(lab), "repair", progress, cancelled));
    }

    private Plan restore(Entry entry, String change, Consumer<Progress> progress, BooleanSupplier cancelled) {
        String lab = entry.file().name();
        Announcements announcements = new Announcements(events, lab, change, entry.stage());
        Course course = new Course(progress.andThen(announcements::progress), cancelled);
        Network meant = course.in(Phase.COMPILE, entry::network);
        List<Plan.Step> done;
        try {
            done = changes.restore(
                    lab,
                    meant,
                    () -> {
                        store.begin(lab, entry);
                        announcements.begun();
                    },
                    course);
        } catch (RuntimeException e) {
            store.abort(lab);
            announcements.failed(e);
            throw e;
        }
        store.settle(lab, entry);
        rewiring.follow(lab, meant);
        announcements.ended(done);
        return new Plan(lab, entry.stage(), done, List.of(), course.took());
    }

    @Override
    public Acceptance planAccept(String lab) {
        return drift.proposeAcceptance(settled(lab));
    }

    @Override
    public Acceptance accept(String lab) {
        return changing(lab, cancelled -> drift.accept(settled(lab)));
    }

    private Entry settled(String lab) {
        return store.settled(lab).orElseThrow(() -> {
            requireKnown(lab);
            return new RequestException(
                    store.lost(lab).isPresent() ? "lab %s: %s".formatted(lab, ended(lab)) : LabStore.noFile(lab));
        });
    }

    private String ended(String lab) {
        return "it ended when the machine was restarted%s; lab:recover %s brings it back, lab:destroy %s forgets it"
                .formatted(store.autostart(lab) ? ", and " + autostart.trouble(lab) : "", lab, lab);
    }

    private void requireKnown(String lab) {
        List<String> names = names();
        if (!names.contains(lab)) {
            throw new RequestException("no lab '%s' is up; %s"
                    .formatted(
                            io.netyard.api.Text.printable(lab),
                            names.isEmpty() ? "there is none" : "there are: " + String.join(", ", names)));
        }
    }
}
