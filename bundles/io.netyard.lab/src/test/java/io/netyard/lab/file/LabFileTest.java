package io.netyard.lab.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.Mtu;
import io.netyard.api.RequestException;
import io.netyard.api.VlanId;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What lab files mean. */
class LabFileTest {

    private static final String FOUR_AT_A_SWITCH =
            """
            lab: office
            nodes:
              a: {interfaces: {eth0: {addresses: [10.0.0.1/24]}}}
              b: {interfaces: {eth0: {addresses: [10.0.0.2/24]}}}
              c: {interfaces: {eth0: {addresses: [10.0.0.3/24]}}}
              d: {interfaces: {eth0: {addresses: [10.0.0.4/24]}}}
              core: {}
            switches:
              br0: {node: core}
            links: {la: [a, "br0:pa"], lb: [b, "br0:pb"], lc: [c, "br0:pc"], ld: [d, "br0:pd"]}
            """;

    private static final String TWO_GROUPS =
            FOUR_AT_A_SWITCH + "groups: {red: {vlan: 7, members: [a, b]}, blue: {vlan: 3, members: [c, d]}}\n";

    @Test
    void aBridgeTakesAThousandAndTwentyThreePorts() {
        assertThat(parse(star(1_023)).at(Optional.empty()).network().nodes()).hasSize(1_024);
        assertThatThrownBy(() -> parse(star(1_024)))
                .hasMessageEndingWith(
                        ": switch br would get more than 1,023 ports, which is all that a Linux bridge takes: put the rest on a second switch, with a link between the two")
                .hasMessageStartingWith("lab.yaml:2053:22: ");
    }

    private static String star(int ports) {
        StringBuilder text = new StringBuilder("lab: x\nnodes:\n  hub:\n");
        for (int i = 1; i <= ports; i++) {
            text.append("  n").append(i).append(":\n");
        }
        text.append("switches: {br: {node: hub}}\nlinks:\n");
        for (int i = 1; i <= ports; i++) {
            text.append("  l%d: [\"n%d:e\", \"br:p%d\"]\n".formatted(i, i, i));
        }
        return text.toString();
    }

    @Test
    void anEmptyLabIsALab() {
        LabFile lab = parse("lab: x\n");
        assertThat(lab.name()).isEqualTo("x");
        assertThat(lab.stages()).isEmpty();
        assertThat(lab.defaultStage()).isEmpty();
        assertThat(lab.text()).isEqualTo("lab: x\n");
        assertThat(lab.at(Optional.empty()).network()).isEqualTo(Network.EMPTY);
    }

    @Test
    void keepsTheFilesOrderAndGivesDefaults() {
        Network network = network(
                """
                lab: x
                nodes:
                  z: {holder: pin}
                  a:
                links: {l: ["z:e1", "a:e1"]}
                """);
        assertThat(network.nodes().keySet()).containsExactly("z", "a");
        assertThat(network.nodes().get("z").origin()).isEqualTo(new Node.Made("pin"));
        assertThat(network.nodes().get("a").origin()).isEqualTo(new Node.Made("process"));
        Device device = device(network, "z", "e1");
        assertThat(device.kind()).isEqualTo(new Device.VethEnd(place("a", "e1")));
        assertThat(device.up()).isTrue();
        assertThat(device.mtu()).contains(new Mtu(1500));
        assertThat(device.mac()).isEmpty();
        assertThat(device.port()).isEmpty();
    }

    @Test
    void aNodeMayBeWhatOthersHaveMade() {
        Network network = network(
                """
                lab: x
                nodes:
                  a: {attach: {container: "lxc:web1"}, interfaces: {e.5: {parent: e, vlan: 5}}, routes: [10.1.0.0/16 dev e]}
                  b: {attach: {pid: 4711}}
                  c: {attach: {netns: /run/netns/x}}
                links: {l: ["a:e", "b:e"]}
                """);
        assertThat(network.nodes().values().stream().map(Node::origin))
                .containsExactly(
                        new Node.Attached(new ForeignNamespace.Container("lxc:web1")),
                        new Node.Attached(new ForeignNamespace.Process(4711)),
                        new Node.Attached(new ForeignNamespace.Mount(Path.of("/run/netns/x"))));
        assertThat(network.nodes().get("a").settings().routes()).hasSize(1);
        network.nodes().values().forEach(node -> assertThat(
                        ForeignNamespace.parse(node.attached().orElseThrow().toString()))
                .isEqualTo(node.attached()));
    }

