package io.netyard.netns;

import static java.util.Comparator.comparingInt;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.container.Container;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.Way.Member;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Finds what a user's word names. No I/O of its own.
 *
 * <p>The first of these that has the name is meant, and only within one of them can it be ambiguous: a full label ({@code LAB/NODE}, or a
 * node without lab); a node of any lab; a container by its full label; a container's name; a host name. The lists are asked for when
 * those before did not know the name.
 *
 * @param nodes those that have a name
 * @param containers the running ones
 * @param hostnames the UTS namespaces, without the appliance's own
 */
record NameSearch(
        Supplier<List<Netns>> nodes, Supplier<List<Container>> containers, Supplier<List<HostNamespace>> hostnames) {

    /** More names than this make a message nobody reads. */
    private static final int LISTED = 12;

    /** What a name has led to. */
    sealed interface Found {

        record Node(Netns netns) implements Found {}

        /**
         * A place that is where this process is.
         *
         * @param label printable
         */
        record Process(String label, Member member) implements Found {}
    }

    /** @throws RequestException if none or more than one is meant */
    Found find(String meant) {
        List<Netns> known = nodes.get();
        return one(meant, known, netns -> netns.label().equals(meant), NameSearch::shown)
                .or(() -> one(
                        meant,
                        known,
                        netns -> netns.name().filter(meant::equals).isPresent(),
                        NameSearch::shown))
                .<Found>map(Found.Node::new)
                .or(() -> container(meant, containers.get())
                        .map(container -> new Found.Process(
                                container.label(), new Member(container.pid(), container.startTime()))))
                .or(() -> hostname(meant))
                .orElseThrow(() -> new RequestException(unknown(meant, known)));
    }

    /**
     * The container that a user means: by its label, else by its name.
     *
     * @throws RequestException if more than one is meant
     */
    static Optional<Container> container(String meant, List<Container> running) {
        return one(meant, running, container -> container.label().equals(meant), NameSearch::shown)
                .or(() -> one(meant, running, container -> isCalled(container, meant), NameSearch::shown));
    }

    /** What a container calls those inside it is no name out here. */
    private static boolean isCalled(Container container, String meant) {
        return container.outer().isEmpty() && container.name().equals(meant);
    }

    private Optional<Found> hostname(String meant) {
        if (meant.isEmpty()) {
            return Optional.empty();
        }
        return one(
                        meant,
                        hostnames.get(),
                        uts -> uts.hostname().equals(meant) && uts.first().isPresent(),
                        NameSearch::shown)
                .map(uts -> {
                    HostProcess first = uts.first().orElseThrow();
                    return new Found.Process(uts.hostname(), new Member(first.pid(), first.startTime()));
                });
    }

    private static <T> Optional<T> one(
            String meant, List<T> all, Predicate<T> is, java.util.function.Function<T, String> shown) {
        List<T> found = all.stream().filter(is).toList();
        if (found.size() > 1) {
            boolean many = found.size() > LISTED;
            throw new RequestException("'%s' is ambiguous: it may be %s%s"
                    .formatted(
                            Text.printable(meant),
                            found.stream().limit(LISTED).map(shown).collect(Collectors.joining(" or ")),
                            many ? " or %d more".formatted(found.size() - LISTED) : ""));
        }
        return found.stream().findFirst();
    }

    /** The inode too: somebody else's process may carry the same marker. */
    private static String shown(Netns netns) {
        return netns.label() + " " + netns.ref();
    }

    private static String shown(Container container) {
        return "%s (pid %d)".formatted(container.label(), container.pid());
    }

    private static String shown(HostNamespace uts) {
        HostProcess first = uts.first().orElseThrow();
        return "%s (pid %d, %s)".formatted(uts.container().orElse(uts.id().toString()), first.pid(), first.command());
    }

    private static String unknown(String meant, List<Netns> known) {
        String message = "no node, container or host name '%s'".formatted(Text.printable(meant));
        if (known.isEmpty()) {
            return message + ": there is 'host'; what has no name is found by a pid, net:[INODE] or a path";
        }
        return message
                + known.stream()
                        .min(comparingInt(netns -> distance(meant, netns)))
                        .filter(nearest -> distance(meant, nearest) <= Math.max(1, meant.length() / 3))
                        .map(nearest -> ", did you mean '" + nearest.label() + "'?")
                        .orElse("")
                + " (there is host, " + names(known) + ")";
    }

    private static String names(List<Netns> known) {
        String names = known.stream().limit(LISTED).map(Netns::label).collect(Collectors.joining(", "));
        return known.size() > LISTED ? names + ", %d more".formatted(known.size() - LISTED) : names;
    }

    private static int distance(String meant, Netns netns) {
        return Math.min(
                distance(meant, netns.label()), distance(meant, netns.name().orElse("")));
    }

    /** Levenshtein's: how many characters must be inserted, removed or replaced. Case does not count. */
    static int distance(String one, String other) {
        int[] above = new int[other.length() + 1];
        for (int column = 0; column < above.length; column++) {
            above[column] = column;
        }
        for (int row = 1; row <= one.length(); row++) {
            int[] current = new int[above.length];
            current[0] = row;
            for (int column = 1; column < current.length; column++) {
                char a = Character.toLowerCase(one.charAt(row - 1));
                char b = Character.toLowerCase(other.charAt(column - 1));
                int replaced = above[column - 1] + (a == b ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(above[column], current[column - 1]));
            }
            above = current;
        }
        return above[other.length()];
    }
}
