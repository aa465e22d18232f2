package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.Text;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import io.netyard.lab.file.Devices.Draft;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.PolicyUse;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The policies that a file writes down: of a node for the packets it routes, receives and sends and for the addresses it rewrites, of a
 * switch for the frames between its ports. In their rules nodes, groups and targets stand for their addresses, and at a switch for the ports that
 * lead to them.
 */
final class Policies {

    private static final String FILTER = "filter";
    private static final String NAT = "nat";

    private final Lab lab;
    private final Map<Place, Draft> drafts;
    private final Switching switching;
    private final Problems problems;
    private final Map<String, Map<String, PolicyUse>> byNode = new LinkedHashMap<>();

    private Policies(Lab lab, Map<Place, Draft> drafts, Switching switching, Problems problems) {
        this.lab = lab;
        this.drafts = drafts;
        this.switching = switching;
        this.problems = problems;
    }

    /** @return by node and name */
    static Map<String, Map<String, PolicyUse>> of(
            Lab lab, Map<Place, Draft> drafts, Switching switching, Problems problems) {
        Policies policies = new Policies(lab, drafts, switching, problems);
        for (Lab.Node node : lab.nodes().values()) {
            String name = node.name().value();
            node.firewall().ifPresent(rules -> policies.add(name, FILTER, Layer.NETWORK, Optional.empty(), rules));
            node.nat().ifPresent(rules -> policies.add(name, NAT, Layer.NAT, Optional.empty(), rules));
        }
        for (Lab.Switch found : lab.switches().values()) {
            if (lab.nodes().containsKey(found.node().value())) {
                found.firewall()
                        .ifPresent(rules -> policies.add(
                                found.node().value(),
                                policies.free(found.node().value(), "switch"),
                                Layer.LINK,
                                Optional.of(found),
                                rules));
            }
        }
        return policies.byNode;
    }

    /** A node may have several switches. */
    private String free(String node, String name) {
        Set<String> taken = byNode.getOrDefault(node, Map.of()).keySet();
        String free = name;
        for (int i = 2; taken.contains(free); i++) {
            free = name + "-" + i;
        }
        return free;
    }

    private void add(String node, String name, Layer layer, Optional<Lab.Switch> at, Lab.Rules written) {
        List<Rule> rules = new ArrayList<>();
        for (At<String> text : written.texts()) {
            for (String expanded : expand(node, at, text)) {
                try {
                    rules.add(requireInterfaces(node, at, Rule.parse(expanded), text.position()));
                } catch (IllegalArgumentException e) {
                    problems.add(text.position(), e.getMessage());
                }
            }
        }
        try {
            Policy policy = new Policy(
                    name,
                    layer,
                    at.map(found -> found.bridge().value()),
                    at.map(this::taggedPorts).orElse(Set.of()),
                    rules,
                    written.otherwise());
            byNode.computeIfAbsent(node, any -> new LinkedHashMap<>())
                    .put(name, new PolicyUse(policy, written.backend()));
        } catch (IllegalArgumentException e) {
            problems.add(written.position(), e.getMessage());
        }
    }

