package io.netyard.lab.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nodes that are members of several groups with VLANs. */
class SharedMembersTest {

    /** Both groups at both of two switches, and z in both groups. */
    private static final String BOTH =
            """
            lab: x
            nodes: {a: {}, b: {}, c: {}, d: {}, z: {}, s: {}, t: {}}
            switches: {brx: {node: s}, bry: {node: t}}
            links:
              la: [a:e, brx:pa]
              lb: [b:e, brx:pb]
              lc: [c:e, bry:pc]
              ld: [d:e, bry:pd]
              line: [brx:x, bry:y]
              lz: [z:e, brx:pz]
            groups: {green: {vlan: 10, members: [a, c, z]}, rosa: {vlan: 20, members: [b, d, z]}}
            """;

    @Test
    void aSharedMemberSpeaksInAVlanOfItsOwnThatAllHear() {
        Network network = network(BOTH);
        assertThat(table(network, "s:pz")).isEqualTo("[10 untagged, 20 untagged, 30 pvid,untagged]");
        assertThat(table(network, "s:pa")).isEqualTo("[10 pvid,untagged, 30 untagged]");
        assertThat(table(network, "s:pb")).isEqualTo("[20 pvid,untagged, 30 untagged]");
        assertThat(table(network, "t:pd")).isEqualTo("[20 pvid,untagged, 30 untagged]");
        assertThat(table(network, "s:x")).isEqualTo("[10 tagged, 20 tagged, 30 tagged]");
        assertThat(table(network, "t:y")).isEqualTo("[10 tagged, 20 tagged, 30 tagged]");
    }

    @Test
    void ownVlansAreCountedOnAndMayBePinned() {
        String three = BOTH.replace("members: [b, d, z]", "members: [b, d, z, a]");
        assertThat(table(network(three), "s:pa"))
                .isEqualTo("[10 untagged, 20 untagged, 30 pvid,untagged, 40 untagged]");
        assertThat(table(network(three), "s:pz"))
                .isEqualTo("[10 untagged, 20 untagged, 30 untagged, 40 pvid,untagged]");
        String pinned = three.replace("a: {}", "a: {vlan: 7}");
        assertThat(table(network(pinned), "s:pa"))
                .isEqualTo("[7 pvid,untagged, 10 untagged, 20 untagged, 30 untagged]");
        assertThat(table(network(pinned), "s:pz"))
                .isEqualTo("[7 untagged, 10 untagged, 20 untagged, 30 pvid,untagged]");
        // Whoever is in one group only has no use for it.
        assertThat(table(network(BOTH.replace("a: {}", "a: {vlan: 7}")), "s:pa"))
                .isEqualTo("[10 pvid,untagged, 30 untagged]");
    }

    @Test
    void aboveTheLargestVidTheLowestThatNobodyUsesIsTaken() {
        assertThat(table(network(BOTH.replace("vlan: 20", "vlan: 4091")), "s:pz"))
                .isEqualTo("[2 pvid,untagged, 10 untagged, 4091 untagged]");
        assertThat(table(network(BOTH.replace("vlan: 20", "vlan: 4089")), "s:pz"))
                .isEqualTo("[10 untagged, 4089 untagged, 4090 pvid,untagged]");
    }

    @Test
    void whatATableSaysIsTakenButATrunkMayCarryMore() {
        String written = BOTH.replace("brx: {node: s}", "brx: {node: s, self: [45], ports: {x: [1-4094]}}");
        assertThat(table(network(written), "s:pz")).isEqualTo("[10 untagged, 20 untagged, 50 pvid,untagged]");
    }

    @Test
    void aWrittenTableOrTagsMakeAnOwnVlanNeedless() {
        Network written =
                network(BOTH.replace("brx: {node: s}", "brx: {node: s, ports: {pz: [10 untagged, 20 pvid untagged]}}"));
        assertThat(table(written, "s:pa")).isEqualTo("[10 pvid,untagged]");
        assertThat(table(written, "s:x")).isEqualTo("[10 tagged, 20 tagged]");
        Network tags = network(
                BOTH.replace("z: {}", "z: {interfaces: {e.10: {parent: e, vlan: 10}, e.20: {parent: e, vlan: 20}}}"));
        assertThat(table(tags, "s:pz")).isEqualTo("[10 tagged, 20 tagged]");
        assertThat(table(tags, "s:pa")).isEqualTo("[10 pvid,untagged]");
    }

    @Test
    void aPortForEachGroupMakesItNeedlessToo() {
        Network network = network(BOTH.replace("brx: {node: s}", "brx: {node: s, ports: {pz: green, pz2: rosa}}")
                .replace("  line:", "  lz2: [z:e2, brx:pz2]\n  line:"));
        assertThat(table(network, "s:pz")).isEqualTo("[10 pvid,untagged]");
        assertThat(table(network, "s:pz2")).isEqualTo("[20 pvid,untagged]");
        assertThat(table(network, "s:pa")).isEqualTo("[10 pvid,untagged]");
    }

