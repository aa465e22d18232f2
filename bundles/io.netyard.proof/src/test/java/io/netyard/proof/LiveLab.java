package io.netyard.proof;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.NetnsRef;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.lab.RunningLab.Address;
import io.netyard.api.lab.RunningLab.Node;
import io.netyard.api.lab.RunningLab.Switch;
import io.netyard.api.lab.Target;
import io.netyard.api.link.LinkEnd;
import io.netyard.api.link.Links;
import io.netyard.bridge.NetlinkBridges;
import io.netyard.link.NetlinkLinks;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Namespaces and links on the running kernel, and what a lab file would say of them. Closing ends them. */
final class LiveLab implements AutoCloseable {

    static final InterfaceName BRX = new InterfaceName("brx");

    private final FixedNamespaces namespaces = new FixedNamespaces();
    final Links links = new NetlinkLinks(namespaces);
    final Bridges bridges = new NetlinkBridges(namespaces);
    private final Map<String, LiveNamespace> live = new LinkedHashMap<>();
    private final Map<String, List<Address>> addresses = new LinkedHashMap<>();
    final List<Check> checks = new ArrayList<>();

    LiveNamespace node(String name) {
        return live.computeIfAbsent(name, key -> {
            LiveNamespace namespace = new LiveNamespace(name);
            namespaces.add(namespace);
            addresses.put(name, new ArrayList<>());
            return namespace;
        });
    }

    NetnsRef ref(String node) {
        return node(node).ref();
    }

    /** Both ends up; each is called like the node at the other end. */
    void connect(String a, String b) {
        InterfaceName nameA = new InterfaceName(b);
        InterfaceName nameB = new InterfaceName(a);
        links.createVeth(
                new LinkEnd(ref(a), nameA, Optional.empty()),
                new LinkEnd(ref(b), nameB, Optional.empty()),
                Optional.empty(),
                "test");
        links.setUp(ref(a), nameA, true);
        links.setUp(ref(b), nameB, true);
    }

    void address(String node, String device, String prefix) {
        Address address = new Address(new InterfaceName(device), IpPrefix.parse(prefix));
        links.addAddress(ref(node), address.device(), address.prefix());
        addresses.get(node).add(address);
    }

    /** The file says so, the kernel does not. */
    void promiseAddress(String node, String device, String prefix) {
        addresses.get(node).add(new Address(new InterfaceName(device), IpPrefix.parse(prefix)));
    }

    /** A bridge in a node of that name, up. */
    void bridge(String node, boolean filtering) {
        bridges.create(ref(node), BRX, filtering, OptionalInt.empty(), "test");
        links.setUp(ref(node), BRX, true);
    }

    /** Connects a node to a bridge by a port that is called like the node. */
    void plug(String node, String into) {
        connect(node, into);
        bridges.addPort(ref(into), BRX, new InterfaceName(node));
    }

    void expect(String from, String to, boolean reachable) {
        checks.add(new Check.Ping(from, Target.node(to), reachable));
    }

    RunningLab lab(Switch... switches) {
        List<Node> nodes = live.entrySet().stream()
                .map(entry -> new Node(
                        entry.getKey(),
                        Optional.of(entry.getValue().ref()),
                        List.copyOf(addresses.get(entry.getKey()))))
                .toList();
        return lab(nodes, switches);
    }

    RunningLab lab(List<Node> nodes, Switch... switches) {
        return new RunningLab(
                "test",
                Path.of("test.yaml"),
                List.of(),
                Optional.empty(),
                nodes,
                List.of(switches),
                List.of(),
                new RunningLab.Expectations(Stream.concat(
                                checks.stream(),
                                Stream.of(switches).map(each -> new Check.VlanTable(each.name(), Optional.empty())))
                        .toList()));
    }

    @Override
    public void close() throws InterruptedException {
        for (LiveNamespace namespace : live.values()) {
            namespace.close();
        }
    }
}
