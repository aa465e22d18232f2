package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.Text;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.firewall.Policy;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.lab.file.Devices.Draft;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.network.Settings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** From what a lab file says at one stage to what that means. A pure function; what makes no sense becomes a problem. */
final class Compiler {

    private final Lab lab;
    private final GeneratedNames names;
    private final Problems problems;

    Compiler(Lab lab, GeneratedNames names, Problems problems) {
        this.lab = lab;
        this.names = names;
        this.problems = problems;
    }

    /** Worth something only if it adds no problem. */
    Meaning compile(String name, Path file, List<String> stages, Optional<String> stage) {
        checkNames();
        checkAttached();
        checkGroups();
        List<Wiring.End> ends = Wiring.of(lab, names, problems);
        Map<Place, Draft> drafts = Devices.of(lab, ends, problems);
        Switching switching = Switching.of(lab, ends, drafts, problems);
        checkAddresses(drafts);
        Map<String, Settings> settings =
                NodeSettings.of(lab, drafts, Policies.of(lab, drafts, switching, problems), problems);
        boolean quiet = Ipv6Need.isQuiet(lab, settings, problems);
        Network network = guarded(network(name, drafts, switching, settings), switching);
        if (quiet) {
            network = network.map(Node::withoutIpv6);
        }
        List<RunningLab.Node> nodes = nodes(network);
        List<RunningLab.Switch> switches = switches(network);
        RunningLab description = new RunningLab(
                name,
                file,
                stages,
                stage,
                nodes,
                switches,
                groups(),
                Promises.of(
                        lab,
                        nodes,
                        switches,
                        drafts.keySet(),
                        bridgeOnly(drafts),
                        switching.groupSwitches(),
                        problems));
        return new Meaning(network, description, lab.allowLoops());
    }

    private void checkNames() {
        Map<String, String> taken = new HashMap<>();
        lab.nodes().values().forEach(node -> claim(node.name(), "node", taken));
        lab.switches().values().forEach(found -> claim(found.name(), "switch", taken));
        lab.groups().values().forEach(group -> claim(group.name(), "group", taken));
        lab.targets().values().forEach(target -> claim(target.name(), "target", taken));
    }

    private void claim(At<String> name, String what, Map<String, String> taken) {
        String before = taken.putIfAbsent(name.value(), what);
        if (before != null) {
            problems.add(name.position(), "'%s' is the name of a %s already".formatted(name, before));
        }
    }

    private void checkAttached() {
        Map<ForeignNamespace, Lab.Node> nodes = new HashMap<>();
        for (Lab.Node node : lab.nodes().values()) {
            node.attach().ifPresent(what -> {
                Lab.Node before = nodes.putIfAbsent(what.value(), node);
                if (before != null) {
                    problems.add(what.position(), "%s is node %s already".formatted(what, before.name()));
                }
            });
        }
    }

    private void checkGroups() {
        Map<VlanId, Lab.Group> byVlan = new HashMap<>();
        for (Lab.Group group : lab.groups().values()) {
            group.vlan().ifPresent(vlan -> {
                Lab.Group before = byVlan.putIfAbsent(vlan.value(), group);
                if (before != null) {
                    problems.add(vlan.position(), "VLAN %s is group %s's already".formatted(vlan, before.name()));
                }
            });
            group.vlans().values().stream()
                    .filter(local ->
                            !lab.switches().containsKey(local.atSwitch().value()))
                    .forEach(local -> problems.add(
                            local.atSwitch().position(),
                            "'%s' is no switch; %s"
                                    .formatted(
                                            Text.printable(local.atSwitch().value()),
                                            Spelling.hint(
                                                    local.atSwitch().value(),
                                                    lab.switches().keySet()))));
            Set<String> seen = new HashSet<>();
            for (At<String> member : group.members()) {
                if (!lab.nodes().containsKey(member.value())) {
                    problems.add(
                            member.position(),
                            "member '%s' of group %s is no node; %s"
                                    .formatted(
                                            Text.printable(member.value()),
                                            group.name(),
                                            Spelling.hint(
                                                    member.value(), lab.nodes().keySet())));
                } else if (!seen.add(member.value())) {
                    problems.add(member.position(), "%s is in group %s already".formatted(member, group.name()));
                }
            }
        }
    }

    /** One address on two interfaces that are up makes answers ambiguous; a node cannot hold one twice at all. */
    private void checkAddresses(Map<Place, Draft> drafts) {
        record Holder(Draft draft, Position position) {}
        Map<InetAddress, List<Holder>> holders = new HashMap<>();
        for (Draft draft : drafts.values()) {
            for (At<IpPrefix> at : draft.addresses()) {
                InetAddress address = at.value().address();
                List<Holder> before = holders.computeIfAbsent(address, any -> new ArrayList<>());
                before.stream()
                        .filter(other -> clash(other.draft(), draft, address))
                        .findFirst()
                        .ifPresent(other -> {
                            boolean inOrder = other.position().compareTo(at.position()) < 0;
                            Position later = inOrder ? at.position() : other.position();
                            Holder earlier = inOrder ? other : new Holder(draft, at.position());
                            problems.add(
                                    later,
                                    "%s is the address of %s already (line %d)"
                                            .formatted(
                                                    IpPrefix.text(address),
                                                    earlier.draft().place(),
                                                    earlier.position().line()));
                        });
                before.add(new Holder(draft, at.position()));
            }
        }
    }

