package io.netyard.netns;

import static java.util.Comparator.comparing;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NamespaceHolder.Held;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.Netns.Origin;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.kernel.NamespaceThread;
import io.netyard.kernel.SpawnSpec;
import io.netyard.kernel.SpawnedProcess;
import io.netyard.kernel.Spawner;
import io.netyard.netns.Attachments.Attachment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
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

    /** In the environment of programs started inside: the inode. By it they are known for ours when the namespace goes. */
    static final String INSIDE = "NETYARD_NETNS";

    /** What a program inside gets of the appliance's own environment. */
    private static final Pattern PASSED_ON = Pattern.compile("PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TERM");

    private static final Pattern INODE = Pattern.compile("net:\\[(\\d{1,18})]");
    private static final Pattern PID = Pattern.compile("\\d{1,9}");
    private static final Pattern PROC = Pattern.compile("/proc/(\\d{1,9})/ns/net");

    private static final Path OWN = Path.of("/proc/self/ns");
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final List<NamespaceHolder> holders = new CopyOnWriteArrayList<>();
    private final Set<String> beingMade = ConcurrentHashMap.newKeySet();
    private final Attachments attachments;

    @Activate
    public LinuxNamespaces() {
        this(StateDirectory.DEFAULT);
    }

    LinuxNamespaces(StateDirectory state) {
        this.attachments = new Attachments(state);
    }

    @Reference(name = "Holder", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addHolder(NamespaceHolder holder) {
        holders.add(holder);
    }

    void removeHolder(NamespaceHolder holder) {
        holders.remove(holder);
    }

    @Override
    public Map<String, String> holders() {
        Map<String, String> described = new TreeMap<>();
        holders.forEach(holder -> described.putIfAbsent(holder.name(), holder.description()));
        return described;
    }

    @Override
    public Netns create(NetnsSpec spec) {
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
            NetnsRef ref = NamespaceThread.callInNew(spec.name(), () -> {
                Loopback.up();
                return holder.hold(spec);
            });
            return new Netns(
                    ref,
                    Origin.OWN,
                    Optional.of(spec.name()),
                    spec.lab(),
                    Optional.of(spec.holder()),
                    pidOf(ref),
                    pidOf(ref).isPresent() ? 1 : 0,
                    spec.name(),
                    command(pidOf(ref)));
        } finally {
            beingMade.remove(label);
        }
    }

    @Override
    public List<Netns> list() {
        Map<Long, Inhabitants> inhabited = inhabited();
        Map<Long, Path> mounted = new HashMap<>();
        NamespaceMount.all().stream()
                .filter(mount -> mount.type().equals("net"))
                .filter(mount -> leadsTo(mount.point(), mount.inode()))
                .forEach(mount -> mounted.putIfAbsent(mount.inode(), mount.point()));

        List<Netns> all = new ArrayList<>();
        Set<Long> listed = new HashSet<>();
        List<Netns> known = known();
        NetnsRef host = host();
        all.add(populated(
                new Netns(
                        host,
                        Origin.HOST,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        0,
                        hostname(),
                        ""),
                inhabited));
        listed.add(host.inode());
        for (Netns netns : known) {
            all.add(populated(withHostname(netns), inhabited));
            listed.add(netns.ref().inode());
        }
        Stream.concat(inhabited.keySet().stream(), mounted.keySet().stream())
                .distinct()
                .filter(inode -> !listed.contains(inode))
                .sorted()
                .map(inode -> foreign(
                        inode,
                        Optional.ofNullable(mounted.get(inode)),
                        Optional.ofNullable(inhabited.get(inode)).map(Inhabitants::lowest)))
                .map(netns -> populated(netns, inhabited))
                .forEach(all::add);
        return List.copyOf(all);
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
        attachments.all().forEach((name, attachment) -> {
            NetnsRef ref = ref(attachment);
            own.add(new Netns(
                    ref,
                    Origin.ATTACHED,
                    Optional.of(name),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.of(attachment.pid()),
                    1,
                    "",
                    ""));
        });
        return List.copyOf(own);
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
            return Stream.concat(own, attached).findFirst().orElseGet(where::toString);
        } catch (NetyardException e) {
            return where.toString();
        }
    }

    @Override
    public Netns resolve(String meant) {
        Matcher inode = INODE.matcher(meant);
        if (meant.equals("host")) {
            return withInode(host().inode()).orElseThrow();
        }
        if (PID.matcher(meant).matches()) {
            return ofProcess(Long.parseLong(meant));
        }
        if (inode.matches()) {
            return withInode(Long.parseLong(inode.group(1)))
                    .orElseThrow(() -> new RequestException(
                            "no namespace %s: neither a process nor a mount here shows one".formatted(meant)));
        }
        if (meant.startsWith("/")) {
            return atPath(meant);
        }
        return populated(withHostname(NameSearch.find(meant, known())), inhabited());
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
            case ATTACHED ->
                throw new RequestException(
                        "process %d is in a namespace that is attached as '%s'".formatted(pid, there.label()));
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
                ref(attachment),
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
        Optional<Held> held = holder.held().stream()
                .filter(candidate -> candidate.ref().inode() == own.ref().inode())
                .filter(candidate -> candidate.spec().name().equals(own.name().orElse(""))
                        && candidate.spec().lab().equals(own.lab()))
                .findFirst();
        if (held.isEmpty()) {
            if (leadsTo(own.ref().net(), own.ref().inode())) {
                throw new RequestException("%s is not held by '%s' any more, so it is not destroyed"
                        .formatted(own.label(), holder.name()));
            }
            return;
        }
        long inode = own.ref().inode();
        endPrograms(own.label(), inode, held.get().pid());
        VethEnds.deleteAll(held.get().ref());
        holder.release(held.get());
        List<Long> inside = inside(inode);
        if (!inside.isEmpty()) {
            LOG.warn(
                    "{} has been let go, but lives on as {} until these processes, which Netyard has not started, end: {}",
                    own.label(),
                    own.ref(),
                    inside);
        }
    }

    @Override
    public NetnsProcess start(NetnsRef where, List<String> command, TerminalSize terminal) {
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new RequestException("no program given");
        }
        if (command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw new RequestException("a program and its arguments cannot contain NUL characters");
        }
        String program = command.get(0);
        if (!program.contains("/") && !isInPath(program)) {
            throw new RequestException("%s: no program '%s' in PATH".formatted(label(where), Text.printable(program)));
        }
        SpawnSpec.Stdio stdio =
                terminal == null ? new SpawnSpec.Pipes() : new SpawnSpec.Terminal(terminal.columns(), terminal.rows());
        SpawnSpec spec = new SpawnSpec(program, command, environment(where, terminal != null), stdio);
        try {
            SpawnedProcess process = NamespaceThread.call(where, () -> Spawner.start(spec));
            // Or somebody who destroys the namespace right now would not know it for ours.
            Processes.awaitStarted(process.pid());
            return new ProgramInside(process);
        } catch (NetyardException e) {
            throw new RequestException(label(where) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Output run(NetnsRef where, List<String> command, String input, Duration limit) {
        return ProgramRun.toItsEnd(start(where, command, null), command.get(0), input, limit);
    }

    // What is there

    /**
     * The processes in one namespace.
     *
     * @param lowest pid
     */
    private record Inhabitants(long lowest, int count) {

        Inhabitants and(Inhabitants other) {
            return new Inhabitants(Math.min(lowest, other.lowest), count + other.count);
        }
    }

    private static Map<Long, Inhabitants> inhabited() {
        Map<Long, Inhabitants> found = new HashMap<>();
        for (long pid : Processes.pids()) {
            Processes.netInode(pid).ifPresent(inode -> found.merge(inode, new Inhabitants(pid, 1), Inhabitants::and));
        }
        return found;
    }

    private static List<Long> inside(long inode) {
        return Processes.pids().stream()
                .filter(pid -> Processes.netInode(pid).equals(OptionalLong.of(inode)))
                .toList();
    }

    private static Netns foreign(long inode, Optional<Path> mount, Optional<Long> pid) {
        NetnsRef ref = new NetnsRef(
                inode,
                mount.orElseGet(() -> Processes.net(pid.orElseThrow())),
                pid.map(Processes::uts).filter(LinuxNamespaces::isNotOurs));
        return new Netns(
                ref,
                Origin.FOREIGN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                0,
                pid.isPresent() ? hostname(ref) : "",
                "");
    }

    /** The same with the host name that it has now. */
    private static Netns withHostname(Netns netns) {
        return new Netns(
                netns.ref(),
                netns.origin(),
                netns.name(),
                netns.lab(),
                netns.holder(),
                netns.pid(),
                netns.processes(),
                hostname(netns.ref()),
                netns.command());
    }

    /** The same with what the processes in it tell. */
    private static Netns populated(Netns netns, Map<Long, Inhabitants> inhabited) {
        Inhabitants inside = inhabited.get(netns.ref().inode());
        if (inside == null) {
            return netns;
        }
        OptionalLong pid = netns.pid().isPresent() ? netns.pid() : OptionalLong.of(inside.lowest());
        return new Netns(
                netns.ref(),
                netns.origin(),
                netns.name(),
                netns.lab(),
                netns.holder(),
                pid,
                inside.count(),
                netns.hostname(),
                command(pid));
    }

    private static String command(OptionalLong pid) {
        return pid.isPresent() ? Text.printable(Processes.command(pid.getAsLong())) : "";
    }

    private static NetnsRef ref(Attachment attachment) {
        return new NetnsRef(
                attachment.inode(),
                Processes.net(attachment.pid()),
                Optional.of(Processes.uts(attachment.pid())).filter(LinuxNamespaces::isNotOurs));
    }

    /** The pid that a reference leads through, if it leads through one. */
    private static OptionalLong pidOf(NetnsRef ref) {
        Matcher matcher = PROC.matcher(ref.net().toString());
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    private static boolean isNotOurs(Path uts) {
        return !Processes.inode(uts).equals(Processes.inode(OWN.resolve("uts")));
    }

    private static boolean leadsTo(Path net, long inode) {
        try {
            return NamespaceThread.inode(net) == inode;
        } catch (RequestException e) {
            return false;
        }
    }

    /** Of the namespace's own UTS namespace, else of ours, which it shares then; empty if it may not be entered. */
    private static String hostname(NetnsRef ref) {
        if (ref.uts().isEmpty()) {
            return hostname();
        }
        try {
            return NamespaceThread.call(ref, LinuxNamespaces::hostname);
        } catch (NetyardException e) {
            return "";
        }
    }

    /** Of the calling thread's UTS namespace. */
    private static String hostname() {
        try {
            return Text.printable(Files.readString(HOST_NAME).strip());
        } catch (IOException e) {
            return "";
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
        boolean taken = Stream.concat(
                        holders.stream()
                                .flatMap(holder -> holder.held().stream())
                                .map(held -> label(held.spec())),
                        attachments.all().keySet().stream())
                .anyMatch(label::equals);
        if (taken) {
            throw new RequestException("there is a namespace '%s' already".formatted(label));
        }
    }

    private Optional<Netns> withInode(long inode) {
        return list().stream().filter(netns -> netns.ref().inode() == inode).findFirst();
    }

    private Netns ofProcess(long pid) {
        OptionalLong inode = Processes.netInode(pid);
        if (inode.isEmpty()) {
            throw Files.exists(Processes.directory(pid))
                    ? new RequestException("process %d: its namespaces may not be looked at".formatted(pid))
                    : noProcess(pid);
        }
        return withInode(inode.getAsLong()).orElseThrow(() -> noProcess(pid));
    }

    private static RequestException noProcess(long pid) {
        return new RequestException("no process " + pid);
    }

    private Netns atPath(String path) {
        Path file;
        try {
            file = Path.of(path);
        } catch (InvalidPathException e) {
            throw new RequestException(Text.printable(path) + ": not a path", e);
        }
        long inode = NamespaceThread.inode(file);
        try {
            Object nsfs = Files.getAttribute(OWN.resolve("net"), "unix:dev");
            if (!nsfs.equals(Files.getAttribute(file, "unix:dev"))) {
                throw notOne(path);
            }
        } catch (IOException e) {
            throw new RequestException(path + ": cannot be read (" + e.getMessage() + ")", e);
        }
        Optional<Netns> listed = withInode(inode);
        if (listed.isPresent()) {
            return listed.get();
        }
        // One that is mounted where we do not see it, such as /proc/PID/root/run/netns/NAME, or not a network
        // namespace.
        Netns found = foreign(inode, Optional.of(file), Optional.empty());
        try {
            NamespaceThread.call(found.ref(), () -> null);
        } catch (KernelException e) {
            throw notOne(path);
        }
        return found;
    }

    private static RequestException notOne(String path) {
        return new RequestException(Text.printable(path) + ": not a network namespace");
    }

    // Programs inside

    private static List<String> environment(NetnsRef where, boolean terminal) {
        Map<String, String> environment = new TreeMap<>();
        System.getenv().forEach((key, value) -> {
            if (PASSED_ON.matcher(key).matches()) {
                environment.put(key, value);
            }
        });
        if (terminal) {
            environment.putIfAbsent("TERM", "xterm-256color");
        }
        environment.put(INSIDE, Long.toString(where.inode()));
        return environment.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    private static boolean isInPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "/bin:/usr/bin").split(":"))
                .map(directory -> Path.of(directory).resolve(program))
                .anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file));
    }

    /**
     * Ends what we have started in there, and its children unless they have cleared their environment. More than once: a program
     * may have started another one while we looked.
     */
    private static void endPrograms(String label, long inode, long holder) {
        boolean ended = Bounded.await(Bounded.LIMIT, () -> {
            List<Long> programs = inside(inode).stream()
                    .filter(pid -> pid != holder && isProgramOf(inode, pid))
                    .toList();
            programs.forEach(pid -> endProgram(inode, pid));
            return programs.isEmpty();
        });
        if (!ended) {
            LOG.warn("programs that were started in {} cannot be ended", label);
        }
    }

    private static void endProgram(long inode, long pid) {
        OptionalLong started = Processes.startTime(pid);
        if (started.isPresent()) {
            SpawnedProcess.kill(
                    pid, () -> started.equals(Processes.startTime(pid)) && isProgramOf(inode, pid), Bounded.LIMIT);
        }
    }

    private static boolean isProgramOf(long inode, long pid) {
        return Processes.netInode(pid).equals(OptionalLong.of(inode))
                && Processes.environment(pid, INSIDE).equals(Optional.of(Long.toString(inode)));
    }
}
