package io.netyard.lab.layer2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.lab.file.LabFile;
import io.netyard.lab.file.Meaning;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is foretold of networks, against what real kernels did with them. */
class WarningsTest {

    /** Two bridges with two lines between them, one member of each group at each bridge. */
    private static final String TWO_LINES =
            """
            lab: x
            nodes:
              a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}
              b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}
              c: {interfaces: {e: {addresses: [10.0.0.3/24]}}}
              d: {interfaces: {e: {addresses: [10.0.0.4/24]}}}
              s: {interfaces: {x.50: {parent: x, vlan: 50}, x.60: {parent: x, vlan: 60}}}
              t: {interfaces: {y.50: {parent: y, vlan: 50}, y.60: {parent: y, vlan: 60}}}
            links:
              la: [a:e, brx:pa]
              lb: [b:e, brx:pb]
              lc: [c:e, bry:pc]
              ld: [d:e, bry:pd]
              line: [s:x, t:y]
            """;

    private static final String GROUPS =
            "groups: {green: {vlan: 10, members: [a, c]}, rosa: {vlan: 20, members: [b, d]}}\n";

    private static String switches(String brx, String bry) {
        return "switches: {brx: {node: s, %s}, bry: {node: t, %s}}\n".formatted(brx, bry);
    }

    private static final String UNFILTERED =
            switches("vlan_filtering: false, ports: [x.50, x.60]", "vlan_filtering: false, ports: [y.50, y.60]");

    private static final String BY_GROUP =
            switches("ports: {x.50: green, x.60: rosa}", "ports: {y.50: green, y.60: rosa}");

    @Test
    void twoWaysWithoutFilteringAreALoop() {
        Warnings warnings = warnings(TWO_LINES + UNFILTERED);
        assertThat(warnings.storms())
                .containsExactly(
                        "layer-2 loop in all VLANs (no filtering in s:brx and t:bry) along s:x.50 - t:y.50 and t:y.60 - s:x.60: a broadcast circles there for ever (a storm, which keeps the host busy); to close it, switch VLAN filtering on and keep the VLANs of the two ways apart (vlan_filtering: true), or leave one way only, or switch STP on at s:brx and t:bry (stp: true)");
        assertThat(warnings.all()).isEqualTo(warnings.storms());
    }

    @Test
    void withOneOfThemDownItIsNone() {
        assertThat(warnings((TWO_LINES + UNFILTERED).replace("x.60: {parent: x,", "x.60: {up: false, parent: x,"))
                        .all())
                .isEmpty();
        assertThat(warnings((TWO_LINES + UNFILTERED).replace("{node: t,", "{node: t, up: false,"))
                        .all())
                .isEmpty();
        assertThat(warnings((TWO_LINES + UNFILTERED).replace("vlan: 60}}}\n  t", "vlan: 61}}}\n  t"))
                        .all())
                .isEmpty();
    }

    @Test
    void aVlanForEachWayIsNoLoop() {
        assertThat(warnings(TWO_LINES + BY_GROUP + GROUPS).all()).isEmpty();
    }

    @Test
    void aTrunkIsNoLoop() {
        String trunk = TWO_LINES
                .replace("[s:x, t:y]", "[brx:x, bry:y]")
                .replace("s: {interfaces: {x.50: {parent: x, vlan: 50}, x.60: {parent: x, vlan: 60}}}", "s: {}")
                .replace("t: {interfaces: {y.50: {parent: y, vlan: 50}, y.60: {parent: y, vlan: 60}}}", "t: {}");
        assertThat(warnings(trunk + "switches: {brx: {node: s}, bry: {node: t}}\n" + GROUPS)
                        .all())
                .isEmpty();
    }

