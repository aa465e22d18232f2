package io.netyard.netns;

import static java.util.Comparator.comparingInt;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.netns.Netns;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the namespace that a user's word names among those that have names. No I/O. */
final class NameSearch {

    /** More names than this make a message nobody reads. */
    private static final int LISTED = 12;

    private NameSearch() {}

    /**
     * A full label ({@code LAB/NODE}, or a node without lab) always means that one; a node's name alone means the only node of that
     * name, whatever its lab.
     *
     * @throws RequestException if none or more than one is meant
     */
    static Netns find(String meant, List<Netns> known) {
        List<Netns> found =
                known.stream().filter(netns -> netns.label().equals(meant)).toList();
        if (found.isEmpty()) {
            found = known.stream()
                    .filter(netns -> netns.name().filter(meant::equals).isPresent())
                    .toList();
        }
        if (found.isEmpty()) {
            throw new RequestException(unknown(meant, known));
        }
        if (found.size() > 1) {
            throw new RequestException("'%s' is ambiguous: it may be %s".formatted(meant, names(found, " or ")));
        }
        return found.get(0);
    }

    private static String unknown(String meant, List<Netns> known) {
        String message = "no namespace '%s'".formatted(Text.printable(meant));
        if (known.isEmpty()) {
            return message + ": there is only 'host'; foreign ones are named by a pid, net:[INODE] or a path";
        }
        return message
                + known.stream()
                        .min(comparingInt(netns -> distance(meant, netns)))
                        .filter(nearest -> distance(meant, nearest) <= Math.max(1, meant.length() / 3))
                        .map(nearest -> ", did you mean '" + nearest.label() + "'?")
                        .orElse("")
                + " (there is host, " + names(known, ", ") + ")";
    }

    private static String names(List<Netns> known, String separator) {
        boolean same = known.stream().map(Netns::label).distinct().count() < known.size();
        String names = known.stream()
                .limit(LISTED)
                .map(netns -> same ? netns.label() + " " + netns.ref() : netns.label())
                .collect(Collectors.joining(separator));
        return known.size() > LISTED ? names + separator + "%d more".formatted(known.size() - LISTED) : names;
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
