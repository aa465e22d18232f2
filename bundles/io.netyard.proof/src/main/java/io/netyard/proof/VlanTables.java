package io.netyard.proof;

import io.netyard.api.InterfaceName;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.lab.RunningLab.Switch;
import io.netyard.api.proof.Verdict.VlanTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds the VLAN tables of a switch against those that the lab promises. */
final class VlanTables {

    private VlanTables() {}

    /**
     * The promised ports in their order, which the kernel's changes with every device that is made anew; then those that nobody
     * promised, which must not have any VLANs; then the bridge itself.
     *
     * @param seen the switch as the kernel shows it; empty if it is gone
     * @param supported whether this kernel has bridge VLAN tables
     */
    static List<VlanTable> compare(Switch promised, Optional<Bridge> seen, boolean supported) {
        Map<InterfaceName, List<VlanEntry>> ports = seen.map(Bridge::ports).orElse(List.of()).stream()
                .collect(Collectors.toMap(Bridge.Port::name, Bridge.Port::vlans));
        Set<InterfaceName> names = new LinkedHashSet<>(promised.ports().keySet());
        seen.ifPresent(bridge -> bridge.ports().forEach(port -> names.add(port.name())));
        List<VlanTable> tables = new ArrayList<>();
        for (InterfaceName name : names) {
            tables.add(table(
                    promised,
                    name,
                    promised.ports().getOrDefault(name, List.of()),
                    ports.getOrDefault(name, List.of()),
                    supported));
        }
        tables.add(table(
                promised,
                promised.bridge(),
                promised.self(),
                seen.map(Bridge::self).orElse(List.of()),
                supported));
        return tables;
    }

    private static VlanTable table(
            Switch promised, InterfaceName device, List<VlanEntry> expected, List<VlanEntry> seen, boolean supported) {
        return new VlanTable(
                promised.node(),
                device,
                promised.vlanFiltering(),
                sorted(expected),
                supported ? Optional.of(sorted(seen)) : Optional.empty());
    }

    private static List<VlanEntry> sorted(List<VlanEntry> entries) {
        return entries.stream().sorted(Comparator.comparing(VlanEntry::vid)).toList();
    }
}
