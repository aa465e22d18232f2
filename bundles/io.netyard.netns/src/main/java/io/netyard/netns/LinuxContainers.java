package io.netyard.netns;

import static java.util.Comparator.comparingInt;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.container.Container;
import io.netyard.api.container.Containers;
import io.netyard.netns.ContainerRecognition.Look;
import io.netyard.netns.ContainerRecognition.Part;
import io.netyard.netns.ProcessFacts.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The containers of this host, found in /proc each time anew. */
@Component
public final class LinuxContainers implements Containers {

    /** More names than this make a message nobody reads. */
    private static final int LISTED = 12;

    private final ContainerRecognition recognition;

    @Activate
    public LinuxContainers(@Reference ContainerRecognition recognition) {
        this.recognition = recognition;
    }

    @Override
    public Map<String, String> runtimes() {
        return recognition.runtimes();
    }

    @Override
    public List<Container> list() {
        return containers(recognition.look(), Processes.pids());
    }

    @Override
    public Container find(String meant) {
        List<Container> all = list();
        return NameSearch.container(meant, all).orElseThrow(() -> unknown(Text.printable(meant), all));
    }

    private RequestException unknown(String word, List<Container> all) {
        return new RequestException(
                all.isEmpty()
                        ? "no container '%s' runs: there is none at all (known runtimes: %s)"
                                .formatted(word, String.join(", ", runtimes().keySet()))
                        : "no container '%s' runs (there is %s)".formatted(word, labels(all)));
    }

    @Override
    public Wait await(String label) {
        return new RecentProcesses(label);
    }

    private static String labels(List<Container> containers) {
        String labels = containers.stream().limit(LISTED).map(Container::label).collect(Collectors.joining(", "));
        return containers.size() > LISTED ? labels + ", %d more".formatted(containers.size() - LISTED) : labels;
    }

    /**
     * Those that these processes are in, by label. All processes of a mount namespace are in the same container, so one of each is enough to see
     * which; only those of containers are looked at more closely.
     */
    private static List<Container> containers(Look look, Collection<Long> pids) {
        Map<OptionalLong, List<Long>> byMounts = new HashMap<>();
        List<List<Long>> groups = new ArrayList<>();
        for (long pid : pids) {
            if (look.isOnHost(pid)) {
                continue;
            }
            OptionalLong mounts = look.mountNamespace(pid);
            if (mounts.isPresent()) {
                byMounts.computeIfAbsent(mounts, key -> new ArrayList<>()).add(pid);
            } else {
                // It may not be looked at, but its control group may.
                groups.add(List.of(pid));
            }
        }
        groups.addAll(byMounts.values());
        Map<String, First> found = new TreeMap<>();
        for (List<Long> group : groups) {
            if (group.stream().limit(2).anyMatch(pid -> !look.parts(pid).isEmpty())) {
                for (long pid : group) {
                    first(look, pid).ifPresent(first -> found.merge(first.label(), first, First::earlier));
                }
            }
        }
        return found.values().stream().map(First::container).toList();
    }

    /** A process that may be the first one of its container. */
    private record First(Container container, Status status) {

        /**
         * Programs started inside later on, and whatever the container itself puts into further namespaces, are not the first process, even if
         * their pid is lower because pids have started over.
         */
        private static final Comparator<First> EARLIER = comparingInt(
                        (First first) -> first.status().depth())
                .thenComparing(first -> first.status().pidInside() != 1)
                .thenComparing(first -> first.container().startTime())
                .thenComparing(first -> first.container().pid());

        String label() {
            return container.label();
        }

        First earlier(First other) {
            return EARLIER.compare(this, other) <= 0 ? this : other;
        }
    }

    private static Optional<First> first(Look look, long pid) {
        List<Part> parts = look.parts(pid);
        Optional<Status> status = look.status(pid);
        OptionalLong startTime = Processes.startTime(pid);
        if (parts.isEmpty() || status.isEmpty() || startTime.isEmpty()) {
            return Optional.empty();
        }
        Part inner = parts.get(parts.size() - 1);
        List<Part> around = parts.subList(0, parts.size() - 1);
        Optional<String> outer = around.isEmpty()
                ? Optional.empty()
                : Optional.of(around.stream().map(Part::toString).collect(Collectors.joining("/")));
        return Optional.of(new First(
                new Container(outer, inner.runtime(), inner.name(), pid, startTime.getAsLong()), status.get()));
    }

    /** Looks at processes that are new, and at all of them now and then: a process may enter a container late in its life. */
    private final class RecentProcesses implements Wait {

        /** A runtime has made a container of a new process within this time, even on a slow machine. */
        private static final Duration NEW = Duration.ofSeconds(1);

        private static final Duration ALL = Duration.ofSeconds(2);

        private final String label;
        private final Map<Long, Long> seen = new HashMap<>();
        private long nextOfAll = System.nanoTime();

        RecentProcesses(String label) {
            this.label = label;
        }

        @Override
        public Optional<Container> look() {
            long now = System.nanoTime();
            List<Long> pids = Processes.pids();
            seen.keySet().retainAll(new HashSet<>(pids));
            pids.forEach(pid -> seen.putIfAbsent(pid, now));
            Look look = recognition.look();
            if (now - nextOfAll < 0
                    && pids.stream()
                            .filter(pid -> now - seen.get(pid) <= NEW.toNanos())
                            .noneMatch(
                                    pid -> look.label(pid).filter(label::equals).isPresent())) {
                return Optional.empty();
            }
            Optional<Container> found = containers(look, pids).stream()
                    .filter(container -> container.label().equals(label))
                    .findFirst();
            nextOfAll = System.nanoTime() + ALL.toNanos();
            return found;
        }
    }
}
