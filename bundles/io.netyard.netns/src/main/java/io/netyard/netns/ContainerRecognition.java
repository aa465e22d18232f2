package io.netyard.netns;

import static java.util.Comparator.comparing;

import io.netyard.api.Text;
import io.netyard.api.container.ContainerRuntime;
import io.netyard.netns.ProcessFacts.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which container a process is in, by what the registered runtimes make of its control groups and of its parents. For this bundle only:
 * others use {@link io.netyard.api.container.Containers}.
 *
 * <p>What is believed, and why a process cannot talk its way into a name:
 *
 * <ul>
 *   <li>A process in the appliance's own mount namespace is in no container, whatever else it says: every runtime gives its containers one of
 *       their own. This is also what makes it cheap: on most hosts that is nearly every process.
 *   <li>Control groups can be made by root only, except below what root has handed over: to a container, or to a user's own systemd
 *       ({@code user@UID.service}). What is inside a container is called {@code OUTER/…}, what a user has made {@code …@UID}.
 *   <li>Command lines can be forged by anybody, so one counts only if its process is the parent of the first process of a pid namespace,
 *       and runs as root, as the appliance's own user, or else gets {@code @UID} too. One inside a container only names what runs inside that
 *       container. Behind a pid namespace of no known runtime (a sandbox that somebody has made) none counts at all.
 * </ul>
 *
 * Root can forge all of it, but root needs no forged names. A process of root that shares the host's pid and mount namespaces is root here.
 */