    @Test
    void readsAllThatAnInterfaceCanHave() {
        Network network = network(
                """
                lab: x
                nodes:
                  a: {interfaces: {e: {addresses: [10.0.0.1/24, fd00::1/64], mac: 02:00:00:00:00:01, mtu: 9000, up: false}}}
                  b: {}
                links: {l: {endpoints: [a:e, b:e], mtu: 1400}}
                """);
        Device device = device(network, "a", "e");
        assertThat(device.addresses()).containsExactly(IpPrefix.parse("10.0.0.1/24"), IpPrefix.parse("fd00::1/64"));
        assertThat(device.mac()).hasToString("Optional[02:00:00:00:00:01]");
        assertThat(device.mtu()).contains(new Mtu(9000));
        assertThat(device.up()).isFalse();
        assertThat(device(network, "b", "e").mtu()).contains(new Mtu(1400));
    }

    @Test
    void subinterfacesFollowTheirParentsAndComeAfterThem() {
        Network network = network(
                """
                lab: x
                nodes:
                  a:
                    interfaces:
                      inner: {parent: outer, vlan: 10}
                      outer: {parent: e, vlan: 50, mtu: 1300}
                      gate: {parent: br, vlan: 9}
                      e: {up: false, mtu: 1400}
                  b: {}
                switches: {br: {node: a, mtu: 1600}}
                links: {l: [a:e, b:e]}
                """);
        assertThat(names(network, "a")).containsExactly("e", "outer", "inner", "br", "gate");
        assertThat(device(network, "a", "inner").kind())
                .isEqualTo(new Device.Subinterface(new InterfaceName("outer"), new VlanId(10)));
        assertThat(device(network, "a", "inner").mtu()).contains(new Mtu(1300));
        assertThat(device(network, "a", "inner").up()).isFalse();
        assertThat(device(network, "a", "gate").up()).isTrue();
        assertThat(device(network, "a", "gate").mtu()).contains(new Mtu(1600));
    }

    @Test
    void endsWithoutANameGetOneThatLasts() {
        LabFile lab = parse(
                """
                lab: x
                nodes: {a: {}, b: {}, s: {interfaces: {eth1: {addresses: [10.0.0.1/24]}}}}
                switches: {br: {node: s}}
                links:
                  one: [a, br]
                  two: [a, "s:eth0"]
                  three: [a, s]
                stages:
                  - name: first
                  - name: second
                    links: {one: null, four: [a, br]}
                """);
        Network first = lab.at(Optional.of("first")).network();
        assertThat(names(first, "a")).containsExactly("eth0", "eth1", "eth2");
        assertThat(names(first, "s")).containsExactly("swp1", "eth0", "eth1", "br");
        Network second = lab.at(Optional.of("second")).network();
        assertThat(names(second, "a")).containsExactly("eth1", "eth2", "eth3");
        assertThat(names(second, "s")).containsExactly("eth0", "eth1", "swp2", "br");
        assertThat(device(second, "s", "eth1").addresses()).hasSize(1);
    }

    @Test
    void aPlainSwitchIsWhatTheKernelMakes() {
        Network network = network(FOUR_AT_A_SWITCH);
        Device bridge = device(network, "core", "br0");
        assertThat(bridge.mtu()).isEmpty();
        assertThat(((Device.Bridge) bridge.kind()).vlanFiltering()).isFalse();
        assertThat(((Device.Bridge) bridge.kind()).defaultPvid()).isEqualTo(1);
        assertThat(self(network, "core", "br0")).isEqualTo("[1 pvid,untagged]");
        assertThat(table(network, "core", "pa")).isEqualTo("[1 pvid,untagged]");
        assertThat(names(network, "core")).containsExactly("pa", "pb", "pc", "pd", "br0");
    }

    @Test
    void theDefaultPvidIsWhatAPortStartsWith() {
        Network with9 = network(FOUR_AT_A_SWITCH.replace("node: core}", "node: core, default_pvid: 9}"));
        assertThat(table(with9, "core", "pa")).isEqualTo("[9 pvid,untagged]");
        assertThat(self(with9, "core", "br0")).isEqualTo("[9 pvid,untagged]");
        Network without = network(FOUR_AT_A_SWITCH.replace("node: core}", "node: core, default_pvid: 0}"));
        assertThat(table(without, "core", "pa")).isEqualTo("[]");
        assertThat(self(without, "core", "br0")).isEqualTo("[]");
    }