    @Test
    void vlan1LeftAsPvidOnBothLinesIsALoopOfItsOwn() {
        String self = "self: [1 pvid untagged], ports: {";
        String left = "%1$s.50: [1 pvid untagged, 10 untagged], %1$s.60: [1 pvid untagged, 20 untagged]}";
        Warnings warnings =
                warnings(TWO_LINES + switches(self + left.formatted("x"), self + left.formatted("y")) + GROUPS);
        assertThat(warnings.storms())
                .singleElement()
                .asString()
                .startsWith("layer-2 loop in VLAN 1 along s:x.50 - t:y.50 and t:y.60 - s:x.60: ")
                .contains(
                        "to close it, delete VLAN 1 on port t:y.60, or lead all VLANs through one trunk; STP (stp: true at ");
    }

    @Test
    void vlan1LeftBesideThePvidIsNoLoopButALeak() {
        String self = "self: [1 pvid untagged], ports: {";
        String left = "%1$s.50: [1 untagged, 10 pvid untagged], %1$s.60: [1 untagged, 20 pvid untagged]}";
        Warnings warnings =
                warnings(TWO_LINES + switches(self + left.formatted("x"), self + left.formatted("y")) + GROUPS);
        assertThat(warnings.storms()).isEmpty();
        assertThat(warnings.all())
                .containsExactly(
                        "what bridge s:brx itself sends (VLAN 1) comes out at c:e (group green), d:e (group rosa); to stop it, delete VLAN 1 on the bridge itself (self: [])",
                        "what bridge t:bry itself sends (VLAN 1) comes out at a:e (group green), b:e (group rosa); to stop it, delete VLAN 1 on the bridge itself (self: [])");
    }

    @Test
    void aSpanningTreeCutsTheGroupOfTheSecondWay() {
        String stp = BY_GROUP.replace("ports:", "stp: true, ports:");
        assertThat(warnings(TWO_LINES + stp + GROUPS).all())
                .containsExactly(
                        "STP knows one tree for all VLANs: it blocks t:y.60, if s:brx becomes its root, and that cuts group rosa into b and d; keep the VLANs apart without STP, or lead all of them through one trunk");
        assertThat(warnings(TWO_LINES + stp.replace("{node: t,", "{node: t, priority: 4096,") + GROUPS)
                        .all())
                .containsExactly(
                        "STP knows one tree for all VLANs: it blocks s:x.60, with t:bry as its root, and that cuts group rosa into b and d; keep the VLANs apart without STP, or lead all of them through one trunk");
    }

    @Test
    void aSpanningTreeClosesALoopWithoutFiltering() {
        Warnings warnings = warnings(TWO_LINES + UNFILTERED.replace("vlan_filtering: false", "stp: true") + GROUPS);
        assertThat(warnings.storms()).isEmpty();
        Warnings unfiltered = warnings(
                TWO_LINES + UNFILTERED.replace("vlan_filtering: false", "vlan_filtering: false, stp: true") + GROUPS);
        assertThat(unfiltered.storms()).isEmpty();
        assertThat(unfiltered.all())
                .containsExactly(
                        "STP closes a layer-2 loop: it blocks t:y.60, if s:brx becomes its root; nobody is cut off by that");
    }

    @Test
    void stpAtOneOfTwoBridgesHearsItselfThroughTheOther() {
        String one =
                UNFILTERED.replace("{node: s, vlan_filtering: false", "{node: s, vlan_filtering: false, stp: true");
        Warnings warnings = warnings(TWO_LINES + one);
        assertThat(warnings.storms()).isEmpty();
        assertThat(warnings.all()).singleElement().asString().contains("it blocks s:x.60, with s:brx as its root");
    }

    @Test
    void loopsOfTheSameWayAreToldTogether() {
        Warnings warnings = warnings(
                """
                lab: x
                nodes: {s: {}, t: {}}
                links: {l: [brx:x, bry:y], m: [brx:v, bry:w]}
                switches:
                  brx: {node: s, self: [], ports: {x: [10-20, 30], v: [10-20, 30, 40]}}
                  bry: {node: t, self: [], ports: {y: [10-20, 30, 40], w: [10-20, 30]}}
                """);
        assertThat(warnings.storms())
                .singleElement()
                .asString()
                .startsWith("layer-2 loop in VLANs 10-20,30 along s:x - t:y and t:w - s:v: ");
    }

