package io.netyard.netns;

import static java.util.Comparator.comparing;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.ProgramException;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.container.Container;
import io.netyard.api.container.Containers;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NamespaceHolder.Held;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.Netns.Origin;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.api.netns.Way;
import io.netyard.api.netns.Way.Member;
import io.netyard.kernel.KeptNamespaces;
import io.netyard.kernel.NamespaceThread;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.netns.inventory.NamespaceScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespaces of this host, found in /proc, in the mounts and by asking the holders: each time anew. Holders come and
 * go while this runs; a namespace whose holder has gone shows as foreign until it comes back.
 *
 * <p>Waits for the three holders of its own bundle, so that nobody meets it without them at start.
 */
@Component(service = Namespaces.class, property = "Holder.cardinality.minimum:Integer=3")
public final class LinuxNamespaces implements Namespaces {

    private static final Logger LOG = LoggerFactory.getLogger(LinuxNamespaces.class);

    private static final Pattern PROC = Pattern.compile("/proc/(\\d{1,9})/ns/net");

    private static final Path NO_IPV6 = Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6");

    private static final Path OWN = Path.of("/proc/self/ns");

    private final List<NamespaceHolder> holders = new CopyOnWriteArrayList<>();
    private final Set<String> beingMade = ConcurrentHashMap.newKeySet();
    private final Attachments attachments;
    private final LabAttachments ofLabs;
    private final Programs programs = new Programs();

    private volatile Containers containers;

    @Activate
    public LinuxNamespaces() {
        this(StateDirectory.DEFAULT);
    }

