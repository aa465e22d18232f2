package io.netyard.lab.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.lab.Difference;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.network.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of a lab that differs, and what becomes of its file when that is taken over. */
class TakeoverTest {

    private static final Path FILE = Path.of("lab.yaml");

    private static final String LAB =
            """
            lab: office
            nodes:
              a:
                interfaces: {eth0: {addresses: [10.1.0.1/24], mac: "02:00:00:00:00:01"}}   # anna's
                routes:
                - default via 10.1.0.254
                - 10.9.0.0/16 via 10.1.0.2
                sysctls: {net/ipv4/conf/eth0/rp_filter: 2}
                neighbours:
                  eth0:
                    # a printer
                    10.1.0.9: "02:00:00:00:00:09"
              b: {interfaces: {eth0: {addresses: [10.1.0.2/24, "fd00::2/64"]}}}
              hub:
                interfaces:
                  up0: {addresses: [10.3.0.1/24]}
              spare: {}
            switches:
              br0:
                node: hub
                self: ["10"]
                ports:
                  pa: ["10 pvid untagged", 20-29]
                  pb: ["10 pvid untagged"]
            links:
              la: ["a:eth0", "br0:pa"]
              lb: ["b:eth0", "br0:pb"]
              up: ["hub:up0", "spare:up0"]
            """;

    private static Network network(String text, Optional<String> stage) {
        return LabFile.parse(text, FILE).at(stage).network();
    }

    private static List<Drift> drifts(String is, String meant, Optional<String> stage) {
        return Comparison.of(network(is, stage), network(meant, stage));
    }

    private static List<String> told(String is) {
        return drifts(is, LAB, Optional.empty()).stream()
                .map(Drift::told)
                .map(Difference::sentence)
                .toList();
    }

    private static Takeover.Written takenOver(String is, String meant, Optional<String> stage) {
        return Takeover.of(LabFile.parse(meant, FILE), stage, network(meant, stage), drifts(is, meant, stage));
    }

    /** What is there is what {@code is} would make; the lab's file must come to say the same, as {@code expected}. */
    private static void assertTakenOver(String is, String expected) {
        Takeover.Written written = takenOver(is, LAB, Optional.empty());
        assertThat(written.refused()).isEmpty();
        assertThat(written.text()).isEqualTo(expected);
        assertThat(drifts(is, written.text(), Optional.empty())).isEmpty();
    }

    private static String refusal(String is) {
        return String.join("; ", takenOver(is, LAB, Optional.empty()).refused().values());
    }

    @Test
    void nothingDiffersFromItself() {
        assertThat(told(LAB)).isEmpty();
        assertTakenOver(LAB, LAB);
    }

    @Test
    void addresses() {
        String is = LAB.replace("10.1.0.1/24", "10.1.0.7/24").replace("\"fd00::2/64\"", "10.1.0.3/24");
        assertThat(told(is))
                .containsExactly(
                        "a:eth0: address 10.1.0.1/24 is missing",
                        "a:eth0: address 10.1.0.7/24 was added",
                        "b:eth0: address fd00::2/64 is missing",
                        "b:eth0: address 10.1.0.3/24 was added");
        assertTakenOver(is, is);
    }

    @Test
    void whatAnInterfaceIsLike() {
        String is = LAB.replace("02:00:00:00:00:01\"}", "02:00:00:00:00:11\", mtu: 1400, up: false}");
        assertThat(told(is))
                .containsExactly(
                        "a:eth0: down, not up",
                        "a:eth0: MTU is 1400, not 1500",
                        "a:eth0: MAC address is 02:00:00:00:00:11, not 02:00:00:00:00:01");
        assertTakenOver(is, is.replace("mtu: 1400, up: false", "up: false, mtu: 1400"));
    }

    @Test
    void routes() {
        String is = LAB.replace("- default via 10.1.0.254\n", "- 10.8.0.0/16 via 10.1.0.2 dev eth0\n");
        assertThat(told(is))
                .containsExactly(
                        "a: route default via 10.1.0.254 dev eth0 is missing",
                        "a: route 10.8.0.0/16 via 10.1.0.2 dev eth0 was added");
        // A comment stays with its line, an item goes with it.
        assertTakenOver(
                is,
                LAB.replace("    - default via 10.1.0.254\n", "")
                        .replace(
                                "- 10.9.0.0/16 via 10.1.0.2\n",
                                "- 10.9.0.0/16 via 10.1.0.2\n    - 10.8.0.0/16 via 10.1.0.2 dev eth0\n"));
    }

    @Test
    void parametersAndNeighbours() {
        String is = LAB.replace("rp_filter: 2", "rp_filter: \"1\"")
                .replace(
                        "10.1.0.9: \"02:00:00:00:00:09\"",
                        "10.1.0.9: \"02:00:00:00:00:99\"\n        10.1.0.8: \"02:00:00:00:00:08\"");
        assertThat(told(is))
                .containsExactly(
                        "a: net.ipv4.conf.eth0.rp_filter is 1, not 2",
                        "a: neighbour 10.1.0.9 at 02:00:00:00:00:99 on eth0 was changed, it is meant to be at 02:00:00:00:00:09",
                        "a: neighbour 10.1.0.8 at 02:00:00:00:00:08 on eth0 was added");
        assertTakenOver(is, is);
        assertTakenOver(
                LAB.replace("        # a printer\n        10.1.0.9: \"02:00:00:00:00:09\"\n", "        {}\n"),
                LAB.replace(
                        "      eth0:\n        # a printer\n        10.1.0.9: \"02:00:00:00:00:09\"\n",
                        "      eth0: {}\n        # a printer\n"));
    }

