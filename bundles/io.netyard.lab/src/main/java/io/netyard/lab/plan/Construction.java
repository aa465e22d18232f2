package io.netyard.lab.plan;

import io.netyard.api.InterfaceName;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.network.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A network built from nothing, as the plan for it says it in the words of common tools. Pure; nothing of it is run. */
public final class Construction {

    /** What a step is about. */
    public enum Phase {
        NAMESPACES,
        CABLES,
        TAPS,
        BRIDGES,
        SUBINTERFACES,
        PARAMETERS,
        POLICIES,
        PROPERTIES,
        SPANNING_TREE,
        PORTS,
        VLANS,
        ADDRESSES,
        UP,
        NEIGHBOURS,
        ROUTES,
        TREE_WAIT
    }

    /**
     * @param node where it takes place
     * @param command as {@link Operation#command} has it
     * @param policy what is put in force, with {@link Phase#POLICIES}: the command is for Netyard's console then
     */
    public record Step(Phase phase, String node, String command, Optional<PolicyUse> policy) {}

    private static final Map<Class<? extends Operation>, Phase> PHASES = Map.ofEntries(
            Map.entry(Operation.CreateNode.class, Phase.NAMESPACES),
            Map.entry(Operation.CreateVeth.class, Phase.CABLES),
            Map.entry(Operation.CreateTap.class, Phase.TAPS),
            Map.entry(Operation.CreateBridge.class, Phase.BRIDGES),
            Map.entry(Operation.SetFiltering.class, Phase.BRIDGES),
            Map.entry(Operation.CreateSubinterface.class, Phase.SUBINTERFACES),
            Map.entry(Operation.CreateMacvlan.class, Phase.SUBINTERFACES),
            Map.entry(Operation.SetSysctl.class, Phase.PARAMETERS),
            Map.entry(Operation.SetPolicy.class, Phase.POLICIES),
            Map.entry(Operation.SetMac.class, Phase.PROPERTIES),
            Map.entry(Operation.SetMtu.class, Phase.PROPERTIES),
            Map.entry(Operation.SetStp.class, Phase.SPANNING_TREE),
            Map.entry(Operation.SetForwardDelay.class, Phase.SPANNING_TREE),
            Map.entry(Operation.SetBridgePriority.class, Phase.SPANNING_TREE),
            Map.entry(Operation.AddPort.class, Phase.PORTS),
            Map.entry(Operation.AddVlans.class, Phase.VLANS),
            Map.entry(Operation.RemoveVlans.class, Phase.VLANS),
            Map.entry(Operation.AddAddress.class, Phase.ADDRESSES),
            Map.entry(Operation.SetUp.class, Phase.UP),
            Map.entry(Operation.SetNeighbour.class, Phase.NEIGHBOURS),
            Map.entry(Operation.AddRoute.class, Phase.ROUTES),
            Map.entry(Operation.AwaitTree.class, Phase.TREE_WAIT));

    private Construction() {}

    /**
     * In an order that works; bridges that are not the network's own are taken to be there.
     *
     * @param network without attached nodes, lent cards and hosts behind taps, which only Netyard can bring about
     */
    public static List<Step> of(Network network) {
        List<Step> steps = new ArrayList<>();
        Map<Place, List<Step>> tables = new LinkedHashMap<>();
        for (Operation operation : Planner.plan(present(network), network)) {
            Step step = step(operation);
            if (step.phase() == Phase.VLANS) {
                // Nothing is up yet: port by port reads better than all that is barred and then all that is admitted.
                tables.computeIfAbsent(((Operation.OfDevice) operation).place(), any -> new ArrayList<>())
                        .add(step);
            } else {
                tables.values().forEach(steps::addAll);
                tables.clear();
                steps.add(step);
            }
        }
        tables.values().forEach(steps::addAll);
        return steps;
    }

    /** The interfaces that a network makes in the host's namespace, where nothing goes by itself. */
    public static List<InterfaceName> inHost(Network network) {
        return Optional.ofNullable(network.nodes().get(Node.HOST)).stream()
                .flatMap(host -> host.devices().values().stream())
                .filter(device -> !isExisting(device))
                .map(Device::name)
                .toList();
    }

    /** What is there before anything is built. */
    private static Network present(Network network) {
        Node host = network.nodes().get(Node.HOST);
        if (host == null) {
            return Network.EMPTY;
        }
        Map<InterfaceName, Device> bridges = new LinkedHashMap<>(host.devices());
        bridges.values().removeIf(device -> !isExisting(device));
        return new Network(Map.of(Node.HOST, host.withDevices(bridges).withSettings(Settings.NONE)));
    }

    private static boolean isExisting(Device device) {
        return device.kind() instanceof Device.Bridge bridge && bridge.existing();
    }

    private static Step step(Operation operation) {
        Phase phase = PHASES.get(operation.getClass());
        if (phase == null) {
            throw new IllegalStateException("nothing that builds from nothing: " + operation.sentence());
        }
        Optional<PolicyUse> policy =
                operation instanceof Operation.SetPolicy set ? Optional.of(set.use()) : Optional.empty();
        return new Step(phase, operation.node(), operation.command(), policy);
    }
}