    @Test
    void aWrittenTableIsTheWholeTableAndSwitchesFilteringOn() {
        Network network = network(
                FOUR_AT_A_SWITCH.replace(
                        "node: core}",
                        "node: core, self: [5], ports: {pa: [20, \"10 pvid untagged\", 100-102 untagged], pb: [], pc: , pd: default}}"));
        assertThat(table(network, "core", "pa"))
                .isEqualTo("[10 pvid,untagged, 20 tagged, 100 untagged, 101 untagged, 102 untagged]");
        assertThat(table(network, "core", "pb")).isEqualTo("[]");
        assertThat(table(network, "core", "pc")).isEqualTo("[1 pvid,untagged]");
        assertThat(table(network, "core", "pd")).isEqualTo("[1 pvid,untagged]");
        assertThat(self(network, "core", "br0")).isEqualTo("[5 tagged]");
        assertThat(bridge(network, "core", "br0").vlanFiltering()).isTrue();
    }

    @Test
    void filteringCanBeSaidToBeOff() {
        Network network = network(TWO_GROUPS.replace("node: core}", "node: core, vlan_filtering: false}"));
        assertThat(bridge(network, "core", "br0").vlanFiltering()).isFalse();
        assertThat(table(network, "core", "pa")).isEqualTo("[7 pvid,untagged]");
    }

    @Test
    void aGroupsMembersHaveItsVlanAndNothingElse() {
        Meaning meaning = parse(TWO_GROUPS).at(Optional.empty());
        Network network = meaning.network();
        assertThat(table(network, "core", "pa")).isEqualTo("[7 pvid,untagged]");
        assertThat(table(network, "core", "pd")).isEqualTo("[3 pvid,untagged]");
        assertThat(self(network, "core", "br0")).isEqualTo("[]");
        assertThat(bridge(network, "core", "br0").vlanFiltering()).isTrue();
        assertThat(pairs(meaning))
                .containsExactly(
                        "a b true",
                        "a c false",
                        "a d false",
                        "b a true",
                        "b c false",
                        "b d false",
                        "c a false",
                        "c b false",
                        "c d true",
                        "d a false",
                        "d b false",
                        "d c true");
        assertThat(meaning.description().expectations().of(Check.VlanTable.class))
                .containsExactly(new Check.VlanTable("br0", Optional.empty()));
    }

    @Test
    void whoIsInNoGroupHasNoVlanOnAGroupSwitch() {
        Network network = network(FOUR_AT_A_SWITCH + "groups: {red: {vlan: 7, members: [a, b]}}\n");
        assertThat(table(network, "core", "pc")).isEqualTo("[]");
    }

    @Test
    void aMemberOfTwoGroupsNeedsATableAndReachesBoth() {
        Meaning meaning = parse(FOUR_AT_A_SWITCH.replace(
                                "node: core}", "node: core, ports: {pb: [7 untagged, 3 untagged, 9 pvid]}}")
                        + "groups: {red: {vlan: 7, members: [a, b]}, blue: {vlan: 3, members: [b, c]}}\n")
                .at(Optional.empty());
        assertThat(pairs(meaning))
                .containsExactly("a b true", "a c false", "b a true", "b c true", "c a false", "c b true");
    }

    @Test
    void aLineBetweenGroupSwitchesCarriesEveryGroup() {
        Network network = network(
                """
                lab: x
                nodes:
                  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}
                  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}
                  c: {}
                  s1: {}
                  s2: {}
                  s3: {}
                  s4: {}
                switches: {left: {node: s1}, middle: {node: s2}, right: {node: s3}, apart: {node: s4}}
                links:
                  a: [a:e, left:p]
                  b: [b:e, right:p]
                  c: [c:e, apart:p]
                  line1: [left:up, middle:down]
                  line2: [middle:up, right:down]
                groups: {red: {vlan: 20, members: [a]}, blue: {vlan: 10, members: [b]}}
                """);
        for (Place port : List.of(place("s1", "up"), place("s2", "down"), place("s2", "up"), place("s3", "down"))) {
            assertThat(table(network, port.node(), port.device().value())).isEqualTo("[10 tagged, 20 tagged]");
        }
        assertThat(bridge(network, "s2", "middle").vlanFiltering()).isTrue();
        assertThat(self(network, "s2", "middle")).isEqualTo("[]");
        assertThat(bridge(network, "s4", "apart").vlanFiltering()).isFalse();
        assertThat(table(network, "s4", "p")).isEqualTo("[1 pvid,untagged]");
    }

