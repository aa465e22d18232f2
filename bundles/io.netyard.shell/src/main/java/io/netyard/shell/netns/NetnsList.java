package io.netyard.shell.netns;

import static java.util.stream.Collectors.toMap;

import io.netyard.api.container.Container;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.Inventory.Look;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.inventory.Column;
import io.netyard.shell.inventory.Entry;
import io.netyard.shell.inventory.Filters;
import io.netyard.shell.inventory.NamespaceTree;
import io.netyard.shell.inventory.NamespaceTypes;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "netns",
        name = "list",
        description = "List the namespaces of this host, whoever made them",
        detailedDescription =
                """
                Of each the process with the lowest pid is shown: PID, PPID, USER, HOSTNAME, CONTAINER and COMMAND are its own. HELD-BY says what
                keeps the namespace alive: a process, a single thread, a process whose children will be in it, a mount, an open descriptor, an
                open socket, or a relative, that is, another namespace below it. Filters that stand together must all be met. A container is
                privileged if its root is the host's.""")
final class NetnsList extends ConsoleCommand {

    @Option(
            name = "--type",
            aliases = "-t",
            valueToShowInHelp = "TYPE,...",
            description = "Types of namespaces, or all; net if left out")
    @Completion(TypeLists.class)
    String types;

    @Option(name = "--output", aliases = "-o", valueToShowInHelp = "COLUMN,...", description = "Columns to show")
    @Completion(ColumnLists.class)
    String output;

    @Option(
            name = "--sort",
            valueToShowInHelp = "COLUMN",
            description = "Sort by a column; -COLUMN is the other way round")
    @Completion(SortColumns.class)
    String sort;

    @Option(name = "--tree", description = "Show each below the namespace that it belongs to")
    boolean tree;

    @Option(name = "--pid", valueToShowInHelp = "PID", description = "Only those that this process is in")
    Integer pid;

    @Option(
            name = "--user",
            valueToShowInHelp = "USER",
            description = "Only those with a process of this user, name or number")
    String user;

    @Option(
            name = "--command",
            valueToShowInHelp = "REGEX",
            description = "Only those with a process in whose command line this is found")
    String command;

    @Option(
            name = "--container",
            valueToShowInHelp = "NAME",
            description = "Only those that this container uses, NAME or RUNTIME:NAME")
    @Completion(ContainerNames.class)
    String container;

    @Option(
            name = "--ns",
            valueToShowInHelp = "ID",
            description = "Only this one, INODE or TYPE:[INODE], of whatever type unless --type says so")
    String id;

    @Option(name = "--differs-from-host", description = "Only those that are not the host's own")
    boolean differsFromHost;

    @Option(name = "--shares-user", description = "Only those whose processes are in the host's user namespace")
    boolean sharesUser;

    @Option(name = "--empty", description = "Only those without a process")
    boolean empty;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        Set<NamespaceType> shown = types();
        Comparator<Entry> order =
                sort == null ? Column.usualOrder() : Column.order(sort).thenComparing(Column.usualOrder());
        List<Column> columns = output == null ? Column.usual(tree || shown.size() > 1) : Column.parse(output);
        Predicate<Entry> wanted = wanted();

        Set<NamespaceType> types = EnumSet.copyOf(shown);
        if (tree) {
            types.add(NamespaceType.USER);
        }
        Look look = inventory().look(types);
        List<Entry> entries = entries(look, json || columns.stream().anyMatch(Column::needsNetns));
        if (tree) {
            Predicate<Entry> ofType = entry -> shown.contains(entry.id().type());
            printTree(NamespaceTree.of(entries, order, ofType.and(wanted)), columns);
        } else {
            printList(entries.stream().filter(wanted).sorted(order).toList(), columns);
        }
        HiddenProcesses.warning(look).ifPresent(this::complain);
        return DONE;
    }

    private Set<NamespaceType> types() {
        if (types != null) {
            return NamespaceTypes.parse(types);
        }
        if (id == null) {
            return Set.of(NamespaceType.NET);
        }
        return NamespaceId.parse(id)
                .map(full -> Set.of(full.type()))
                .orElseGet(() -> NamespaceTypes.parse(NamespaceTypes.ALL));
    }

    /** The cheap ones first: those for users and commands look at processes one by one. */
    private Predicate<Entry> wanted() {
        Predicate<Entry> wanted = entry -> true;
        if (id != null) {
            wanted = wanted.and(Filters.id(id));
        }
        if (differsFromHost) {
            wanted = wanted.and(entry -> !entry.isHost());
        }
        if (sharesUser) {
            wanted = wanted.and(Entry::sharesUser);
        }
        if (empty) {
            wanted = wanted.and(Filters.withoutProcess());
        }
        if (pid != null) {
            wanted = wanted.and(Filters.oneOf(inventory().namespacesOf(pid).values()));
        }
        if (container != null) {
            Container found = containers().find(container);
            wanted = wanted.and(Filters.container(found.label())
                    .or(Filters.oneOf(inventory().namespacesOf(found.pid()).values())));
        }
        Predicate<HostProcess> such = null;
        if (user != null) {
            such = Filters.user(user);
        }
        if (command != null) {
            such = such == null ? Filters.command(command) : such.and(Filters.command(command));
        }
        return such == null ? wanted : wanted.and(Filters.anyProcess(such, inventory()::process));
    }

    private List<Entry> entries(Look look, boolean withNetns) {
        Map<NamespaceId, Netns> known = withNetns
                ? namespaces().known().stream()
                        .collect(toMap(
                                netns -> new NamespaceId(
                                        NamespaceType.NET, netns.ref().inode()),
                                Function.identity(),
                                (own, attached) -> own))
                : Map.of();
        return look.namespaces().stream()
                .map(namespace -> Entry.of(namespace, look.host(), Optional.ofNullable(known.get(namespace.id()))))
                .toList();
    }

    private void printList(List<Entry> entries, List<Column> columns) {
        if (json) {
            print(Json.text(entries.stream().map(NamespaceFields::of).toList()));
            return;
        }
        NamespaceTable table = new NamespaceTable(columns, output != null);
        entries.forEach(table::row);
        table.print(console());
    }

    private void printTree(List<NamespaceTree.Node> roots, List<Column> columns) {
        if (json) {
            print(Json.text(roots.stream().map(NetnsList::fields).toList()));
            return;
        }
        NamespaceTable table = new NamespaceTable(columns, output != null);
        NamespaceTree.draw(roots, table::row);
        table.print(console());
    }

    private static Map<String, Object> fields(NamespaceTree.Node node) {
        Map<String, Object> fields = NamespaceFields.of(node.entry());
        fields.put("children", node.children().stream().map(NetnsList::fields).toList());
        return fields;
    }
}