@Component(service = ContainerRecognition.class)
public final class ContainerRecognition {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerRecognition.class);

    private static final Pattern RUNTIME = Pattern.compile("[a-z][a-z0-9-]{0,30}");
    private static final Pattern USER_MANAGER = Pattern.compile("user@(\\d{1,10})\\.service");

    private final List<ContainerRuntime> runtimes = new CopyOnWriteArrayList<>();
    private final ProcessFacts facts;
    private final long self;

    @Activate
    public ContainerRecognition() {
        this(new ProcFacts(), ProcessHandle.current().pid());
    }

    /** @param self pid of the appliance */
    ContainerRecognition(ProcessFacts facts, long self) {
        this.facts = facts;
        this.self = self;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addRuntime(ContainerRuntime runtime) {
        if (RUNTIME.matcher(runtime.name()).matches()) {
            runtimes.add(runtime);
        } else {
            LOG.warn(
                    "container runtime '{}' ({}) is left out: its name is not one lower case word",
                    Text.printable(runtime.name()),
                    runtime.getClass().getName());
        }
    }

    void removeRuntime(ContainerRuntime runtime) {
        runtimes.remove(runtime);
    }

    /** Names of the runtimes, with their descriptions. */
    Map<String, String> runtimes() {
        Map<String, String> described = new TreeMap<>();
        runtimes.forEach(runtime -> described.putIfAbsent(runtime.name(), runtime.description()));
        return described;
    }

    /** One look at the host: what it has read it does not read again. For one thread, and for a moment. */
    public Look look() {
        return new Look(
                facts,
                self,
                runtimes.stream().sorted(comparing(ContainerRuntime::name)).toList());
    }

    /**
     * One container in the way from the host to a process.
     *
     * @param name printable as it is
     */
    record Part(String runtime, String name) {

        @Override
        public String toString() {
            return runtime + ":" + name;
        }
    }

    /**
     * Where a process is.
     *
     * @param parts the containers that it is in, outermost first; none on the host itself
     * @param sealed whether it is in a pid namespace of no known runtime: monitors in there are nobody's word
     */
    private record Place(List<Part> parts, boolean sealed) {

        static final Place HOST = new Place(List.of(), false);

        Place inside(Part part) {
            return new Place(plus(parts, part), sealed);
        }

        Place behindUnknown() {
            return new Place(parts, true);
        }

        List<String> runtimes() {
            return parts.stream().map(Part::runtime).toList();
        }
    }

    /** See {@link ContainerRecognition#look()}. */
    public static final class Look {

        private final ProcessFacts facts;
        private final long self;
        private final List<ContainerRuntime> runtimes;
        private final long ownUid;
        private final OptionalLong ownMounts;
        private final Map<Long, Place> places = new HashMap<>();
        private final Map<Long, Optional<Status>> statuses = new HashMap<>();
        private final Map<Long, OptionalLong> mounts = new HashMap<>();
        private final Map<String, List<Part>> byCgroup = new HashMap<>();
        /** By inode of the pid namespace: processes that enter one have another parent, but are in the same container. */
        private final Map<Long, Place> byPidNamespace = new HashMap<>();

        private Look(ProcessFacts facts, long self, List<ContainerRuntime> runtimes) {
            this.facts = facts;
            this.self = self;
            this.runtimes = runtimes;
            this.ownMounts = facts.mountNamespace(self);
            this.ownUid = facts.status(self).map(Status::uid).orElse(0L);
        }

        /** The label of the container that it runs in, the innermost; printable as it is. Empty if it is in none, or has just ended. */
        public Optional<String> label(long pid) {
            List<Part> parts = parts(pid);
            return parts.isEmpty()
                    ? Optional.empty()
                    : Optional.of(parts.stream().map(Part::toString).collect(Collectors.joining("/")));
        }

        /** The containers that it runs in, outermost first. */
        List<Part> parts(long pid) {
            return runtimes.isEmpty() ? List.of() : place(pid).parts();
        }

        Optional<Status> status(long pid) {
            return statuses.computeIfAbsent(pid, facts::status);
        }

        OptionalLong mountNamespace(long pid) {
            return mounts.computeIfAbsent(pid, facts::mountNamespace);
        }

        /** Whether it is surely in no container. */
        boolean isOnHost(long pid) {
            OptionalLong there = mountNamespace(pid);
            return there.isPresent() && there.equals(ownMounts);
        }

        /** From the host downwards, as where a process is depends on where its parent is; not by recursion, for some are deep. */
        private Place place(long pid) {
            Deque<Long> unknown = new ArrayDeque<>();
            long next = pid;
            // Where pids are used again while a look lasts, the way up can go round in circles.
            while (next != 0 && !places.containsKey(next)) {
                places.put(next, Place.HOST);
                Optional<Status> status = isOnHost(next) ? Optional.empty() : status(next);
                if (status.isPresent()) {
                    unknown.push(next);
                }
                next = status.map(Status::parent).orElse(0L);
            }
            for (long known : unknown) {
                places.put(known, place(known, status(known).orElseThrow()));
            }
            return places.getOrDefault(pid, Place.HOST);
        }

        private Place place(long pid, Status status) {
            Place byParent = placeByParent(pid, status);
            List<Part> grouped = withoutOwn(partsOfCgroups(pid));
            if (!grouped.isEmpty() && monitors(pid, status, grouped.get(grouped.size() - 1))) {
                grouped = grouped.subList(0, grouped.size() - 1);
            }
            List<String> groupedRuntimes = grouped.stream().map(Part::runtime).toList();
            // Monitors know names where control groups have ids, and see into containers that have no control groups of
            // their own.
            Place found =
                    startsWith(byParent.runtimes(), groupedRuntimes) ? byParent : new Place(grouped, byParent.sealed());
            if (!found.parts().isEmpty()) {
                facts.pidNamespace(pid).ifPresent(inode -> byPidNamespace.putIfAbsent(inode, found));
            }
            return found;
        }

        private Place placeByParent(long pid, Status status) {
            long parent = status.parent();
            Optional<Status> parentStatus = parent == 0 ? Optional.empty() : status(parent);
            if (parentStatus.isEmpty()) {
                return Place.HOST;
            }
            Place outside = places.getOrDefault(parent, Place.HOST);
            if (parentStatus.get().depth() >= status.depth()) {
                return outside;
            }
            if (status.pidInside() != 1) {
                // It has been put there from outside (lxc-attach, docker exec, nsenter).
                OptionalLong inode = facts.pidNamespace(pid);
                Place same = inode.isPresent() ? byPidNamespace.get(inode.getAsLong()) : null;
                return same != null ? same : outside.behindUnknown();
            }
            if (outside.sealed()) {
                return outside;
            }
            return monitored(parent, parentStatus.get(), outside)
                    .map(outside::inside)
                    .orElseGet(outside::behindUnknown);
        }

        private Optional<Part> monitored(long monitor, Status status, Place where) {
            String suffix = where.parts().isEmpty() ? ofUser(status.uid()) : "";
            List<String> command = facts.command(monitor);
            return command.isEmpty() ? Optional.empty() : first((runtime, c) -> runtime.ofMonitor(c), command, suffix);
        }

        /** Whether it is the runtime's own process for that container: some are in its control group, but none in it. */
        private boolean monitors(long pid, Status status, Part part) {
            List<String> command = facts.command(pid);
            return status.pidInside() != 1
                    && !command.isEmpty()
                    && first((runtime, c) -> runtime.ofMonitor(c), command, "")
                            .filter(own -> own.runtime().equals(part.runtime()))
                            .isPresent();
        }

        /** Of those that the hierarchies tell, the one that tells most; where a runtime uses only some, the others tell nothing. */
        private List<Part> partsOfCgroups(long pid) {
            List<Part> most = List.of();
            for (String path : facts.cgroups(pid)) {
                List<Part> parts = byCgroup.computeIfAbsent(path, this::partsOfCgroup);
                if (parts.size() > most.size()) {
                    most = parts;
                }
            }
            return most;
        }

        private List<Part> partsOfCgroup(String path) {
            List<Part> parts = new ArrayList<>();
            List<String> groups = new ArrayList<>();
            String suffix = "";
            for (String group : path.split("/")) {
                if (group.isEmpty()) {
                    continue;
                }
                groups.add(group);
                Matcher user = USER_MANAGER.matcher(group);
                if (user.matches()) {
                    suffix = ofUser(Long.parseLong(user.group(1)));
                }
                first((runtime, g) -> runtime.ofCgroup(g), List.copyOf(groups), parts.isEmpty() ? suffix : "")
                        .ifPresent(parts::add);
            }
            return List.copyOf(parts);
        }

        /** If the appliance runs in a container itself, that one is its host. */
        private List<Part> withoutOwn(List<Part> parts) {
            if (parts.isEmpty()) {
                return parts;
            }
            List<Part> own = partsOfCgroups(self);
            return startsWith(parts, own) ? parts.subList(own.size(), parts.size()) : parts;
        }

        private String ofUser(long uid) {
            return uid == 0 || uid == ownUid ? "" : "@" + uid;
        }

        private Optional<Part> first(
                BiFunction<ContainerRuntime, List<String>, Optional<String>> question, List<String> of, String suffix) {
            for (ContainerRuntime runtime : runtimes) {
                Optional<String> name = ask(question, runtime, of);
                if (name.isPresent()) {
                    return Optional.of(new Part(runtime.name(), name.get() + suffix));
                }
            }
            return Optional.empty();
        }

        /** A slash would make it look like a container inside another. */
        private static Optional<String> ask(
                BiFunction<ContainerRuntime, List<String>, Optional<String>> question,
                ContainerRuntime runtime,
                List<String> of) {
            try {
                return question.apply(runtime, of)
                        .filter(name -> !name.isBlank() && name.indexOf('/') < 0)
                        .map(Text::printable);
            } catch (RuntimeException e) {
                LOG.warn("container runtime {}: failed on {}", runtime.name(), Text.printable(of.toString()), e);
                return Optional.empty();
            }
        }
    }

    private static List<Part> plus(List<Part> parts, Part part) {
        List<Part> all = new ArrayList<>(parts);
        all.add(part);
        return List.copyOf(all);
    }

    private static <T> boolean startsWith(List<T> all, List<T> start) {
        return all.size() >= start.size() && all.subList(0, start.size()).equals(start);
    }
}