    @Test
    void aSubinterfaceAsPortIsTheAccessPortOfWhoIsBehindIt() {
        Network network = network(
                """
                lab: x
                nodes:
                  a: {interfaces: {e.50: {parent: e, vlan: 50, addresses: [10.0.0.1/24]}}}
                  s: {interfaces: {p.50: {parent: p, vlan: 50}}}
                switches: {br: {node: s, ports: [p.50]}}
                links: {l: [a:e, s:p]}
                groups: {red: {vlan: 10, members: [a]}}
                """);
        assertThat(table(network, "s", "p.50")).isEqualTo("[10 pvid,untagged]");
        assertThat(device(network, "s", "p").port()).isEmpty();
    }

    @Test
    void theNodeOfASwitchCanBeAMemberThroughTheBridgesOwnTable() {
        Meaning meaning = parse(FOUR_AT_A_SWITCH.replace(
                                "node: core}", "node: core, addresses: [10.0.0.254/24], self: [7 pvid untagged]}")
                        + "groups: {red: {vlan: 7, members: [core, a]}, blue: {vlan: 3, members: [c]}}\n")
                .at(Optional.empty());
        assertThat(self(meaning.network(), "core", "br0")).isEqualTo("[7 pvid,untagged]");
        // A target that is a bridge comes after all others.
        assertThat(pairs(meaning))
                .containsExactly(
                        "a c false", "c a false", "core a true", "core c false", "a core true", "c core false");
    }

    @Test
    void aGroupWithoutVlanIsOnlyAName() {
        Meaning meaning = parse(FOUR_AT_A_SWITCH + "groups: {red: {members: [a, b]}, blue: {members: [c, d]}}\n")
                .at(Optional.empty());
        assertThat(pairs(meaning)).isEmpty();
        assertThat(meaning.description().expectations().checks()).isEmpty();
        assertThat(table(meaning.network(), "core", "pa")).isEqualTo("[1 pvid,untagged]");
        assertThat(meaning.description().groups())
                .containsExactly(
                        new RunningLab.Group("red", Optional.empty(), List.of("a", "b")),
                        new RunningLab.Group("blue", Optional.empty(), List.of("c", "d")));
    }

    @Test
    void expectationsExpandInTheFilesOrder() {
        String groups = "groups: {red: {members: [b, a]}, blue: {members: [c, d]}}\n";
        assertThat(expecting(groups, "reach: [all]")).hasSize(12).startsWith("a b true", "a c true", "a d true");
        assertThat(expecting(groups, "reach: [\"d -> a\", \"a<->b\", \"a -> b\"]"))
                .containsExactly("a b true", "b a true", "d a true");
        assertThat(expecting(groups, "reach: [red], isolated: [\"blue -> red\"]"))
                .containsExactly("a b true", "b a true", "c a false", "c b false", "d a false", "d b false");
        assertThat(expecting(groups, "isolated: [\"all -> d\", \"core -> a\"]"))
                .containsExactly("a d false", "b d false", "c d false", "core a false");
        assertThat(expecting(groups, "vlans: [br0]")).isEmpty();
    }

    @Test
    void stagesGrowOutOfOneAnother() {
        LabFile lab = parse(
                """
                lab: x
                default_stage: two
                nodes:
                  a: {interfaces: {e: {addresses: [10.0.0.1/24], mtu: 1400}}}
                  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}
                links: {l: [a:e, b:e]}
                expect: {reach: [all]}
                stages:
                  - name: one
                  - name: two
                    nodes: {a: {interfaces: {e: {up: false, mtu: null}}}, c: {}}
                    expect: {isolated: [all]}
                  - name: three
                    nodes: {a: {interfaces: {e: {addresses: [10.0.0.9/24]}}}, c: null}
                """);
        assertThat(lab.stages()).containsExactly("one", "two", "three");
        assertThat(lab.defaultStage()).contains("two");
        Meaning byDefault = lab.at(Optional.empty());
        assertThat(byDefault.description().stage()).contains("two");
        assertThat(byDefault).isEqualTo(lab.at(Optional.of("two")));
        assertThat(byDefault.network().nodes()).containsKey("c");
        assertThat(device(byDefault.network(), "a", "e").mtu()).contains(new Mtu(1500));
        assertThat(device(byDefault.network(), "a", "e").addresses()).hasSize(1);
        assertThat(pairs(byDefault)).containsExactly("a b false", "b a false");

        Meaning three = lab.at(Optional.of("three"));
        assertThat(device(three.network(), "a", "e").up()).isFalse();
        assertThat(device(three.network(), "a", "e").addresses()).containsExactly(IpPrefix.parse("10.0.0.9/24"));
        assertThat(three.network().nodes()).doesNotContainKey("c");
        // What a stage expects is its own; where it says nothing, the file's word counts.
        assertThat(pairs(three)).containsExactly("a b true", "b a true");
        assertThat(three.description().nodes())
                .extracting(RunningLab.Node::addresses)
                .containsExactly(
                        List.of(new RunningLab.Address(new InterfaceName("e"), IpPrefix.parse("10.0.0.9/24"))),
                        List.of(new RunningLab.Address(new InterfaceName("e"), IpPrefix.parse("10.0.0.2/24"))));
    }