    @Test
    void aVlanThatIsCalledDifferentlyOnTheWayLoopsAllTheSame() {
        Warnings warnings = warnings(
                """
                lab: x
                nodes:
                  s: {}
                  t: {}
                links: {l: [brx:x, bry:y], m: [brx:v, bry:w]}
                switches:
                  brx: {node: s, self: [], ports: {x: [10 pvid untagged], v: [10 pvid untagged]}}
                  bry: {node: t, self: [], ports: {y: [36 pvid untagged], w: [36 pvid untagged]}}
                """);
        assertThat(warnings.storms())
                .singleElement()
                .asString()
                .startsWith("layer-2 loop in VLAN ")
                .contains("10 of s:brx")
                .contains("36 of t:bry");
    }

    @Test
    void aCableBothOfWhoseEndsAreInOneBridgeIsALoop() {
        Warnings warnings = warnings("lab: x\nnodes: {s: {}}\nlinks: {l: [br:x, br:y]}\nswitches: {br: {node: s}}\n");
        assertThat(warnings.storms()).singleElement().asString().contains("along s:x - s:y: ");
    }

    @Test
    void threeBridgesInARing() {
        String ring =
                """
                lab: x
                nodes: {r: {}, s: {}, t: {}}
                links: {l: [brr:a, brs:b], m: [brs:c, brt:d], n: [brt:e, brr:f]}
                switches: {brr: {node: r}, brs: {node: s}, brt: {node: t}}
                """;
        assertThat(warnings(ring).storms()).hasSize(1);
        Warnings closed = warnings(ring.replace("{node: ", "{stp: true, node: "));
        assertThat(closed.storms()).isEmpty();
        assertThat(closed.all()).singleElement().asString().contains("it blocks t:d, if r:brr becomes its root");
    }

    /** A full mesh whose lines carry everything: the VLANs are looked at together, or this would take minutes. */
    @Test
    @Timeout(30)
    void aMeshWithAllVlansIsJudgedInTime() {
        int size = 12;
        StringBuilder text = new StringBuilder("lab: x\nnodes:\n");
        IntStream.range(0, size).forEach(i -> text.append("  n%d: {}%n".formatted(i)));
        text.append("links:\n");
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                text.append("  l%1$d-%2$d: [\"b%1$d:p%2$d\", \"b%2$d:p%1$d\"]%n".formatted(i, j));
            }
        }
        text.append("switches:\n");
        for (int i = 0; i < size; i++) {
            int self = i;
            text.append("  b%1$d: {node: n%1$d, ports: {%2$s}}%n"
                    .formatted(
                            i,
                            IntStream.range(0, size)
                                    .filter(j -> j != self)
                                    .mapToObj("p%d: [1-4094]"::formatted)
                                    .collect(Collectors.joining(", "))));
        }
        assertThat(warnings(text.toString()).storms()).hasSize(11);
    }

    @Test
    void manyMembersAtOneSwitchAreNothingToWarnOf() {
        StringBuilder text = new StringBuilder("lab: x\nnodes:\n  hub: {}\n");
        StringBuilder links = new StringBuilder("links:\n");
        for (int i = 0; i < 300; i++) {
            text.append("  n%d: {}%n".formatted(i));
            links.append("  l%d: [n%d, sw]%n".formatted(i, i));
        }
        assertThat(warnings(text + "switches: {sw: {node: hub}}\n" + links).all())
                .isEmpty();
    }

    private static Warnings warnings(String text) {
        Meaning meaning = LabFile.parse(text, Path.of("lab.yaml")).at(Optional.empty());
        return Warnings.of(meaning.network(), meaning.description());
    }
}
