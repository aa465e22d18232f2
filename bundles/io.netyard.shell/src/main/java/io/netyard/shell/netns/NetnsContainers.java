package io.netyard.shell.netns;

import io.netyard.api.RequestException;
import io.netyard.api.container.Container;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import io.netyard.shell.inventory.Entry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "netns",
        name = "containers",
        description = "List the running containers of this host, whatever runs them",
        detailedDescription = "PRIVILEGED: " + Entry.PRIVILEGED + ".")
final class NetnsContainers extends ConsoleCommand {

    @Option(name = "--runtimes", description = "List the runtimes whose containers are recognised instead")
    boolean runtimes;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    /**
     * @param privileged empty if it ended meanwhile
     * @param net its network namespace, as {@code privileged}
     */
    private record Seen(Container container, Optional<Boolean> privileged, Optional<Long> net, boolean sharesNet) {}

    @Override
    protected int run() {
        return runtimes ? listRuntimes() : listContainers();
    }

    private int listRuntimes() {
        Map<String, String> known = containers().runtimes();
        if (json) {
            print(Json.text(known.entrySet().stream()
                    .map(runtime -> Json.object("name", runtime.getKey(), "description", runtime.getValue()))
                    .toList()));
            return DONE;
        }
        Table table = new Table("RUNTIME", "DESCRIPTION");
        known.forEach(table::row);
        table.print(console());
        return DONE;
    }

    private int listContainers() {
        List<Container> running = containers().list();
        Map<NamespaceType, NamespaceId> host =
                running.isEmpty() ? Map.of() : inventory().look(Set.of()).host();
        List<Seen> all =
                running.stream().map(container -> seen(container, host)).toList();
        if (json) {
            print(Json.text(all.stream()
                    .map(seen -> Json.object(
                            "label", seen.container().label(),
                            "runtime", seen.container().runtime(),
                            "name", seen.container().name(),
                            "outer", seen.container().outer(),
                            "pid", seen.container().pid(),
                            "privileged", seen.privileged(),
                            "net", seen.net(),
                            "sharesNet", seen.sharesNet()))
                    .toList()));
            return DONE;
        }
        Table table = new Table("CONTAINER", "PID", "NET", "PRIVILEGED");
        all.forEach(seen -> table.row(
                seen.container().label(),
                seen.container().pid(),
                seen.net().map(net -> seen.sharesNet() ? net + " (the host's)" : net.toString()),
                seen.privileged().map(privileged -> privileged ? "yes" : "no")));
        table.print(console());
        if (all.isEmpty()) {
            complain("no container runs; recognised are those of "
                    + String.join(", ", containers().runtimes().keySet()));
        }
        return DONE;
    }

    private Seen seen(Container container, Map<NamespaceType, NamespaceId> host) {
        try {
            Map<NamespaceType, NamespaceId> own = inventory().namespacesOf(container.pid());
            Optional<NamespaceId> net = Optional.ofNullable(own.get(NamespaceType.NET));
            return new Seen(
                    container,
                    Optional.of(Entry.sharesUser(Optional.ofNullable(own.get(NamespaceType.USER)), host)),
                    net.map(NamespaceId::inode),
                    net.filter(id -> id.equals(host.get(NamespaceType.NET))).isPresent());
        } catch (RequestException e) {
            return new Seen(container, Optional.empty(), Optional.empty(), false);
        }
    }
}