    private static boolean clash(Draft a, Draft b, InetAddress address) {
        if (a.place().equals(b.place())) {
            return true;
        }
        if (address.isLinkLocalAddress()) {
            return false;
        }
        return a.place().node().equals(b.place().node()) || a.up() && b.up();
    }

    /** With the policies that follow from who is in which group. */
    private Network guarded(Network network, Switching switching) {
        Map<String, List<Policy>> guards = Guards.of(lab, network, switching);
        Optional<String> pin = lab.guards().flatMap(Lab.Guards::backend);
        return network.map(node -> {
            Map<String, PolicyUse> policies = new LinkedHashMap<>();
            guards.getOrDefault(node.name(), List.of())
                    .forEach(policy -> policies.put(policy.name(), new PolicyUse(policy, pin)));
            return node.withSettings(node.settings().withPolicies(policies));
        });
    }

    private Network network(String lab, Map<Place, Draft> drafts, Switching switching, Map<String, Settings> settings) {
        Map<String, Map<InterfaceName, Device>> devices = new LinkedHashMap<>();
        this.lab.nodes().keySet().forEach(node -> devices.put(node, new LinkedHashMap<>()));
        drafts.forEach((place, draft) -> devices.get(place.node())
                .put(
                        place.device(),
                        new Device(
                                place.device(),
                                draft.isBridge() ? switching.bridge(place) : draft.kind(),
                                draft.up(),
                                draft.mtu(),
                                draft.mac().or(() -> Optional.of(place)
                                        .filter(switching::isSharedMembers)
                                        .map(shared -> Guards.mac(lab, shared))),
                                draft.addresses().stream()
                                        .map(At::value)
                                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                                switching.port(place))));
        Map<String, Node> nodes = new LinkedHashMap<>();
        this.lab
                .nodes()
                .forEach((name, node) ->
                        nodes.put(name, new Node(name, origin(node), devices.get(name), settings.get(name))));
        return new Network(nodes);
    }

    private static Node.Origin origin(Lab.Node node) {
        return node.attach()
                .<Node.Origin>map(what -> new Node.Attached(what.value()))
                .orElseGet(() -> node.isMade() ? new Node.Made(node.holder()) : new Node.Host());
    }

    private static List<RunningLab.Node> nodes(Network network) {
        return network.nodes().values().stream()
                .map(node -> new RunningLab.Node(
                        node.name(),
                        Optional.empty(),
                        node.devices().values().stream()
                                .flatMap(device -> device.addresses().stream()
                                        .map(prefix -> new RunningLab.Address(device.name(), prefix)))
                                .toList()))
                .toList();
    }

    private List<RunningLab.Switch> switches(Network network) {
        List<RunningLab.Switch> switches = new ArrayList<>();
        for (Lab.Switch found : lab.switches().values()) {
            Node node = network.nodes().get(found.node().value());
            Device device =
                    node == null ? null : node.devices().get(found.bridge().value());
            if (device != null && device.kind() instanceof Device.Bridge bridge) {
                Map<InterfaceName, List<VlanEntry>> ports = new LinkedHashMap<>();
                node.devices().values().forEach(port -> port.port()
                        .filter(in -> in.bridge().equals(device.name()))
                        .ifPresent(in -> ports.put(port.name(), in.vlans())));
                switches.add(new RunningLab.Switch(
                        found.name().value(),
                        node.name(),
                        device.name(),
                        bridge.vlanFiltering(),
                        bridge.self(),
                        ports));
            }
        }
        return switches;
    }

    private List<RunningLab.Group> groups() {
        return lab.groups().values().stream()
                .map(group -> new RunningLab.Group(
                        group.name().value(),
                        group.vlan().map(At::value),
                        group.members().stream().map(At::value).toList()))
                .toList();
    }

    private Set<String> addressed(Map<Place, Draft> drafts, boolean exceptOnBridges) {
        Set<String> having = drafts.values().stream()
                .filter(draft -> !draft.addresses().isEmpty() && !(exceptOnBridges && draft.isBridge()))
                .map(draft -> draft.place().node())
                .collect(Collectors.toSet());
        return lab.nodes().keySet().stream()
                .filter(having::contains)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Set<String> bridgeOnly(Map<Place, Draft> drafts) {
        Set<String> nodes = addressed(drafts, false);
        nodes.removeAll(addressed(drafts, true));
        return nodes;
    }
}
