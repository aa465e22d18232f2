package io.netyard.api.inventory;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which namespace: its type and its inode in nsfs. Unique among those that exist; used again when it is gone.
 *
 * @param inode what {@code lsns} prints and readlink shows in brackets
 */
public record NamespaceId(NamespaceType type, long inode) implements Comparable<NamespaceId> {

    private static final Pattern LINK = Pattern.compile("([a-z]{1,8}):\\[(\\d{1,18})]");

    private static final Comparator<NamespaceId> ORDER =
            Comparator.comparing(NamespaceId::type).thenComparingLong(NamespaceId::inode);

    /** Reads {@code net:[4026531840]}, as the links in /proc/PID/ns and mountinfo show it; empty if it is something else. */
    public static Optional<NamespaceId> parse(String link) {
        Matcher matcher = LINK.matcher(link);
        return matcher.matches()
                ? NamespaceType.of(matcher.group(1))
                        .map(type -> new NamespaceId(type, Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(NamespaceId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return type.word() + ":[" + inode + "]";
    }
}
