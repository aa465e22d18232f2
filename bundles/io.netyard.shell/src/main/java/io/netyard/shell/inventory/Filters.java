package io.netyard.shell.inventory;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.NamespaceId;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which namespaces of a list are shown. */
public final class Filters {

    private Filters() {}

    /** Those that this inode or {@code type:[inode]} means. */
    public static Predicate<Entry> id(String meant) {
        Optional<NamespaceId> full = NamespaceId.parse(meant);
        if (full.isPresent()) {
            return entry -> entry.id().equals(full.get());
        }
        if (!meant.matches("\\d{1,18}")) {
            throw new RequestException("'%s' is no namespace: write its inode, or type:[inode] as in net:[4026531840]"
                    .formatted(Text.printable(meant)));
        }
        long inode = Long.parseLong(meant);
        return entry -> entry.id().inode() == inode;
    }

    public static Predicate<Entry> oneOf(Collection<NamespaceId> ids) {
        Set<NamespaceId> wanted = Set.copyOf(ids);
        return entry -> wanted.contains(entry.id());
    }

    public static Predicate<Entry> container(String label) {
        return entry -> entry.namespace().container().filter(label::equals).isPresent();
    }

    public static Predicate<Entry> withoutProcess() {
        return entry -> entry.namespace().pids().isEmpty();
    }

    /**
     * Those with such a process in them.
     *
     * @param look finds a process by its pid; asked for as few as will do, and the one that is known already not at all
     */
    public static Predicate<Entry> anyProcess(Predicate<HostProcess> such, LongFunction<Optional<HostProcess>> look) {
        return entry -> {
            Optional<HostProcess> first = entry.namespace().first();
            if (first.filter(such).isPresent()) {
                return true;
            }
            return entry.namespace().pids().stream()
                    .filter(pid -> first.isEmpty() || first.get().pid() != pid)
                    .anyMatch(pid -> look.apply(pid).filter(such).isPresent());
        };
    }

    /** @param user a name or a number */
    public static Predicate<HostProcess> user(String user) {
        return process ->
                process.user().equals(user) || Long.toString(process.uid()).equals(user);
    }

    /**
     * @param regex is found somewhere in the command line
     * @throws RequestException if it is no regular expression; says what is wrong where
     */
    public static Predicate<HostProcess> command(String regex) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new RequestException(
                    "'%s' is no regular expression: %s%s"
                            .formatted(
                                    Text.printable(regex),
                                    e.getDescription(),
                                    e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1)),
                    e);
        }
        return process -> pattern.matcher(process.command()).find();
    }
}
