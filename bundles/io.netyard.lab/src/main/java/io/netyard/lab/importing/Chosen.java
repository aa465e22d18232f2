package io.netyard.lab.importing;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.lab.network.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Namespaces to be imported, as a user writes them, and the names of the nodes that they become. */
public final class Chosen {

    /** Where {@code ip netns} has its names. */
    private static final Path NAMED = Path.of("/run/netns");

    private final Namespaces namespaces;
    private final Map<String, NetnsRef> nodes = new LinkedHashMap<>();

    private Chosen(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    /**
     * @param meant for each {@code [NODE=]NAMESPACE}; none means all that {@code ip netns} has named
     * @return by the node's name, in order
     * @throws RequestException if there is no such namespace, one is there twice, or a name cannot be a node's
     */
    public static Map<String, NetnsRef> of(Namespaces namespaces, List<String> meant) {
        Chosen chosen = new Chosen(namespaces);
        (meant.isEmpty() ? named() : meant).forEach(chosen::add);
        return chosen.nodes;
    }

    private static List<String> named() {
        try (Stream<Path> files = Files.list(NAMED)) {
            List<String> all = files.map(Path::toString).sorted().toList();
            if (!all.isEmpty()) {
                return all;
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Nobody has named any yet.
        } catch (IOException e) {
            throw new RequestException("%s cannot be read: %s".formatted(NAMED, e.getMessage()), e);
        }
        throw new RequestException("nothing is named by 'ip netns': say which namespaces, see netns:list");
    }

    private void add(String meant) {
        int sign = meant.startsWith("/") ? -1 : meant.indexOf('=');
        String place = meant.substring(sign + 1);
        Netns netns = namespaces.resolve(place);
        nodes.forEach((name, before) -> {
            if (before.inode() == netns.ref().inode()) {
                throw new RequestException(
                        "%s is the same namespace as node %s".formatted(Text.printable(meant), name));
            }
        });
        boolean host = netns.origin() == Netns.Origin.HOST;
        String name = sign > 0 ? requireName(meant.substring(0, sign)) : host ? Node.HOST : name(place, netns);
        if (host != name.equals(Node.HOST)) {
            throw new RequestException("'host' is the name of the namespace that Netyard runs in, and of no other: %s"
                    .formatted(Text.printable(meant)));
        }
        if (nodes.putIfAbsent(name, netns.ref()) != null) {
            throw new RequestException(
                    "two nodes cannot have the name %s: write %s2=%s".formatted(name, name, Text.printable(place)));
        }
    }

    private static String requireName(String name) {
        try {
            NetnsSpec.requireName("node", name);
            return name;
        } catch (IllegalArgumentException e) {
            throw new RequestException(e.getMessage(), e);
        }
    }

    /** What it is called already, if that can be a node's name. */
    private String name(String place, Netns netns) {
        String last = place.substring(Math.max(place.lastIndexOf('/'), place.lastIndexOf(':')) + 1);
        return Stream.of(
                        netns.name(),
                        place.matches("[0-9]+|.*\\[.*") ? Optional.<String>empty() : Optional.of(last),
                        hostname(netns))
                .flatMap(Optional::stream)
                .filter(Chosen::isName)
                .filter(name -> !nodes.containsKey(name) && !name.equals(Node.HOST))
                .findFirst()
                .orElseGet(() -> "node" + (nodes.size() + 1));
    }

    /** If it has one of its own. */
    private Optional<String> hostname(Netns netns) {
        return netns.ref().uts().isPresent() ? Optional.of(netns.hostname()) : Optional.empty();
    }

    private static boolean isName(String text) {
        try {
            NetnsSpec.requireName("node", text);
            return !text.equals("all");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
