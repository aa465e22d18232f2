package io.netyard.shell.link;

import static java.util.stream.Collectors.joining;

import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.link.Link;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Nodes;
import io.netyard.shell.console.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "link",
        name = "list",
        description = "List network interfaces: of one namespace, or of the host and all named ones")
final class LinkList extends ConsoleCommand {

    @Argument(name = "NODE", description = "A node, LAB/NODE, host, a pid, net:[INODE] or a path")
    @Completion(Nodes.class)
    String node;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    private record Found(String node, Link link) {}

    private final Map<Long, String> labels = new HashMap<>();

    @Override
    protected int run() {
        namespaces().list().forEach(netns -> labels.put(netns.ref().inode(), netns.label()));
        List<Found> found = new ArrayList<>();
        if (node != null) {
            Netns netns = namespaces().resolve(node);
            add(found, netns.label(), netns.ref());
        } else {
            add(found, "host", namespaces().host());
            for (Netns netns : namespaces().known()) {
                addIfThere(found, netns);
            }
        }
        if (json) {
            print(Json.text(found.stream().map(this::fields).toList()));
        } else {
            table(found).print(console());
        }
        return DONE;
    }

    private void add(List<Found> found, String label, NetnsRef netns) {
        links().list(netns).forEach(link -> found.add(new Found(label, link)));
    }

    /** One namespace that has just gone must not hide the others. */
    private void addIfThere(List<Found> found, Netns netns) {
        try {
            add(found, netns.label(), netns.ref());
        } catch (NetyardException e) {
            complain(netns.label() + ": " + e.getMessage());
        }
    }

    private Table table(List<Found> found) {
        Table table = new Table(
                "NODE", "NAME", "KIND", "STATE", "MTU", "MAC", "PEER", "CONTROLLER", "VLAN", "ADDRESSES", "OWNER");
        for (Found each : found) {
            Link link = each.link();
            table.row(
                    each.node(),
                    link.name(),
                    link.kind(),
                    !link.up() ? "down" : link.carrier() ? "up" : "no-carrier",
                    link.mtu(),
                    link.mac(),
                    link.lower().map(this::peer),
                    link.controller(),
                    link.vlan(),
                    link.addresses().stream().map(Object::toString).collect(joining(" ")),
                    link.owner());
        }
        return table;
    }

    private String peer(Link.Lower lower) {
        return peerNode(lower).orElse("?") + ":"
                + lower.name().map(Object::toString).orElse("#" + lower.index());
    }

    private Optional<String> peerNode(Link.Lower lower) {
        return lower.netns().map(netns -> labels.getOrDefault(netns.inode(), netns.toString()));
    }

    /** Field names that scripts rely on. */
    private Map<String, Object> fields(Found found) {
        Link link = found.link();
        return Json.object(
                "node", found.node(),
                "index", link.index(),
                "name", link.name(),
                "kind", link.kind(),
                "up", link.up(),
                "carrier", link.carrier(),
                "mtu", link.mtu(),
                "mac", link.mac(),
                "peer",
                        link.lower()
                                .map(lower -> Json.object(
                                        "node", peerNode(lower),
                                        "inode", lower.netns().map(NetnsRef::inode),
                                        "index", lower.index(),
                                        "name", lower.name())),
                "controller", link.controller(),
                "vlan", link.vlan().map(vlan -> vlan.value()),
                "addresses", link.addresses(),
                "owner", link.owner());
    }
}