    @Test
    void vlansOfASingleSwitchHoldThere() {
        Network network = network(
                """
                lab: x
                nodes:
                  a: {}
                  b: {}
                  s: {interfaces: {x.5: {parent: x, vlan: 5}}}
                  t: {interfaces: {y.5: {parent: y, vlan: 5}}}
                switches: {brx: {node: s, ports: {x.5: green}}, bry: {node: t, ports: {y.5: green}}}
                links: {la: [a:e, brx:pa], lb: [b:e, bry:pb], line: [s:x, t:y]}
                groups: {green: {vlan: 10, vlans: {bry: 36}, members: [a, b]}}
                """);
        assertThat(table(network, "s:pa")).isEqualTo("[10 pvid,untagged]");
        assertThat(table(network, "s:x.5")).isEqualTo("[10 pvid,untagged]");
        assertThat(table(network, "t:y.5")).isEqualTo("[36 pvid,untagged]");
        assertThat(table(network, "t:pb")).isEqualTo("[36 pvid,untagged]");
    }

    /**
     * Whoever shares a group hears each other, both ways; whoever does not, does not. Held against the rules of a VLAN-filtering
     * bridge, which stand here once more.
     */
    @Test
    void membersOfACommonGroupHearEachOtherAndNobodyElse() {
        Random random = new Random(5);
        for (int i = 0; i < 400; i++) {
            RandomLab lab = new RandomLab(random);
            String text = lab.text();
            Network network = network(text);
            for (String from : lab.nodes()) {
                Set<String> expected = new TreeSet<>();
                lab.groups.values().stream()
                        .filter(members -> members.contains(from))
                        .forEach(expected::addAll);
                expected.remove(from);
                assertThat(lab.hearing(network, from))
                        .as("%s in\n%s", from, text)
                        .isEqualTo(expected);
            }
        }
    }

    /** Nodes at switches that hang together as a tree, by trunks or by a line for each group and each shared member. */
    private static final class RandomLab {

        final Map<String, Integer> switchOf = new LinkedHashMap<>();
        final Map<String, Set<String>> groups = new LinkedHashMap<>();
        private final Map<String, Integer> vlans = new LinkedHashMap<>();
        private final Map<Integer, Integer> parents = new LinkedHashMap<>();
        private final boolean trunks;
        private final boolean translated;
        private final Map<String, Integer> pins = new LinkedHashMap<>();

        RandomLab(Random random) {
            int switches = 1 + random.nextInt(4);
            for (int i = 1; i < switches; i++) {
                parents.put(i, random.nextInt(i));
            }
            trunks = random.nextBoolean();
            translated = !trunks && random.nextBoolean();
            int nodes = 2 + random.nextInt(8);
            for (int i = 0; i < nodes; i++) {
                switchOf.put("n" + i, random.nextInt(switches));
            }
            int count = 1 + random.nextInt(5);
            List<Integer> vids = new ArrayList<>(
                    random.ints(2, 4000).distinct().limit(40).boxed().toList());
            for (int i = 0; i < count; i++) {
                Set<String> members = new TreeSet<>();
                switchOf.keySet().stream()
                        .filter(node -> random.nextInt(3) == 0)
                        .forEach(members::add);
                if (i == 0) {
                    // Without any member all switches would be plain ones.
                    members.add("n0");
                }
                groups.put("g" + i, members);
                vlans.put("g" + i, vids.remove(0));
            }
            switchOf.keySet().forEach(node -> {
                if (random.nextInt(4) == 0) {
                    pins.put(node, vids.remove(0));
                }
            });
        }

        Set<String> nodes() {
            return switchOf.keySet();
        }

        private List<String> carried() {
            List<String> carried = new ArrayList<>();
            groups.forEach((name, members) -> carried.add(name));
            switchOf.keySet().stream()
                    .filter(node -> groups.values().stream()
                                    .filter(members -> members.contains(node))
                                    .count()
                            > 1)
                    .forEach(carried::add);
            return carried;
        }