    LinuxNamespaces(StateDirectory state) {
        this.attachments = new Attachments(state);
        this.ofLabs = new LabAttachments(state);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setContainers(Containers service) {
        containers = service;
    }

    void unsetContainers(Containers service) {
        if (containers == service) {
            containers = null;
        }
    }

    @Reference(name = "Holder", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addHolder(NamespaceHolder holder) {
        holders.add(holder);
    }

    public void removeHolder(NamespaceHolder holder) {
        holders.remove(holder);
    }

    @Override
    public Map<String, String> holders() {
        Map<String, String> described = new TreeMap<>();
        holders.forEach(holder -> described.putIfAbsent(holder.name(), holder.description()));
        return described;
    }

    @Override
    public Netns create(NetnsSpec spec, boolean ipv6) {
        NamespaceHolder holder = claim(spec);
        try {
            return made(holder, spec, NamespaceThread.callInNew(spec.name(), () -> heldBy(holder, spec, ipv6)));
        } finally {
            beingMade.remove(label(spec));
        }
    }

    @Override
    public Batch createAll(Map<NetnsSpec, Boolean> specs) {
        Map<NetnsSpec, NamespaceHolder> claimed = new LinkedHashMap<>();
        try {
            specs.keySet().forEach(spec -> claimed.put(spec, claim(spec)));
        } catch (RuntimeException e) {
            claimed.keySet().forEach(spec -> beingMade.remove(label(spec)));
            throw e;
        }
        return NamespaceBatch.start(
                List.copyOf(claimed.keySet()),
                spec -> heldBy(claimed.get(spec), spec, specs.get(spec)),
                (spec, ref) -> made(claimed.get(spec), spec, ref),
                spec -> beingMade.remove(label(spec)));
    }

    /** The name is taken from now on. */
    private NamespaceHolder claim(NetnsSpec spec) {
        NamespaceHolder holder = holder(spec.holder());
        String label = label(spec);
        if (label.equals("host")) {
            throw new RequestException("'host' means the appliance's own namespace: use another name");
        }
        if (!beingMade.add(label)) {
            throw new RequestException("namespace '" + label + "' is being made already");
        }
        try {
            requireFree(label);
            return holder;
        } catch (RuntimeException e) {
            beingMade.remove(label);
            throw e;
        }
    }

    private static Netns made(NamespaceHolder holder, NetnsSpec spec, NetnsRef ref) {
        OptionalLong pid = pidOf(ref);
        SessionOfThread.current().ifPresent(session -> {
            session.labels().add(label(spec));
            session.held(holder).put(ref.inode(), new Held(spec, ref, pid.orElse(0)));
        });
        return new Netns(
                ref,
                Origin.OWN,
                Optional.of(spec.name()),
                spec.lab(),
                Optional.of(spec.holder()),
                pid,
                pid.isPresent() ? 1 : 0,
                spec.name(),
                command(pid));
    }

    /** To be called inside. */
    private static NetnsRef heldBy(NamespaceHolder holder, NetnsSpec spec, boolean ipv6) {
        NetlinkSocket socket = NetlinkSocket.openHere();
        try {
            if (!ipv6) {
                switchIpv6Off();
            }
            Loopback.up(socket);
            NetnsRef ref = holder.hold(spec);
            KeptNamespaces.handOver(ref, socket);
            return ref;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** To be called inside: /proc/sys/net shows the namespace of the thread that opens a file. */
    private static void switchIpv6Off() {
        try {
            Files.writeString(NO_IPV6, "1\n", StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            // This kernel has none.
        } catch (IOException e) {
            throw new RequestException(NO_IPV6 + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public Session session() {
        return SessionOfThread.begin(LinuxNamespaces::endRemains);
    }

    @Override
    public List<Netns> list() {
        NamespaceList shown = new NamespaceList(NamespaceScan.look(Set.of(NamespaceType.NET)));
        return shown.with(host(), known());
    }

    @Override
    public List<Netns> known() {
        List<Netns> own = new ArrayList<>();
        for (NamespaceHolder holder : holders) {
            for (Held held : holder.held()) {
                NetnsSpec spec = held.spec();
                own.add(new Netns(
                        held.ref(),
                        Origin.OWN,
                        Optional.of(spec.name()),
                        spec.lab(),
                        Optional.of(holder.name()),
                        held.pid() > 0 ? OptionalLong.of(held.pid()) : OptionalLong.empty(),
                        held.pid() > 0 ? 1 : 0,
                        // The one it was given: to see whether somebody has changed it means to enter each.
                        spec.name(),
                        ""));
            }
        }
        own.sort(comparing(Netns::label));
        attachments.all().forEach((name, attachment) -> own.add(attached(name, Optional.empty(), attachment)));
        ofLabs.all().stream()
                .filter(entry -> entry.anchor().isValid())
                .forEach(entry -> own.add(attached(entry.node(), Optional.of(entry.lab()), entry.anchor())));
        return List.copyOf(own);
    }

    private static Netns attached(String name, Optional<String> lab, Anchor anchor) {
        return new Netns(
                anchor.ref(),
                Origin.ATTACHED,
                Optional.of(name),
                lab,
                Optional.empty(),
                anchor.process(),
                anchor.process().isPresent() ? 1 : 0,
                "",
                "");
    }

    @Override
    public String boot() {
        return Boot.current();
    }

    @Override
    public NetnsRef host() {
        Path net = OWN.resolve("net");
        return new NetnsRef(NamespaceThread.inode(net), net, Optional.empty());
    }

    @Override
    public String label(NetnsRef where) {
        try {
            if (host().inode() == where.inode()) {
                return "host";
            }
            Stream<String> own = holders.stream()
                    .flatMap(holder -> holder.held().stream())
                    .filter(held -> held.ref().inode() == where.inode())
                    .map(held -> label(held.spec()));
            Stream<String> attached = attachments.all().entrySet().stream()
                    .filter(entry -> entry.getValue().inode() == where.inode())
                    .map(Map.Entry::getKey);
            Stream<String> byLabs = ofLabs.all().stream()
                    .filter(entry -> entry.anchor().inode() == where.inode()
                            && entry.anchor().isValid())
                    .map(entry -> entry.lab() + "/" + entry.node());
            return Stream.concat(Stream.concat(own, attached), byLabs)
                    .findFirst()
                    .orElseGet(where::toString);
        } catch (NetyardException e) {
            return where.toString();
        }
    }

    @Override
    public Netns resolve(String meant) {
        return destination(meant).netns();
    }

    @Override
    public Way way(String meant, Set<NamespaceType> types) {
        return destination(meant).way(types);
    }

    @Override
    public Netns attach(String name, long pid) {
        try {
            NetnsSpec.requireName("namespace", name);
        } catch (IllegalArgumentException e) {
            throw new RequestException(e.getMessage(), e);
        }
        if (name.equals("host")) {
            throw new RequestException("'host' means the appliance's own namespace: use another name");
        }
        requireFree(name);
        OptionalLong startTime = Processes.startTime(pid);
        Netns there = ofProcess(pid);
        switch (there.origin()) {
            case HOST -> throw new RequestException("process %d is in the host's own namespace".formatted(pid));
            case OWN ->
                throw new RequestException("process %d is in %s, which Netyard has made".formatted(pid, there.label()));
            case ATTACHED -> {
                // That labs use it takes nothing from whoever gives it a name.
                if (there.lab().isEmpty()) {
                    throw new RequestException(
                            "process %d is in a namespace that is attached as '%s'".formatted(pid, there.label()));
                }
            }
            case FOREIGN -> {
                // The way it should be.
            }
        }
        Attachment attachment = new Attachment(
                pid, startTime.orElseThrow(() -> noProcess(pid)), there.ref().inode());
        if (!attachment.isValid()) {
            throw noProcess(pid);
        }
        attachments.put(name, attachment);
        return new Netns(
                attachment.ref(),
                Origin.ATTACHED,
                Optional.of(name),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.of(pid),
                there.processes(),
                there.hostname(),
                command(OptionalLong.of(pid)));
    }

    @Override
    public void detach(Netns attached) {
        attached.lab().filter(lab -> attached.origin() == Origin.ATTACHED).ifPresent(lab -> {
            throw new RequestException("%s is attached by lab %s: lab:destroy %s, or lab:apply its file without it"
                    .formatted(attached.label(), lab, lab));
        });
        String name = attached.name().orElse("");
        boolean is = attached.origin() == Origin.ATTACHED
                && Optional.ofNullable(attachments.all().get(name))
                        .filter(attachment ->
                                attachment.inode() == attached.ref().inode())
                        .isPresent();
        if (!is) {
            throw new RequestException(attached.label() + " is not attached");
        }
        attachments.remove(name);
    }

    @Override
    public void destroy(Netns own) {
        if (own.origin() != Origin.OWN) {
            throw new RequestException(own.label() + " was not made by Netyard, so it is not destroyed"
                    + (own.origin() == Origin.ATTACHED ? ": detach it instead" : ""));
        }
        NamespaceHolder holder = holder(own.holder().orElse(""));
        Optional<Held> held = held(holder, own);
        if (held.isEmpty()) {
            if (leadsTo(own.ref().net(), own.ref().inode())) {
                throw new RequestException("%s is not held by '%s' any more, so it is not destroyed"
                        .formatted(own.label(), holder.name()));
            }
            return;
        }
        long inode = own.ref().inode();
        Optional<SessionOfThread> session = SessionOfThread.current();
        boolean inhabited = session.map(SessionOfThread::processes)
                .map(all -> all.getOrDefault(inode, List.of()).stream()
                        .anyMatch(pid -> pid != held.get().pid()))
                .orElse(true);
        if (inhabited) {
            Programs.end(own.label(), inode, held.get().pid());
        }
        VethEnds.deleteAll(held.get().ref());
        KeptNamespaces.letGo(inode);
        holder.release(held.get());
        session.ifPresentOrElse(
                current -> current.destroyed(inode, own.label()), () -> warnOfInhabitants(own.label(), inode));
    }

    private static Optional<Held> held(NamespaceHolder holder, Netns own) {
        Predicate<Held> isMeant = held -> held.ref().inode() == own.ref().inode()
                && held.spec().name().equals(own.name().orElse(""))
                && held.spec().lab().equals(own.lab());
        return SessionOfThread.current()
                .map(session -> session.held(holder).get(own.ref().inode()))
                .filter(isMeant)
                .or(() -> holder.held().stream().filter(isMeant).findFirst());
    }

    /** What was started in a namespace after the session had looked who is there. */
    private static void endRemains(Map<Long, String> destroyed) {
        Map<Long, List<Long>> processes = NamespaceScan.pids(NamespaceType.NET);
        destroyed.forEach((inode, label) -> {
            if (processes.containsKey(inode)) {
                Programs.end(label, inode, 0);
                warnOfInhabitants(label, inode);
            }
        });
    }

    private static void warnOfInhabitants(String label, long inode) {
        List<Long> inside = Processes.inside(inode);
        if (!inside.isEmpty()) {
            LOG.warn(
                    "{} has been let go, but lives on as net:[{}] until these processes, which Netyard has not started, end: {}",
                    label,
                    inode,
                    inside);
        }
    }

    @Override
    public void sweep(String lab) {
        holders.forEach(holder -> holder.sweep(lab));
    }

    @Override
    public NetnsProcess start(Way way, List<String> command, TerminalSize terminal) {
        return labelled(way::label, () -> programs.start(way, command, terminal));
    }

    @Override
    public NetnsProcess enter(Way way, String wanted, TerminalSize terminal) {
        return labelled(way::label, () -> programs.enter(way, wanted, terminal));
    }

    @Override
    public Output run(NetnsRef where, List<String> command, String input, Duration limit) {
        Way way = new Way(where.toString(), where, Optional.empty(), Way.DEFAULT);
        NetnsProcess process = labelled(() -> label(where), () -> programs.start(way, command, null));
        return ProgramRun.toItsEnd(process, command.get(0), input, limit);
    }

    /** What goes wrong is told of a place with a name, which is looked for only then. */
    private static NetnsProcess labelled(Supplier<String> label, Supplier<NetnsProcess> start) {
        try {
            return start.get();
        } catch (ProgramException e) {
            throw new ProgramException(e.status(), label.get() + ": " + e.getMessage(), e);
        } catch (NetyardException e) {
            throw new RequestException(label.get() + ": " + e.getMessage(), e);
        }
    }

    // What is there

    private static String command(OptionalLong pid) {
        return pid.isPresent() ? Processes.command(pid.getAsLong()) : "";
    }

    /** The pid that a reference leads through, if it leads through one. */
    private static OptionalLong pidOf(NetnsRef ref) {
        Matcher matcher = PROC.matcher(ref.net().toString());
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /** Whether it is another UTS namespace than the appliance's. */
    static boolean isNotOurs(Path uts) {
        return !Processes.inode(uts).equals(Processes.inode(OWN.resolve("uts")));
    }

    private static boolean leadsTo(Path net, long inode) {
        try {
            return NamespaceThread.inode(net) == inode;
        } catch (RequestException e) {
            return false;
        }
    }

    // What is meant

    private NamespaceHolder holder(String name) {
        return holders.stream()
                .filter(holder -> holder.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new RequestException("no namespace holder '%s': there is %s"
                        .formatted(
                                Text.printable(name),
                                String.join(", ", holders().keySet()))));
    }

    private static String label(NetnsSpec spec) {
        return spec.lab().map(lab -> lab + "/").orElse("") + spec.name();
    }

    private void requireFree(String label) {
        if (SessionOfThread.current().map(this::labels).orElseGet(this::labels).contains(label)) {
            throw new RequestException("there is a namespace '%s' already".formatted(label));
        }
    }

    private Set<String> labels(SessionOfThread session) {
        if (session.labels().isEmpty()) {
            session.labels().addAll(labels());
        }
        return session.labels();
    }

    /** Those that are taken. */
    private Set<String> labels() {
        return Stream.concat(
                        holders.stream()
                                .flatMap(holder -> holder.held().stream())
                                .map(held -> label(held.spec())),
                        attachments.all().keySet().stream())
                .collect(Collectors.toSet());
    }

    private Optional<Netns> withInode(long inode) {
        return list().stream().filter(netns -> netns.ref().inode() == inode).findFirst();
    }

    /** What a user's word leads to. */
    private Destination destination(String meant) {
        Meant word = Meant.parse(meant);
        if (word instanceof Meant.Host) {
            long self = ProcessHandle.current().pid();
            return new Destination("host", withInode(host().inode()).orElseThrow(), Destination.member(self));
        }
        if (word instanceof Meant.Pid process) {
            return ofMember(
                    "pid " + process.pid(),
                    Destination.member(process.pid()).orElseThrow(() -> noProcess(process.pid())));
        }
        if (word instanceof Meant.Inode number) {
            return withInode(number.inode())
                    .map(Destination::of)
                    .or(() -> ofOtherType(EnumSet.allOf(NamespaceType.class), number.inode()))
                    .orElseThrow(() -> noNamespace(meant));
        }
        if (word instanceof Meant.Id of) {
            Optional<Destination> found = of.id().type() == NamespaceType.NET
                    ? withInode(of.id().inode()).map(Destination::of)
                    : ofOtherType(EnumSet.of(of.id().type()), of.id().inode());
            return found.orElseThrow(() -> noNamespace(meant));
        }
        if (word instanceof Meant.File file) {
            return Destination.of(atPath(file.path()));
        }
        NameSearch search = new NameSearch(this::known, this::running, LinuxNamespaces::hostnames);
        NameSearch.Found found = search.find(((Meant.Name) word).name());
        if (found instanceof NameSearch.Found.Node node) {
            return Destination.of(withInode(node.netns().ref().inode()).orElseGet(node::netns));
        }
        NameSearch.Found.Process process = (NameSearch.Found.Process) found;
        return ofMember(process.label(), process.member());
    }

    private Destination ofMember(String label, Member member) {
        Netns there = ofProcess(member.pid());
        if (!Destination.member(member.pid()).equals(Optional.of(member))) {
            throw noProcess(member.pid());
        }
        boolean known = there.origin() == Origin.OWN || there.origin() == Origin.ATTACHED;
        return new Destination(known ? there.label() : label, there, Optional.of(member), true);
    }

    /** By a namespace that is not a network namespace. */
    private Optional<Destination> ofOtherType(Set<NamespaceType> types, long inode) {
        Optional<HostNamespace> found = look(types).stream()
                .filter(namespace -> namespace.id().inode() == inode)
                .findFirst();
        return found.map(namespace -> {
            HostProcess first = namespace
                    .first()
                    .orElseThrow(() -> new RequestException(
                            "%s has no process, so nothing says which network namespace goes with it"
                                    .formatted(namespace.id())));
            return ofMember(namespace.id().toString(), new Member(first.pid(), first.startTime()));
        });
    }

    private List<Container> running() {
        Containers service = containers;
        return service == null ? List.of() : service.list();
    }

    /** The UTS namespaces of others. */
    private static List<HostNamespace> hostnames() {
        OptionalLong own = Processes.inode(OWN.resolve("uts"));
        return look(EnumSet.of(NamespaceType.UTS)).stream()
                .filter(uts -> !OptionalLong.of(uts.id().inode()).equals(own))
                .toList();
    }

    private static List<HostNamespace> look(Set<NamespaceType> types) {
        return NamespaceScan.look(types).namespaces();
    }

    private static RequestException noNamespace(String meant) {
        return new RequestException(
                "no namespace %s: neither a process nor a mount here shows one".formatted(Text.printable(meant)));
    }

    private Netns ofProcess(long pid) {
        OptionalLong inode = Processes.netInode(pid);
        if (Processes.isKernelThread(pid)) {
            throw new RequestException(
                    "process %d (%s) is a kernel thread: it works for all namespaces and is in none but the host's; say 'host' for that"
                            .formatted(pid, Processes.command(pid)));
        }
        if (Processes.isZombie(pid)) {
            throw new RequestException(
                    "process %d (%s) has ended and left its namespaces: it is a zombie, which its parent has still to collect"
                            .formatted(pid, Processes.command(pid)));
        }
        if (inode.isEmpty()) {
            throw Files.exists(Processes.directory(pid))
                    ? new RequestException("process %d: its namespaces may not be looked at".formatted(pid))
                    : noProcess(pid);
        }
        return withInode(inode.getAsLong()).orElseThrow(() -> noProcess(pid));
    }

    private static RequestException noProcess(long pid) {
        boolean hidden = !Files.exists(Processes.directory(1));
        return new RequestException("no process %d%s"
                .formatted(pid, hidden ? ", or one of another user, which /proc hides here (hidepid)" : ""));
    }

    private Netns atPath(String path) {
        NamespacePath file = NamespacePath.of(path);
        Optional<Netns> listed = withInode(file.inode());
        if (listed.isPresent()) {
            return listed.get();
        }
        // One that is mounted where we do not see it, such as /proc/PID/root/run/netns/NAME, or not a network
        // namespace.
        Netns found = NamespaceList.foreign(new NetnsRef(file.inode(), file.path(), Optional.empty()));
        try {
            NamespaceThread.call(found.ref(), () -> null);
        } catch (KernelException e) {
            throw new RequestException(Text.printable(path) + ": not a network namespace", e);
        }
        return found;
    }
}