    /** The ports of a switch at which frames come or go with a tag. */
    private Set<InterfaceName> taggedPorts(Lab.Switch found) {
        return ports(found).stream()
                .filter(port ->
                        switching.port(port).orElseThrow().vlans().stream().anyMatch(entry -> !entry.untagged()))
                .map(Place::device)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<Place> ports(Lab.Switch found) {
        return drafts.keySet().stream()
                .filter(place -> place.node().equals(found.node().value()))
                .filter(place -> switching
                        .port(place)
                        .map(Device.Port::bridge)
                        .filter(found.bridge().value()::equals)
                        .isPresent())
                .toList();
    }

    /** A misspelt interface would be a rule that never holds, or always. */
    private Rule requireInterfaces(String node, Optional<Lab.Switch> at, Rule rule, Position position) {
        List<String> known = at.map(found -> ports(found).stream())
                .orElseGet(() ->
                        drafts.keySet().stream().filter(place -> place.node().equals(node)))
                .map(place -> place.device().value())
                .toList();
        rule.interfaces().stream()
                .filter(device -> !known.contains(device.value())
                        && !(at.isEmpty() && device.value().equals("lo")))
                .forEach(device -> problems.add(
                        position,
                        "%s has no %s %s; %s"
                                .formatted(
                                        at.map(found -> "switch " + found.name())
                                                .orElse("node " + node),
                                        at.isPresent() ? "port" : "interface",
                                        device,
                                        Spelling.hint(device.toString(), known))));
        return rule;
    }

    /** With names of nodes and groups replaced; a name that has addresses of both families makes two rules. */
    private List<String> expand(String node, Optional<Lab.Switch> at, At<String> text) {
        List<String> words = List.of(text.value().trim().split("\\s+"));
        boolean ambiguous = false;
        StringBuilder ipv4 = new StringBuilder();
        StringBuilder ipv6 = new StringBuilder();
        String before = "";
        for (String word : words) {
            String inIpv4 = word;
            String inIpv6 = word;
            if (at.isPresent() && (before.equals("in") || before.equals("out"))) {
                inIpv4 = portsFor(node, at.get(), word);
                inIpv6 = inIpv4;
            } else if (before.equals("source") || before.equals("destination")) {
                inIpv4 = addressesFor(word, true, text.position());
                inIpv6 = addressesFor(word, false, text.position());
                ambiguous |= !inIpv4.equals(inIpv6);
            } else if (before.equals("arp-source")) {
                inIpv4 = addressesFor(word, true, text.position());
                inIpv6 = inIpv4;
            }
            ipv4.append(ipv4.isEmpty() ? "" : " ").append(inIpv4);
            ipv6.append(ipv6.isEmpty() ? "" : " ").append(inIpv6);
            // "not" stands between a word and its values.
            before = word.equals("not") ? before : word;
        }
        if (!ambiguous) {
            return List.of(ipv4.toString());
        }
        List<String> rules = new ArrayList<>();
        for (StringBuilder rule : List.of(ipv4, ipv6)) {
            if (rule.indexOf(NONE) < 0) {
                rules.add(rule.toString());
            }
        }
        return rules;
    }

    /** Stands for addresses of a family that a name has none of; no word of a rule has a blank. */
    private static final String NONE = "no address";

    private String portsFor(String node, Lab.Switch found, String word) {
        Set<String> expanded = new LinkedHashSet<>();
        for (String value : word.split(",", -1)) {
            Set<String> nodes = nodes(value);
            boolean isPort = drafts.keySet().stream()
                    .anyMatch(place ->
                            place.node().equals(node) && place.device().value().equals(value));
            List<String> leading = ports(found).stream()
                    .filter(port ->
                            switching.nodeBehind(port).filter(nodes::contains).isPresent())
                    .map(port -> port.device().value())
                    .toList();
            expanded.addAll(isPort || leading.isEmpty() ? List.of(value) : leading);
        }
        return String.join(",", expanded);
    }

    private String addressesFor(String word, boolean ipv4, Position position) {
        Set<String> expanded = new LinkedHashSet<>();
        boolean named = false;
        for (String value : word.split(",", -1)) {
            Set<String> nodes = nodes(value);
            Lab.Target target = lab.targets().get(value);
            if (target != null) {
                named = true;
                if (target.address() instanceof Inet4Address == ipv4) {
                    expanded.add(IpPrefix.text(target.address()));
                }
                continue;
            }
            if (nodes.isEmpty()) {
                expanded.add(value);
                continue;
            }
            named = true;
            List<IpPrefix> addresses = drafts.values().stream()
                    .filter(draft -> nodes.contains(draft.place().node()))
                    .flatMap(draft -> draft.addresses().stream())
                    .map(At::value)
                    .toList();
            if (addresses.isEmpty()) {
                problems.add(position, "%s has no address here".formatted(Text.printable(value)));
            }
            addresses.stream()
                    .filter(address -> address.isIpv4() == ipv4)
                    .forEach(address -> expanded.add(IpPrefix.text(address.address())));
        }
        return expanded.isEmpty() && named ? NONE : String.join(",", expanded);
    }

    /** The nodes that a word means; empty if it is no name. */
    private Set<String> nodes(String word) {
        if (lab.nodes().containsKey(word)) {
            return Set.of(word);
        }
        return Optional.ofNullable(lab.groups().get(word)).stream()
                .flatMap(group -> group.members().stream())
                .map(At::value)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
