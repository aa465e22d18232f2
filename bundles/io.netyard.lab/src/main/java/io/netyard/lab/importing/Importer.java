package io.netyard.lab.importing;

import io.netyard.api.InterfaceName;
import io.netyard.api.LabFileException;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.firewall.FirewallBackend.Loaded;
import io.netyard.api.firewall.Policy;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.network.Settings;
import io.netyard.lab.plan.Observer;
import io.netyard.lab.plan.Observer.Observed;
import io.netyard.lab.plan.Services;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what is in some namespaces, whoever has made it, and writes the lab file that would build it. Changes nothing. */
public final class Importer {

    private final Services services;
    private final Observer observer;

    public Importer(Services services) {
        this.services = services;
        this.observer = new Observer(services);
    }

    /**
     * @param lab name of the lab that is written
     * @param nodes the namespaces by the name that each gets, in that order
     * @param like a file whose policies and MAC addresses are taken over where the kernel has the same: of rules it shows only what their
     *     tool made of them, and of a MAC address not who has chosen it
     */
    public Imported read(String lab, Map<String, NetnsRef> nodes, Optional<LabFile> like) {
        try (Namespaces.Session session = services.namespaces().session()) {
            return looked(lab, nodes, like);
        }
    }

    private Imported looked(String lab, Map<String, NetnsRef> nodes, Optional<LabFile> like) {
        Known known = like.map(Known::of).orElse(Known.NOTHING);
        Observed observed = observer.observe(nodes);
        if (!services.bridges().supportsVlanFiltering()) {
            observed = new Observed(observed.network().map(Importer::withDefaultTables), observed.foreign());
        }
        Carried carried = Carried.of(observed);
        List<String> remarks = new ArrayList<>(carried.remarks());
        Map<String, Map<SysctlName, String>> sysctls = Parameters.of(
                services.routing(),
                carried.network().nodes().values().stream()
                        .filter(node -> !node.isHost())
                        .toList(),
                nodes);
        Network network = carried.network().map(node -> {
            if (node.isHost()) {
                return node;
            }
            NetnsRef netns = nodes.get(node.name());
            Map<String, PolicyUse> policies = policies(node, netns, known, remarks);
            Settings had = node.settings();
            return node.withSettings(
                    new Settings(sysctls.get(node.name()), had.routes(), had.neighbours(), policies, had.tapHosts()));
        });
        Network told = withoutChance(network, known);
        Imported imported = LabText.of(lab, told, remarks);
        Optional<String> refusal = refusal(imported.text());
        if (refusal.isEmpty()) {
            return imported;
        }
        remarks.add("as it stands this file is refused: " + refusal.get());
        return LabText.of(lab, told, remarks);
    }

    private static Optional<String> refusal(String text) {
        try {
            LabFile.parse(text, Path.of("the file"));
            return Optional.empty();
        } catch (LabFileException e) {
            return Optional.of(e.getMessage().replace('\n', ';'));
        }
    }

    /** Policies of labs that are up are known; others by their marks, if the file has the same ones. */
    private Map<String, PolicyUse> policies(Node node, NetnsRef netns, Known known, List<String> remarks) {
        Map<String, PolicyUse> policies = new LinkedHashMap<>(node.settings().policies());
        try {
            for (Loaded loaded : services.firewall().found(netns)) {
                if (policies.containsKey(loaded.policy())) {
                    continue;
                }
                Optional<Policy> same = known.policy(loaded);
                same.ifPresent(policy -> policies.put(policy.name(), new PolicyUse(policy, Optional.empty())));
                if (same.isEmpty()) {
                    remarks.add(
                            "node %s: policy %s (layer %s), of which only the rules that it became are in the kernel"
                                    .formatted(node.name(), loaded.policy(), loaded.layer()));
                }
            }
            services.firewall()
                    .others(netns)
                    .forEach(other -> remarks.add("node %s: %s".formatted(node.name(), other)));
        } catch (NetyardException e) {
            remarks.add("node %s: whatever firewall it has; %s".formatted(node.name(), e.getMessage()));
        }
        return policies;
    }

    /** A kernel without VLAN tables shows none; what it does is what the tables of a new bridge say. */
    private static Node withDefaultTables(Node node) {
        List<VlanEntry> table = List.of(new VlanEntry(new VlanId(1), true, true));
        Map<InterfaceName, Device> devices = new LinkedHashMap<>();
        node.devices().forEach((name, device) -> {
            Device.Kind kind = device.kind() instanceof Device.Bridge bridge
                    ? new Device.Bridge(false, 1, table, bridge.stp(), bridge.existing())
                    : device.kind();
            devices.put(
                    name,
                    device.withKind(kind).withPort(device.port().map(port -> new Device.Port(port.bridge(), table))));
        });
        return node.withDevices(devices);
    }

    /** Without MAC addresses that the kernel has drawn by lot, as far as can be told: nothing refers to them. */
    private static Network withoutChance(Network network, Known known) {
        List<String> mentions = new ArrayList<>();
        network.nodes().values().forEach(node -> {
            node.settings()
                    .neighbours()
                    .forEach(neighbour -> mentions.add(neighbour.mac().toString()));
            node.settings()
                    .policies()
                    .values()
                    .forEach(use -> mentions.addAll(use.policy().lines()));
        });
        String mentioned = String.join("\n", mentions);
        return network.map(node -> {
            Map<InterfaceName, Device> devices = new LinkedHashMap<>();
            node.devices().forEach((name, device) -> {
                boolean meant = device.mac()
                        .filter(mac -> known.macs().contains(mac) || mentioned.contains(mac.toString()))
                        .filter(mac -> !isParents(network, node, device, mac))
                        .isPresent();
                devices.put(name, meant ? device : device.withoutMac());
            });
            return node.withDevices(devices);
        });
    }

    private static boolean isParents(Network network, Node node, Device device, MacAddress mac) {
        return device.kind() instanceof Device.Bridge
                || device.kind() instanceof Device.Subinterface sub
                        && network.device(new Place(node.name(), sub.parent()))
                                .flatMap(Device::mac)
                                .equals(Optional.of(mac));
    }
}
