package io.netyard.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.lab.RunningLab.Switch;
import io.netyard.api.proof.Verdict;
import io.netyard.api.proof.Verdict.Ping;
import io.netyard.api.proof.Verdict.VlanTable;
import io.netyard.api.proof.Verifier;
import io.netyard.testing.Feature;
import io.netyard.testing.LiveKernel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole verdicts over nodes on a bridge of the running kernel. */
@LiveKernel
@Timeout(300)
class LabVerifierLiveTest {

    private static final InterfaceName A = new InterfaceName("a");
    private static final InterfaceName B = new InterfaceName("b");
    private static final VlanId V1 = new VlanId(1);
    private static final VlanId V2 = new VlanId(2);
    private static final VlanId V3 = new VlanId(3);

    private final LiveLab live = new LiveLab();
    private final Verifier verifier = new LabVerifier(live.bridges);

    @AfterEach
    void end() throws InterruptedException {
        live.close();
    }

    /** The first ten are plugged in, the others are on the bridge by a port that is down: 90 of 380 pairs reach each other. */
    @Test
    void twentyNodesOnOneBridge() {
        int nodes = 20;
        int plugged = 10;
        onOneBridge(nodes);
        for (int i = plugged; i < nodes; i++) {
            live.links.setUp(live.ref("sw"), new InterfaceName("n" + i), false);
        }
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                if (from != to) {
                    live.expect("n" + from, "n" + to, from < plugged && to < plugged);
                }
            }
        }

        // Twice: the second time everything has been learned and has to be forgotten.
        for (int round = 0; round < 2; round++) {
            Verdict verdict = verifier.verify(live.lab(), Verifier.DEFAULT_PATIENCE);

            assertThat(verdict.of(Ping.class))
                    .hasSize(380)
                    .filteredOn(ping -> !ping.holds())
                    .isEmpty();
            assertThat(verdict.of(Ping.class)).filteredOn(Ping::reached).hasSize(90);
            assertThat(verdict.took()).isGreaterThanOrEqualTo(Verifier.DEFAULT_PATIENCE);
            System.out.printf(
                    "20 nodes, 380 pairs, 290 of them apart: %d ms%n",
                    verdict.took().toMillis());
        }
    }

    /** More pairs than the kernel remembers neighbours. */
    @Test
    void thirtySixNodesOnOneBridge() {
        int nodes = 36;
        onOneBridge(nodes);
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                if (from != to) {
                    live.expect("n" + from, "n" + to, true);
                }
            }
        }

        Verdict verdict = verifier.verify(live.lab(), Verifier.DEFAULT_PATIENCE);

        assertThat(verdict.of(Ping.class))
                .hasSize(1260)
                .filteredOn(ping -> !ping.holds())
                .isEmpty();
        System.out.printf("36 nodes, 1,260 pairs: %d ms%n", verdict.took().toMillis());
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void vlanTablesAreReadBackAndHeldAgainstThePromise() {
        live.bridge("sw", true);
        live.plug("a", "sw");
        live.plug("b", "sw");
        live.address("a", "sw", "192.168.5.1/24");
        live.address("b", "sw", "192.168.5.2/24");
        live.bridges.addVlans(live.ref("sw"), A, V2, V2, true, true);
        live.bridges.addVlans(live.ref("sw"), B, V2, V3, false, false);
        live.bridges.removeVlans(live.ref("sw"), LiveLab.BRX, V1, V1);
        live.bridges.addVlans(live.ref("sw"), LiveLab.BRX, V3, V3, false, false);
        live.expect("a", "b", false);
        Switch promised = new Switch(
                "switch",
                "sw",
                LiveLab.BRX,
                true,
                List.of(entry(V3, "")),
                new java.util.TreeMap<>(Map.of(
                        A, List.of(entry(V1, "u"), entry(V2, "pu")),
                        B, List.of(entry(V1, "pu"), entry(V2, ""), entry(V3, "")))));

        Verdict kept = verifier.verify(live.lab(promised), Verifier.DEFAULT_PATIENCE);

        assertThat(kept.of(VlanTable.class)).extracting(VlanTable::device).containsExactly(A, B, LiveLab.BRX);
        assertThat(kept.of(VlanTable.class)).allMatch(VlanTable::holds);
        assertThat(kept.holds()).isTrue();

        live.bridges.removeVlans(live.ref("sw"), B, V3, V3);
        Verdict broken = verifier.verify(live.lab(promised), Verifier.DEFAULT_PATIENCE);

        assertThat(broken.holds()).isFalse();
        assertThat(broken.of(VlanTable.class))
                .filteredOn(table -> !table.holds())
                .containsExactly(new VlanTable(
                        "sw",
                        B,
                        true,
                        List.of(entry(V1, "pu"), entry(V2, ""), entry(V3, "")),
                        Optional.of(List.of(entry(V1, "pu"), entry(V2, "")))));

        live.links.delete(live.ref("sw"), LiveLab.BRX);
        assertThat(verifier.verify(live.lab(promised), Verifier.DEFAULT_PATIENCE)
                        .of(VlanTable.class))
                .noneMatch(VlanTable::holds)
                .hasSize(3);
    }

    private void onOneBridge(int nodes) {
        live.bridge("sw", false);
        for (int i = 0; i < nodes; i++) {
            String node = "n" + i;
            live.plug(node, "sw");
            live.address(node, "sw", "192.168.5." + (i + 1) + "/24");
        }
    }

    private static VlanEntry entry(VlanId vid, String flags) {
        return new VlanEntry(vid, flags.contains("p"), flags.contains("u"));
    }
}
