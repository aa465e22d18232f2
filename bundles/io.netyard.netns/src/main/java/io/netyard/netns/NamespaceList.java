package io.netyard.netns;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.Holding.Kind;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.Inventory.Look;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.Netns.Origin;
import io.netyard.kernel.NamespaceThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The network namespaces that one look has shown, as what Netyard takes them for. */
final class NamespaceList {

    private final Look look;
    private final Map<Long, HostNamespace> shown;
    private final String hostName = Text.printable(NamespaceThread.hostName());

    /** @param look at network namespaces at least */
    NamespaceList(Look look) {
        this.look = look;
        this.shown = look.namespaces().stream()
                .filter(namespace -> namespace.id().type() == NamespaceType.NET)
                .collect(Collectors.toMap(namespace -> namespace.id().inode(), namespace -> namespace));
    }

    /** The host's, those that are known, and the foreign ones by inode. */
    List<Netns> with(NetnsRef host, List<Netns> known) {
        List<Netns> all = new ArrayList<>();
        Set<Long> listed = new HashSet<>();
        all.add(populated(netns(host, Origin.HOST, hostName)));
        listed.add(host.inode());
        Map<Path, String> hostNames = hostNames(known);
        for (Netns netns : known) {
            String name = netns.ref()
                    .uts()
                    .map(uts -> hostNames.getOrDefault(uts, ""))
                    .orElse(hostName);
            all.add(populated(withHostname(netns, name)));
            listed.add(netns.ref().inode());
        }
        look.namespaces().stream()
                .filter(namespace -> namespace.id().type() == NamespaceType.NET
                        && !listed.contains(namespace.id().inode()))
                .flatMap(namespace -> foreign(namespace).stream())
                .map(this::populated)
                .forEach(all::add);
        return List.copyOf(all);
    }

    /** One that nothing is known of but how to open it. */
    static Netns foreign(NetnsRef ref) {
        return netns(ref, Origin.FOREIGN, "");
    }

    private Optional<Netns> foreign(HostNamespace namespace) {
        Optional<Path> uts = namespace
                .first()
                .map(first -> Processes.uts(first.pid()))
                .filter(path -> !Processes.inode(path).equals(ownUts()));
        return file(namespace)
                .map(net -> new NetnsRef(namespace.id().inode(), Path.of(net), uts))
                .map(ref -> netns(ref, Origin.FOREIGN, namespace.hostname()));
    }

    /**
     * A file that opens it: rather a mount that we see ourselves than what ends with a process. Empty if there is none but sockets, and if
     * nobody is in there but a thread of the appliance, which makes or visits it right now.
     */
    private static Optional<String> file(HostNamespace namespace) {
        List<Holding> holdings = namespace.holdings().stream()
                .filter(holding ->
                        holding.kind() != Kind.SOCKET && !holding.path().isEmpty())
                .filter(holding -> holding.kind() == Kind.PROCESS
                        || !holding.pid()
                                .equals(OptionalLong.of(ProcessHandle.current().pid()))
                        || holding.kind() == Kind.MOUNT)
                .toList();
        return holdings.stream()
                .filter(holding ->
                        holding.kind() == Kind.MOUNT && !holding.path().startsWith("/proc/"))
                .findFirst()
                .or(() -> holdings.stream().findFirst())
                .map(Holding::path);
    }

    /** The same with what the processes in it tell. */
    private Netns populated(Netns netns) {
        HostNamespace inside = shown.get(netns.ref().inode());
        if (inside == null || inside.first().isEmpty()) {
            return netns;
        }
        HostProcess first = inside.first().get();
        OptionalLong pid = netns.pid().isPresent() ? netns.pid() : OptionalLong.of(first.pid());
        String command = pid.getAsLong() == first.pid() ? first.command() : Processes.command(pid.getAsLong());
        return new Netns(
                netns.ref(),
                netns.origin(),
                netns.name(),
                netns.lab(),
                netns.holder(),
                pid,
                inside.pids().size(),
                netns.hostname(),
                command);
    }

    private OptionalLong ownUts() {
        NamespaceId own = look.host().get(NamespaceType.UTS);
        return own == null ? OptionalLong.empty() : OptionalLong.of(own.inode());
    }

    /** Of their UTS namespaces, by the file that opens each. Those that may not be entered are missing. */
    private static Map<Path, String> hostNames(List<Netns> known) {
        Map<NamespaceId, String> files = new HashMap<>();
        Map<Path, NamespaceId> ids = new HashMap<>();
        for (Netns netns : known) {
            netns.ref().uts().ifPresent(uts -> {
                try {
                    NamespaceId id = new NamespaceId(NamespaceType.UTS, NamespaceThread.inode(uts));
                    ids.put(uts, id);
                    files.put(id, uts.toString());
                } catch (RequestException e) {
                    // Has gone.
                }
            });
        }
        Map<NamespaceId, byte[]> names = files.isEmpty() ? Map.of() : NamespaceThread.hostNames(files);
        Map<Path, String> found = new HashMap<>();
        ids.forEach((uts, id) -> {
            if (names.containsKey(id)) {
                found.put(uts, Text.printable(names.get(id)));
            }
        });
        return found;
    }

    private static Netns netns(NetnsRef ref, Origin origin, String hostname) {
        return new Netns(
                ref,
                origin,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                0,
                hostname,
                "");
    }

    private static Netns withHostname(Netns netns, String hostname) {
        return new Netns(
                netns.ref(),
                netns.origin(),
                netns.name(),
                netns.lab(),
                netns.holder(),
                netns.pid(),
                netns.processes(),
                hostname,
                netns.command());
    }
}