        String text() {
            StringBuilder text = new StringBuilder("lab: x\nnodes:\n");
            switchOf.keySet()
                    .forEach(node -> text.append(
                            "  %s: {%s}%n".formatted(node, pins.containsKey(node) ? "vlan: " + pins.get(node) : "")));
            Map<Integer, List<String>> ports = new LinkedHashMap<>();
            Map<Integer, List<String>> subinterfaces = new LinkedHashMap<>();
            StringBuilder links = new StringBuilder("links:\n");
            switchOf.forEach(
                    (node, at) -> links.append("  l%1$s: [\"%1$s:e\", \"b%2$d:p%1$s\"]%n".formatted(node, at)));
            IntStream.rangeClosed(0, parents.size()).forEach(i -> {
                ports.put(i, new ArrayList<>());
                subinterfaces.put(i, new ArrayList<>());
            });
            parents.forEach((child, parent) -> {
                String owner = trunks ? "b" : "h";
                links.append("  t%1$d: [\"%3$s%1$d:up%1$d\", \"%3$s%2$d:dn%1$d\"]%n".formatted(child, parent, owner));
                if (!trunks) {
                    int tag = 100;
                    for (String name : carried()) {
                        subinterfaces.get(child).add("up%1$d.%2$d: {parent: up%1$d, vlan: %2$d}".formatted(child, tag));
                        subinterfaces
                                .get(parent)
                                .add("dn%1$d.%2$d: {parent: dn%1$d, vlan: %2$d}".formatted(child, tag));
                        ports.get(child).add("up%d.%d: %s".formatted(child, tag, name));
                        ports.get(parent).add("dn%d.%d: %s".formatted(child, tag, name));
                        tag++;
                    }
                }
            });
            subinterfaces.forEach((at, inside) ->
                    text.append("  h%d: {interfaces: {%s}}%n".formatted(at, String.join(", ", inside))));
            text.append("switches:\n");
            ports.forEach((at, names) ->
                    text.append("  b%1$d: {node: h%1$d, ports: {%2$s}}%n".formatted(at, String.join(", ", names))));
            text.append(links).append("groups:\n");
            groups.forEach((name, members) -> text.append("  %s: {vlan: %d, %smembers: [%s]}%n"
                    .formatted(
                            name,
                            vlans.get(name),
                            translated ? "vlans: {b0: %d}, ".formatted(4090 - Integer.parseInt(name.substring(1))) : "",
                            String.join(", ", members))));
            return text.toString();
        }

        /** Who hears what a node sends without a tag. */
        Set<String> hearing(Network network, String from) {
            Set<String> heard = new TreeSet<>();
            int at = switchOf.get(from);
            enter(network, at, "p" + from, 0, heard, 0);
            heard.remove(from);
            return heard;
        }

        /** A frame comes in by a port: rules R1 and R2 of a filtering port. */
        private void enter(Network network, int at, String port, int tag, Set<String> heard, int depth) {
            assertThat(depth).isLessThan(20);
            List<VlanEntry> table = entries(network, at, port);
            Optional<Integer> vlan = tag == 0
                    ? table.stream()
                            .filter(VlanEntry::pvid)
                            .map(entry -> entry.vid().value())
                            .findFirst()
                    : table.stream()
                            .map(entry -> entry.vid().value())
                            .filter(vid -> vid == tag)
                            .findFirst();
            vlan.ifPresent(vid -> leave(network, at, port, vid, heard, depth));
        }

        /** And leaves by all others that have its VLAN, with the tag or without: R3 and R4. */
        private void leave(Network network, int at, String from, int vlan, Set<String> heard, int depth) {
            network.nodes().get("h" + at).devices().forEach((name, device) -> {
                String port = name.value();
                if (device.port().isEmpty() || port.equals(from)) {
                    return;
                }
                for (VlanEntry entry : device.port().get().vlans()) {
                    if (entry.vid().value() == vlan) {
                        arrive(network, at, port, entry.untagged() ? 0 : vlan, heard, depth);
                    }
                }
            });
        }

        private void arrive(Network network, int at, String port, int tag, Set<String> heard, int depth) {
            if (port.startsWith("p")) {
                // A node without subinterfaces cannot read what has a tag.
                if (tag == 0) {
                    assertThat(heard.add(port.substring(1))).as("heard once").isTrue();
                }
                return;
            }
            int child = Integer.parseInt(port.substring(2).split("\\.")[0]);
            boolean up = port.startsWith("up");
            enter(
                    network,
                    up ? parents.get(child) : child,
                    (up ? "dn" : "up") + port.substring(2),
                    tag,
                    heard,
                    depth + 1);
        }

        private static List<VlanEntry> entries(Network network, int at, String port) {
            return network.device(new Place("h" + at, new InterfaceName(port)))
                    .orElseThrow()
                    .port()
                    .orElseThrow()
                    .vlans();
        }
    }

    private static Network network(String text) {
        return LabFile.parse(text, Path.of("lab.yaml")).at(Optional.empty()).network();
    }

    private static String table(Network network, String place) {
        String[] parts = place.split(":");
        return network.device(new Place(parts[0], new InterfaceName(parts[1])))
                .orElseThrow()
                .port()
                .orElseThrow()
                .vlans()
                .toString();
    }
}
