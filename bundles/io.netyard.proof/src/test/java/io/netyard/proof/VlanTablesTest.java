package io.netyard.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.lab.RunningLab.Switch;
import io.netyard.api.proof.Verdict.VlanTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VlanTablesTest {

    private static final InterfaceName BRX = new InterfaceName("brx");
    private static final InterfaceName VETH13 = new InterfaceName("veth13");
    private static final InterfaceName VETH23 = new InterfaceName("veth23");
    private static final InterfaceName VETH43 = new InterfaceName("veth43");
    private static final VlanEntry GREEN = new VlanEntry(new VlanId(10), true, true);
    private static final VlanEntry ROSA = new VlanEntry(new VlanId(20), false, false);

    @Test
    void portsInThePromisedOrderThenTheBridgeItself() {
        Switch promised = promised(ports(VETH13, List.of(ROSA, GREEN), VETH23, List.of(GREEN)));
        Bridge seen = bridge(List.of(port(VETH23, GREEN), port(VETH13, GREEN, ROSA)));
        List<VlanTable> tables = VlanTables.compare(promised, Optional.of(seen), true);
        assertThat(tables).extracting(VlanTable::device).containsExactly(VETH13, VETH23, BRX);
        assertThat(tables).allMatch(VlanTable::holds);
    }

    @Test
    void aPortThatIsGoneHasAnEmptyTable() {
        Switch promised = promised(ports(VETH13, List.of(GREEN), VETH23, List.of(GREEN)));
        List<VlanTable> tables = VlanTables.compare(promised, Optional.of(bridge(List.of(port(VETH13, GREEN)))), true);
        assertThat(tables).extracting(VlanTable::device).containsExactly(VETH13, VETH23, BRX);
        assertThat(tables).extracting(VlanTable::holds).containsExactly(true, false, true);
        assertThat(tables.get(1).observed()).contains(List.of());
    }

    @Test
    void aPortThatNobodyPromisedBreaksThePromise() {
        Switch promised = promised(ports(VETH13, List.of(GREEN)));
        Bridge seen = bridge(List.of(port(VETH13, GREEN), port(VETH43, GREEN)));
        assertThat(VlanTables.compare(promised, Optional.of(seen), true))
                .extracting(VlanTable::holds)
                .containsExactly(true, false, true);
    }

    @Test
    void withoutTheBridgeAllTablesAreEmpty() {
        Switch promised = promised(ports(VETH13, List.of(GREEN)));
        assertThat(VlanTables.compare(promised, Optional.empty(), true))
                .extracting(VlanTable::observed)
                .containsExactly(Optional.of(List.of()), Optional.of(List.of()));
    }

    @Test
    void aKernelWithoutVlanTablesKeepsAndBreaksNothing() {
        Switch promised = promised(ports(VETH13, List.of(GREEN)));
        List<VlanTable> tables = VlanTables.compare(promised, Optional.of(bridge(List.of(port(VETH13)))), false);
        assertThat(tables).extracting(VlanTable::observed).containsOnly(Optional.empty());
        assertThat(tables).allMatch(VlanTable::holds);
    }

    private static Map<InterfaceName, List<VlanEntry>> ports(InterfaceName name, List<VlanEntry> entries) {
        return Map.of(name, entries);
    }

    private static Map<InterfaceName, List<VlanEntry>> ports(
            InterfaceName one, List<VlanEntry> ofOne, InterfaceName other, List<VlanEntry> ofOther) {
        Map<InterfaceName, List<VlanEntry>> ports = new LinkedHashMap<>();
        ports.put(one, ofOne);
        ports.put(other, ofOther);
        return ports;
    }

    private static Switch promised(Map<InterfaceName, List<VlanEntry>> ports) {
        return new Switch("brx", "netns3", BRX, true, List.of(), ports);
    }

    private static Bridge bridge(List<Bridge.Port> ports) {
        return new Bridge(2, BRX, true, 0, List.of(), ports, Bridge.Stp.OFF, Optional.empty());
    }

    private static Bridge.Port port(InterfaceName name, VlanEntry... entries) {
        return new Bridge.Port(3, name, List.of(entries), Bridge.PortState.FORWARDING, 2, 32);
    }
}