    @Test
    void withoutADefaultTheLastStageIsMeant() {
        LabFile lab = parse("lab: x\nstages: [{name: one}, {name: two}]\n");
        assertThat(lab.at(Optional.empty()).description().stage()).contains("two");
        assertThatThrownBy(() -> lab.at(Optional.of("three")))
                .isInstanceOf(RequestException.class)
                .hasMessage("lab x has no stage 'three'; its stages are one, two");
        assertThatThrownBy(() -> parse("lab: y\n").at(Optional.of("one")))
                .isInstanceOf(RequestException.class)
                .hasMessage("lab y has no stage 'one'; it has no stages");
    }

    @Test
    void anAddressMayBeTakenAgainWhereItIsNotUp() {
        String text =
                """
                lab: x
                nodes:
                  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}
                  b: {interfaces: {e: {addresses: [10.0.0.1/24], up: false}}}
                links: {l: [a:e, b:e]}
                """;
        assertThat(network(text).nodes()).hasSize(2);
        String linkLocal = text.replace("10.0.0.1/24", "fe80::1/64").replace(", up: false", "");
        assertThat(network(linkLocal).nodes()).hasSize(2);
    }

    @Test
    void aliasesAndAByteOrderMarkAreFine() {
        Network network = network(
                """
                \uFEFFlab: x
                nodes: {a: {interfaces: {e: &off {up: false}}}, b: {interfaces: {e: *off}}}
                links: {l: [a:e, b:e]}
                """);
        assertThat(device(network, "b", "e").up()).isFalse();
    }

    @Test
    void thirtyNodesWithIpv6AndOtherNames() {
        StringBuilder text = new StringBuilder("lab: big\nnodes:\n  hub: {holder: named}\n");
        StringBuilder links = new StringBuilder("switches: {sw: {node: hub, name: br-lan}}\nlinks:\n");
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            text.append("  host-%d: {interfaces: {eth0: {addresses: [\"fd00::%x/64\"]}}}%n".formatted(i, i + 1));
            links.append("  l%d: [host-%d, sw]%n".formatted(i, i));
            members.append(i == 0 ? "" : ", ").append("host-" + i);
        }
        Meaning meaning = parse(text + links.toString() + "groups: {all6: {vlan: 4094, members: [" + members + "]}}\n")
                .at(Optional.empty());
        assertThat(pairs(meaning)).hasSize(870);
        assertThat(table(meaning.network(), "hub", "swp30")).isEqualTo("[4094 pvid,untagged]");
        RunningLab.Switch found = meaning.description().switches().get(0);
        assertThat(found.name()).isEqualTo("sw");
        assertThat(found.node()).isEqualTo("hub");
        assertThat(found.bridge()).hasToString("br-lan");
        assertThat(found.ports()).hasSize(30);
    }

    private static List<String> expecting(String groups, String expect) {
        return pairs(
                parse(FOUR_AT_A_SWITCH + groups + "expect: {" + expect + "}\n").at(Optional.empty()));
    }

    private static LabFile parse(String text) {
        return LabFile.parse(text, Path.of("lab.yaml"));
    }

    private static Network network(String text) {
        return parse(text).at(Optional.empty()).network();
    }

    private static Place place(String node, String device) {
        return new Place(node, new InterfaceName(device));
    }

    private static Device device(Network network, String node, String device) {
        return network.device(place(node, device)).orElseThrow();
    }

    private static Device.Bridge bridge(Network network, String node, String device) {
        return (Device.Bridge) device(network, node, device).kind();
    }

    private static String self(Network network, String node, String device) {
        return bridge(network, node, device).self().toString();
    }

    private static String table(Network network, String node, String port) {
        return device(network, node, port).port().orElseThrow().vlans().toString();
    }

    private static List<String> names(Network network, String node) {
        return network.nodes().get(node).devices().keySet().stream()
                .map(InterfaceName::value)
                .toList();
    }

    private static List<String> pairs(Meaning meaning) {
        return meaning.description().expectations().of(Check.Ping.class).stream()
                .map(pair -> "%s %s %s".formatted(pair.from(), pair.to(), pair.reachable()))
                .toList();
    }
}