    @Test
    void vlanTables() {
        String is = LAB.replace("20-29", "20-24 untagged, 26-29").replace("self: [\"10\"]", "self: [\"10\", \"11\"]");
        assertThat(told(is))
                .containsExactly(
                        "hub:pa: VLANs 20-24 are untagged, not tagged",
                        "hub:pa: VLAN 25 (tagged) is missing",
                        "hub:br0: VLAN 11 (tagged) was added");
        assertTakenOver(
                is,
                LAB.replace("20-29", "\"20-24 untagged\", \"26-29\"")
                        .replace("self: [\"10\"]", "self: [\"10\", \"11\"]"));
    }

    @Test
    void whatABridgeDoes() {
        String is = LAB.replace("    node: hub\n", "    node: hub\n    stp: true\n    priority: 4096\n");
        assertThat(told(is)).containsExactly("hub:br0: stp is true, not false", "hub:br0: priority is 4096, not 32768");
        assertTakenOver(
                is,
                LAB.replace(
                        "      pb: [\"10 pvid untagged\"]\n",
                        "      pb: [\"10 pvid untagged\"]\n    stp: true\n    priority: 4096\n"));
    }

    @Test
    void aLinkThatIsGoneGoesWithAllThatWasSaidOfIt() {
        String is = LAB.replace("  lb: [\"b:eth0\", \"br0:pb\"]\n", "")
                .replace("b: {interfaces: {eth0: {addresses: [10.1.0.2/24, \"fd00::2/64\"]}}}", "b: {interfaces: {}}")
                .replace("      pb: [\"10 pvid untagged\"]\n", "");
        assertThat(told(is)).containsExactly("b:eth0: the interface is missing", "hub:pb: the interface is missing");
        assertTakenOver(is, is);
    }

    @Test
    void whatTheFileLeavesToItsReaderIsRefused() {
        assertThat(refusal(LAB.replace("  up: [\"hub:up0\", \"spare:up0\"]\n", "")
                        .replace("      up0: {addresses: [10.3.0.1/24]}\n", "      up0: {parent: br0, vlan: 10}\n")))
                .contains("the lab's wiring is for you to say");
        assertThat(refusal(LAB.replace("  spare: {}\n", "")
                        .replace("  up: [\"hub:up0\", \"spare:up0\"]\n", "")
                        .replace("    interfaces:\n      up0: {addresses: [10.3.0.1/24]}\n", "    interfaces: {}\n")))
                .contains("without the node");
        assertThat(refusal(LAB.replace("  hub:\n", "  hub:\n    firewall: [forward tcp dport 7 drop]\n")))
                .contains("rules in the kernel cannot be said");
    }

    private static final String STAGES =
            """
            lab: steps
            nodes:
              a: {interfaces: {eth0: {addresses: [10.1.0.1/24]}}}
              b: {interfaces: {eth0: {addresses: [10.1.0.2/24]}}}
            links: {l: ["a:eth0", "b:eth0"]}
            stages:
              - name: one
              - name: two
                nodes:
                  a: {routes: [default via 10.1.0.2]}
              - name: three
                nodes:
                  b: {routes: [default via 10.1.0.1]}
            """;

    private static void assertTakenOver(String stage, String is, String expected) {
        assertTakenOver(STAGES, stage, is, expected);
    }

    private static void assertTakenOver(String meant, String stage, String is, String expected) {
        Takeover.Written written = takenOver(is, meant, Optional.of(stage));
        assertThat(written.refused()).isEmpty();
        assertThat(written.text()).isEqualTo(expected);
        assertThat(drifts(is, written.text(), Optional.of(stage))).isEmpty();
    }

    @Test
    void inTheLayerThatSaysIt() {
        String is = STAGES.replace("10.1.0.1/24", "10.1.0.5/24").replace("via 10.1.0.1]", "via 10.1.0.5]");
        assertTakenOver("one", is, is.replace("via 10.1.0.5]", "via 10.1.0.1]"));
        assertTakenOver("three", is, is.replace("via 10.1.0.5]", "via 10.1.0.5 dev eth0]"));
        is = STAGES.replace("[default via 10.1.0.2]", "[]");
        assertTakenOver("two", is, is);
        assertTakenOver("three", is, is);
        is = STAGES.replace("[10.1.0.1/24]", "[10.1.0.1/24], mtu: 1400");
        assertTakenOver("one", is, is);
    }

    @Test
    void whatIsGoneAtAStageIsDeletedFromThatStageOn() {
        String meant =
                """
                lab: steps
                nodes: {a: {interfaces: {eth0: {mtu: 1400}}}, b: {}}
                links: {l: ["a:eth0", "b:eth0"]}
                stages:
                  - name: one
                  - name: two
                    description: nothing new
                """;
        String is = meant.replace("{eth0: {mtu: 1400}}", "{}").replace("links: {l: [\"a:eth0\", \"b:eth0\"]}\n", "");
        assertTakenOver(meant, "two", is, meant + "    links: {l: null}\n    nodes: {a: {interfaces: {eth0: null}}}\n");
    }
}
