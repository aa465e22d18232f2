package io.netyard.shell.netns;

import io.netyard.api.RequestException;
import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.Inventory.Look;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import io.netyard.shell.inventory.Column;
import io.netyard.shell.inventory.Entry;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.karaf.shell.api.action.Command;

@Command(scope = "netns", name = "show", description = "Show all that is known of one namespace")
final class NetnsShow extends NamespaceCommand {

    @Override
    protected int run() {
        NamespaceId id = namespace();
        Look look = inventory().look(EnumSet.of(id.type()));
        HostNamespace namespace = look.namespaces().stream()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new RequestException(
                        "no namespace %s: nothing that can be seen here keeps it alive".formatted(id)));
        Map<NamespaceType, NamespaceId> host = look.host();
        Entry entry = Entry.of(namespace, host, netns(id));
        Map<NamespaceType, NamespaceId> others =
                namespace.first().map(this::namespacesOf).orElseGet(TreeMap::new);
        others.remove(id.type());
        if (json) {
            Map<String, Object> fields = NamespaceFields.of(entry);
            fields.put(
                    "others",
                    others.entrySet().stream()
                            .map(other -> Json.object(
                                    "type", other.getKey().word(),
                                    "inode", other.getValue().inode(),
                                    "host", other.getValue().equals(host.get(other.getKey()))))
                            .toList());
            print(Json.text(fields));
        } else {
            print(entry, others, host);
        }
        HiddenProcesses.warning(look).ifPresent(this::complain);
        return DONE;
    }

    private Optional<Netns> netns(NamespaceId id) {
        return id.type() != NamespaceType.NET
                ? Optional.empty()
                : namespaces().known().stream()
                        .filter(netns -> netns.ref().inode() == id.inode())
                        .findFirst();
    }

    /** The namespaces of its first process, which may end meanwhile. */
    private Map<NamespaceType, NamespaceId> namespacesOf(HostProcess process) {
        try {
            return new TreeMap<>(inventory().namespacesOf(process.pid()));
        } catch (RequestException e) {
            return new TreeMap<>();
        }
    }

    private void print(Entry entry, Map<NamespaceType, NamespaceId> others, Map<NamespaceType, NamespaceId> host) {
        HostNamespace namespace = entry.namespace();
        Table table = new Table("FIELD", "VALUE")
                .row("name", NamespaceFields.label(entry))
                .row("labels", String.join(", ", namespace.labels()))
                .row("lab", Column.LAB.cell(entry))
                .row("origin", Column.ORIGIN.cell(entry))
                .row("holder", Column.HOLDER.cell(entry))
                .row("type", Column.TYPE.cell(entry))
                .row("inode", Column.INODE.cell(entry))
                .row("path", Column.PATH.cell(entry))
                .row("pid", Column.PID.cell(entry))
                .row("ppid", Column.PPID.cell(entry))
                .row("user", Column.USER.cell(entry))
                .row("processes", Column.NPROCS.cell(entry))
                .row("hostname", Column.HOSTNAME.cell(entry))
                .row("container", namespace.container())
                .row("privileged", privileged(entry))
                .row("command", Column.COMMAND.cell(entry));
        for (Holding holding : namespace.holdings()) {
            table.row("held by " + Column.word(holding.kind()), where(holding));
        }
        table.row("owner", namespace.owner().map(owner -> known(owner, host)));
        if (entry.id().type() == NamespaceType.PID) {
            table.row("parent", namespace.parent().map(parent -> known(parent, host)));
        }
        table.row("user namespace", namespace.userNamespace().map(user -> known(user, host)));
        others.forEach((other, id) -> table.row(other.word() + " of pid", known(id, host)));
        table.print(console());
    }

    private static String privileged(Entry entry) {
        if (entry.namespace().container().isEmpty()) {
            return "";
        }
        return entry.isPrivileged() ? "yes: " + Entry.PRIVILEGED : "no: it has a user namespace of its own";
    }

    private static String where(Holding holding) {
        String pid = holding.pid().isPresent() ? "pid " + holding.pid().getAsLong() : "";
        return pid.isEmpty() || holding.path().isEmpty() ? pid + holding.path() : pid + ", " + holding.path();
    }

    private static String known(NamespaceId id, Map<NamespaceType, NamespaceId> host) {
        return id.equals(host.get(id.type())) ? id + ", the host's" : id.toString();
    }
}
