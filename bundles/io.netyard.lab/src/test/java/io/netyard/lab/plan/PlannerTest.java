package io.netyard.lab.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.file.Meaning;
import io.netyard.lab.layer2.Warnings;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlannerTest {

    private static List<String> sentences(Network had, Network wanted) {
        return Planner.plan(had, wanted).stream().map(Operation::sentence).toList();
    }

    private static NetworkBuilder cable() {
        return new NetworkBuilder()
                .nodes("a", "b")
                .cable("a:e1", "b:e2")
                .address("a:e1", "10.0.0.1/24")
                .address("b:e2", "10.0.0.2/24");
    }

    /** Four members at one switch in a node of its own. */
    private static NetworkBuilder star() {
        return new NetworkBuilder()
                .nodes("a", "b", "c", "d", "hub")
                .cable("a:e", "hub:pa")
                .cable("b:e", "hub:pb")
                .cable("c:e", "hub:pc")
                .cable("d:e", "hub:pd");
    }

    private static NetworkBuilder plain() {
        NetworkBuilder star = star().bridge("hub:br", false, 1, "1 pvid untagged");
        for (String port : List.of("pa", "pb", "pc", "pd")) {
            star.port("hub:" + port, "br", "1 pvid untagged");
        }
        return star;
    }

    private static NetworkBuilder groups() {
        return star().bridge("hub:br", true, 1)
                .port("hub:pa", "br", "10 pvid untagged")
                .port("hub:pb", "br", "10 pvid untagged")
                .port("hub:pc", "br", "20 pvid untagged")
                .port("hub:pd", "br", "20 pvid untagged");
    }

    @Test
    void aCableFromNothing() {
        assertThat(sentences(Network.EMPTY, cable().build()))
                .containsExactly(
                        "create namespace a (holder process)",
                        "create namespace b (holder process)",
                        "lay a cable a:e1 - b:e2",
                        "add address 10.0.0.1/24 to a:e1",
                        "add address 10.0.0.2/24 to b:e2",
                        "bring up a:e1",
                        "bring up b:e2");
    }

    @Test
    void nothingToDoTwice() {
        for (Network network : List.of(cable().build(), plain().build(), groups().build())) {
            assertThat(Planner.plan(network, network)).isEmpty();
        }
    }

    @Test
    void aPeerGoesDownAndComesBackWithItsIpv6Address() {
        Network up = cable().address("b:e2", "fd00::2/64").build();
        Network down = cable().address("b:e2", "fd00::2/64").down("b:e2").build();
        assertThat(sentences(up, down)).containsExactly("take down b:e2", "add address fd00::2/64 to b:e2");
        assertThat(sentences(down, up)).containsExactly("bring up b:e2");
    }

    @Test
    void aNodeThatWasKilledComesBackWithItsCable() {
        Network left = new NetworkBuilder().nodes("a").build();
        assertThat(sentences(left, cable().build()))
                .startsWith("create namespace b (holder process)", "lay a cable a:e1 - b:e2")
                .doesNotContain("create namespace a (holder process)");
    }

    @Test
    void anotherHolderIsAnotherNamespace() {
        Network wanted = cable().holder("b", "pin").build();
        assertThat(sentences(cable().build(), wanted))
                .startsWith(
                        "delete a:e1",
                        "destroy namespace b",
                        "create namespace b (holder pin)",
                        "lay a cable a:e1 - b:e2");
    }

    @Test
    void tablesAreCompleteBeforeFilteringBeginsAndBeforePortsComeUp() {
        List<Operation> fresh = Planner.plan(Network.EMPTY, groups().build());
        assertNobodyForwardsWithAWrongTable(Network.EMPTY, groups().build(), fresh);
        List<Operation> later = Planner.plan(plain().build(), groups().build());
        assertThat(later.get(later.size() - 1)).isEqualTo(new Operation.SetFiltering(place("hub:br"), true));
    }

    @Test
    void filteringIsSwitchedOffLast() {
        List<Operation> steps = Planner.plan(groups().build(), plain().build());
        assertThat(steps.get(steps.size() - 1)).isEqualTo(new Operation.SetFiltering(place("hub:br"), false));
    }

    @Test
    void aSpanningTreeIsSwitchedOnBeforeAnythingComesUpAndOffWhenAllIsDone() {
        Network tree = plain().stp("hub:br", 2, 4096).build();
        assertThat(sentences(Network.EMPTY, tree))
                .containsSubsequence(
                        "set the bridge priority of hub:br to 4096",
                        "set the forward delay of hub:br to 2 s",
                        "switch the spanning tree protocol of hub:br on",
                        "make hub:pa a port of br",
                        "bring up hub:pa",
                        "bring up hub:br",
                        "wait until the spanning tree has decided about the ports of hub:br, up to 7 s");
        assertThat(sentences(tree, groups().build()))
                .endsWith(
                        "switch VLAN filtering of hub:br on",
                        "take down hub:br",
                        "switch the spanning tree protocol of hub:br off",
                        "bring up hub:br");
        assertThat(sentences(groups().build(), tree))
                .containsSubsequence(
                        "take down hub:br", "switch the spanning tree protocol of hub:br on", "bring up hub:br")
                .endsWith(
                        "switch VLAN filtering of hub:br off",
                        "wait until the spanning tree has decided about the ports of hub:br, up to 7 s");
        assertThat(sentences(tree, tree)).isEmpty();
    }

    /** Experiment 5 has two ways between two bridges, in ever other forms: on the way from one to another no frame may circle. */
    @Test
    void noLoopStandsOpenOnTheWay() {
        LabFile lab = LabFile.read(Path.of("../../etc/labs/exp05.yaml"));
        List<Meaning> stages = new ArrayList<>();
        lab.stages().forEach(stage -> stages.add(lab.at(Optional.of(stage))));
        for (Meaning from : stages) {
            for (Meaning to : stages) {
                List<Operation> steps = Planner.plan(from.network(), to.network());
                for (int i = 1; i <= steps.size(); i++) {
                    Network now = draw(from.network(), steps.subList(0, i));
                    assertThat(Warnings.of(now, to.description()).storms())
                            .as(
                                    "from %s to %s after '%s'",
                                    from.description().stage(),
                                    to.description().stage(),
                                    steps.get(i - 1).sentence())
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void barringComesBeforeAdmitting() {
        Network crossed = star().bridge("hub:br", true, 1)
                .port("hub:pa", "br", "20 pvid untagged")
                .port("hub:pb", "br", "10 pvid untagged")
                .port("hub:pc", "br", "20 pvid untagged")
                .port("hub:pd", "br", "10 pvid untagged")
                .build();
        assertThat(sentences(groups().build(), crossed))
                .containsExactly(
                        "bar VID 10 from hub:pa",
                        "bar VID 20 from hub:pd",
                        "admit VID 20 to hub:pa (PVID, untagged)",
                        "admit VID 10 to hub:pd (PVID, untagged)");
    }

    @Test
    void aNewPvidTakesTheRoleInOneStep() {
        Network had = plain().port("hub:pa", "br", "1 pvid untagged", "10 untagged")
                .bridge("hub:br", true, 1, "1 pvid untagged")
                .build();
        Network wanted = plain().port("hub:pa", "br", "1 untagged", "10 pvid untagged")
                .bridge("hub:br", true, 1, "1 pvid untagged")
                .build();
        assertThat(sentences(had, wanted)).containsExactly("admit VID 10 to hub:pa (PVID, untagged)");
    }

    @Test
    void rangesGoInOneStep() {
        Network had = plain().build();
        Network wanted = plain().port("hub:pa", "br", "1 pvid untagged", "100-200", "202", "203 untagged")
                .build();
        assertThat(sentences(had, wanted))
                .containsExactly(
                        "admit VID 100-200 to hub:pa (tagged)",
                        "admit VID 202 to hub:pa (tagged)",
                        "admit VID 203 to hub:pa (untagged)");
        assertThat(sentences(wanted, had))
                .containsExactly("bar VID 100-200 from hub:pa", "bar VID 202-203 from hub:pa");
    }

    @Test
    void aNewDefaultPvidIsGivenWhileTheBridgeIsDown() {
        Network wanted = groupsWithDefaultPvid(5);
        assertThat(sentences(groupsWithDefaultPvid(0), wanted))
                .startsWith("take down hub:br", "set the default PVID of hub:br to 5")
                .contains("bar VID 5 from hub:pa")
                .endsWith("bring up hub:br");
        assertThat(sentences(wanted, groupsWithDefaultPvid(0)))
                .containsExactly("set the default PVID of hub:br to none");
    }

    private static Network groupsWithDefaultPvid(int defaultPvid) {
        return star().bridge("hub:br", true, defaultPvid)
                .port("hub:pa", "br", "10 pvid untagged")
                .port("hub:pb", "br", "10 pvid untagged")
                .port("hub:pc", "br", "20 pvid untagged")
                .port("hub:pd", "br", "20 pvid untagged")
                .build();
    }

    @Test
    void aSubinterfaceTakesThePlaceOfItsParentAsPort() {
        Network had = plain().build();
        Network wanted = star().subinterface("hub:pa.50", "pa", 50)
                .bridge("hub:br", false, 1, "1 pvid untagged")
                .port("hub:pa.50", "br", "1 pvid untagged")
                .port("hub:pb", "br", "1 pvid untagged")
                .port("hub:pc", "br", "1 pvid untagged")
                .port("hub:pd", "br", "1 pvid untagged")
                .build();
        assertThat(sentences(had, wanted))
                .containsExactly(
                        "take hub:pa out of its bridge",
                        "create subinterface hub:pa.50 for VLAN 50 of pa",
                        "make hub:pa.50 a port of br",
                        "bring up hub:pa.50");
        assertThat(sentences(wanted, had)).containsExactly("delete hub:pa.50", "make hub:pa a port of br");
    }

    @Test
    void anotherTagIsAnotherSubinterface() {
        Network had = cable().subinterface("a:e1.5", "e1", 5)
                .address("a:e1.5", "10.1.0.1/24")
                .build();
        Network wanted = cable().subinterface("a:e1.5", "e1", 6)
                .address("a:e1.5", "10.1.0.1/24")
                .build();
        assertThat(sentences(had, wanted))
                .containsExactly(
                        "delete a:e1.5",
                        "create subinterface a:e1.5 for VLAN 6 of e1",
                        "add address 10.1.0.1/24 to a:e1.5",
                        "bring up a:e1.5");
    }

    @Test
    void aParentThatGoesDownTakesItsSubinterfaceAlong() {
        Network had = cable().subinterface("a:e1.5", "e1", 5).build();
        Network wanted = cable().subinterface("a:e1.5", "e1", 5)
                .down("a:e1")
                .down("a:e1.5")
                .build();
        assertThat(sentences(had, wanted)).containsExactly("take down a:e1");
        assertThat(sentences(wanted, had)).containsExactly("bring up a:e1");
    }

    @Test
    void allGoesAndCablesOnce() {
        assertThat(sentences(cable().build(), Network.EMPTY))
                .containsExactly("destroy namespace a", "destroy namespace b");
    }

    /** The kernel takes about as long for all cables of a switch as for one. */
    @Test
    void theSwitchGoesFirst() {
        assertThat(sentences(groups().build(), Network.EMPTY))
                .containsExactly(
                        "destroy namespace hub",
                        "destroy namespace a",
                        "destroy namespace b",
                        "destroy namespace c",
                        "destroy namespace d");
    }

    @Test
    void aBridgeComesUpAfterItsPorts() {
        assertThat(sentences(Network.EMPTY, groups().build()))
                .endsWith("bring up hub:pd", "bring up hub:br")
                .containsSubsequence("bring up hub:pa", "bring up hub:br");
    }

    @Test
    void aQuietNodeIsMadeWithoutIpv6AndTakesItUpLater() {
        Network quiet = cable().sysctl("a", "net.ipv6.conf.all.disable_ipv6", "1")
                .sysctl("b", "net.ipv6.conf.all.disable_ipv6", "1")
                .build();
        Network speaking = cable().sysctl("a", "net.ipv6.conf.all.disable_ipv6", "0")
                .sysctl("b", "net.ipv6.conf.all.disable_ipv6", "0")
                .build();
        assertThat(sentences(Network.EMPTY, quiet))
                .startsWith(
                        "create namespace a (holder process, without IPv6)",
                        "create namespace b (holder process, without IPv6)",
                        "lay a cable a:e1 - b:e2")
                .noneMatch(sentence -> sentence.contains("disable_ipv6"));
        assertThat(sentences(quiet, quiet)).isEmpty();
        assertThat(sentences(quiet, speaking))
                .containsExactly(
                        "set net.ipv6.conf.all.disable_ipv6 of a to 0", "set net.ipv6.conf.all.disable_ipv6 of b to 0");
        assertThat(Planner.plan(Network.EMPTY, quiet).get(0).command())
                .isEqualTo(
                        "ip netns add a && ip netns exec a sysctl -w net.ipv6.conf.all.disable_ipv6=1 && ip -n a link set dev lo up");
    }

    @Test
    void linkLocalAddressesAreTheKernels() {
        Network had = cable().address("a:e1", "fe80::1234/64").build();
        assertThat(sentences(had, cable().build())).isEmpty();
    }

    private static NetworkBuilder router() {
        return new NetworkBuilder()
                .nodes("a", "r")
                .cable("a:e", "r:p")
                .address("a:e", "10.0.0.1/24")
                .address("r:p", "10.0.0.254/24")
                .route("a", "default via 10.0.0.254 dev e")
                .sysctl("r", "net.ipv4.ip_forward", "1")
                .policy("r", "filter", "forward in p drop")
                .neighbour("a:e", "10.0.0.254", "02:00:00:00:00:fe");
    }

    @Test
    void policiesAndParametersComeBeforeAnythingIsUpAndRoutesAfterwards() {
        assertThat(sentences(Network.EMPTY, router().build()))
                .containsExactly(
                        "create namespace a (holder process)",
                        "create namespace r (holder process)",
                        "lay a cable a:e - r:p",
                        "set net.ipv4.ip_forward of r to 1",
                        "put policy filter of r in force (layer network, 1 rule)",
                        "add address 10.0.0.1/24 to a:e",
                        "add address 10.0.0.254/24 to r:p",
                        "bring up a:e",
                        "bring up r:p",
                        "set neighbour 10.0.0.254 at 02:00:00:00:00:fe on e in a",
                        "add route default via 10.0.0.254 dev e to a");
    }

    @Test
    void anInterfaceThatWasDownHasLostItsRoutesAndNeighbours() {
        assertThat(sentences(router().down("a:e").build(), router().build()))
                .as("what the kernel shows of a route over an interface that is down")
                .contains("bring up a:e");
        assertThat(sentences(router().build(), router().down("a:e").build()))
                .as("the routes that are wanted over it cannot be had before it is up")
                .startsWith("take down a:e");
    }

    @Test
    void aPolicyThatIsNotWantedAnyMoreGoesLast() {
        Network wanted = router().cable("a:e2", "r:p2").build();
        Network without = new NetworkBuilder()
                .nodes("a", "r")
                .cable("a:e", "r:p")
                .cable("a:e2", "r:p2")
                .address("a:e", "10.0.0.1/24")
                .address("r:p", "10.0.0.254/24")
                .build();
        assertThat(sentences(wanted, without))
                .contains(
                        "remove route default via 10.0.0.254 dev e from a",
                        "forget neighbour 10.0.0.254 at 02:00:00:00:00:fe on e in a")
                .endsWith("take policy filter of r away");
    }

    @Test
    void aCardIsGivenBackBeforeItsNamespaceGoes() {
        Network lent = new NetworkBuilder()
                .nodes("r")
                .card("r:wan", "enp1s0")
                .address("r:wan", "203.0.113.2/30")
                .build();
        assertThat(sentences(Network.EMPTY, lent))
                .containsExactly(
                        "create namespace r (holder process)",
                        "hand the host's enp1s0 over to r:wan",
                        "add address 203.0.113.2/30 to r:wan",
                        "bring up r:wan");
        assertThat(sentences(lent, Network.EMPTY))
                .containsExactly("give r:wan back to the host as enp1s0", "destroy namespace r");
    }

    @Test
    void theHostIsNeitherMadeNorDestroyed() {
        Network net = new NetworkBuilder()
                .host()
                .nodes("a")
                .cable("a:e", "host:v")
                .address("host:v", "10.0.0.1/24")
                .route("host", "10.1.0.0/16 via 10.0.0.2 dev v")
                .build();
        assertThat(sentences(Network.EMPTY, net))
                .containsExactly(
                        "create namespace a (holder process)",
                        "lay a cable host:v - a:e",
                        "add address 10.0.0.1/24 to host:v",
                        "bring up host:v",
                        "bring up a:e",
                        "add route 10.1.0.0/16 via 10.0.0.2 dev v to host");
        assertThat(sentences(net, Network.EMPTY)).containsExactly("delete host:v", "destroy namespace a");
    }

    @Test
    void theHostBehindATapComesAndGoesWithoutTheTap() {
        Network bare = new NetworkBuilder().nodes("a").tap("a:t").build();
        Network behind = new NetworkBuilder().nodes("a").tap("a:t", "10.0.0.9").build();
        assertThat(sentences(bare, behind)).containsExactly("put a host with 10.0.0.9 behind a:t");
        assertThat(sentences(behind, bare)).containsExactly("take the host behind a:t away");
        assertThat(sentences(behind, Network.EMPTY))
                .containsExactly("take the host behind a:t away", "delete a:t", "destroy namespace a");
    }

    /** From any network to any other: what is left to do afterwards is nothing, and isolation never suffers on the way. */
    @Test
    void everyPlanLeadsToWhatIsWanted() {
        Random random = new Random(20171120);
        Network had = Network.EMPTY;
        for (int round = 0; round < 2000; round++) {
            Network wanted = any(random);
            List<Operation> steps = Planner.plan(had, wanted);
            Network drawn = draw(had, steps);
            assertThat(Planner.plan(drawn, wanted)).as("round %d", round).isEmpty();
            assertNobodyForwardsWithAWrongTable(had, wanted, steps);
            had = drawn;
        }
    }

    private static Network any(Random random) {
        NetworkBuilder network = new NetworkBuilder().nodes("hub");
        String[] tables = {"1 pvid untagged", "10 pvid untagged", "20 pvid untagged", "10", "20 untagged", "30-40"};
        int defaultPvid = random.nextInt(3);
        boolean bridge = random.nextInt(5) > 0;
        for (String member : List.of("a", "b", "c")) {
            if (random.nextInt(4) == 0) {
                continue;
            }
            network.holder(member, random.nextInt(4) == 0 ? "pin" : "process");
            network.cable(member + ":e", "hub:p" + member);
            if (random.nextBoolean()) {
                network.address(member + ":e", "10.0.0." + (1 + random.nextInt(3)) + "/24");
                network.address(member + ":e", "fd00::" + (1 + random.nextInt(3)) + "/64");
            }
            String port = "hub:p" + member;
            if (random.nextInt(3) == 0) {
                port = "hub:p" + member + ".5";
                network.subinterface(port, "p" + member, 50 + random.nextInt(2));
            } else if (random.nextInt(4) == 0) {
                network.down(port);
            }
            if (bridge) {
                network.port(
                        port,
                        "br",
                        random.nextInt(4) == 0 ? new String[0] : new String[] {tables[random.nextInt(tables.length)]});
            }
        }
        if (bridge) {
            network.bridge("hub:br", random.nextBoolean(), defaultPvid, random.nextBoolean() ? "1" : "1 pvid untagged");
            if (random.nextInt(3) == 0) {
                network.stp("hub:br", 2 + random.nextInt(3), random.nextInt(3));
            }
        }
        anySettings(random, network);
        return network.build();
    }

    private static void anySettings(Random random, NetworkBuilder network) {
        if (random.nextInt(3) == 0) {
            network.attached("web", "lxc:web" + random.nextInt(2))
                    .cable("web:lab0", "hub:tow")
                    .subinterface("web:lab0.7", "lab0", 7)
                    .address("web:lab0", "10.10.0." + random.nextInt(3) + "/24");
        }
        if (random.nextInt(3) == 0) {
            network.host().cable("host:h", "hub:toh").address("host:h", "10.9.0.1/24");
            if (random.nextBoolean()) {
                network.route("host", "10.8.0.0/16 via 10.9.0.2 dev h");
            }
            if (random.nextBoolean()) {
                network.macvlan("hub:m", "host:eth0");
            }
        }
        if (random.nextInt(3) == 0) {
            network.tap("hub:t", random.nextBoolean() ? new String[] {"10.7.0." + random.nextInt(9)} : new String[0]);
        }
        if (random.nextInt(3) == 0) {
            network.card("hub:wan", "enp" + random.nextInt(2));
            network.sysctl("hub", "net.ipv4.conf.wan.arp_ignore", "" + random.nextInt(3));
            network.neighbour("hub:wan", "10.6.0.1", "02:00:00:00:00:0" + random.nextInt(3));
            network.route("hub", "10.5.0.0/16 via 10.6.0.1 dev wan");
        }
        if (random.nextInt(3) == 0) {
            network.policy("hub", "filter", "forward tcp dport " + (1 + random.nextInt(3)) + " drop");
        }
        if (random.nextInt(3) == 0) {
            network.sysctl("hub", "net.ipv4.ip_forward", "" + random.nextInt(2));
            network.route("hub", random.nextBoolean() ? "blackhole 10.4.0.0/16" : "prohibit 10.4.0.0/16");
        }
    }

    /** A container of others at a filtering switch, by a VLAN of its own. */
    private static NetworkBuilder withContainer(String container) {
        return new NetworkBuilder()
                .attached("web", container)
                .nodes("hub")
                .cable("web:lab0", "hub:p")
                .address("web:lab0", "10.0.0.1/24")
                .route("web", "10.1.0.0/16 via 10.0.0.9 dev lab0")
                .bridge("hub:br", true, 0)
                .port("hub:p", "br", "10 pvid untagged");
    }

    @Test
    void whatIsAttachedIsNeitherMadeNorDestroyed() {
        Network attached = withContainer("lxc:web1").build();

        assertThat(sentences(Network.EMPTY, attached))
                .contains("attach container lxc:web1 as node web", "create namespace hub (holder process)")
                .doesNotContain("create namespace web (holder process)");
        assertThat(sentences(attached, Network.EMPTY))
                .containsSubsequence("delete web:lab0", "let go of node web, which stays as it is (container lxc:web1)")
                .doesNotContain("destroy namespace web");
    }

    @Test
    void whatComesBackIsWiredAgainAndNothingElseIsTouched() {
        Network attached = withContainer("lxc:web1").build();
        Network whatIsLeft = attached.without(Set.of("web"));

        assertThat(whatIsLeft.nodes().get("hub").devices()).containsOnlyKeys(new InterfaceName("br"));
        assertThat(sentences(whatIsLeft, attached))
                .containsExactly(
                        "attach container lxc:web1 as node web",
                        "lay a cable web:lab0 - hub:p",
                        "make hub:p a port of br",
                        "admit VID 10 to hub:p (PVID, untagged)",
                        "add address 10.0.0.1/24 to web:lab0",
                        "bring up web:lab0",
                        "bring up hub:p",
                        "add route 10.1.0.0/16 via 10.0.0.9 dev lab0 to web");
    }

    @Test
    void anotherContainerIsAnotherNode() {
        assertThat(sentences(
                        withContainer("lxc:web1").build(),
                        withContainer("lxc:web2").build()))
                .containsSubsequence(
                        "delete web:lab0",
                        "let go of node web, which stays as it is (container lxc:web1)",
                        "attach container lxc:web2 as node web",
                        "lay a cable web:lab0 - hub:p");
    }

    /** The other ends, what sits on them, and what is said about them; no more. */
    @Test
    void whatIsMissingTakesAlongWhatCannotBeWithoutIt() {
        Network network = new NetworkBuilder()
                .attached("web", "lxc:web1")
                .nodes("router")
                .cable("web:lab0", "router:in")
                .subinterface("router:in.5", "in", 5)
                .macvlan("router:m", "router:in.5")
                .macvlan("router:n", "host:eth0")
                .cable("router:out", "router:back")
                .sysctl("router", "net.ipv4.ip_forward", "1")
                .sysctl("router", "net.ipv4.conf.in.arp_ignore", "1")
                .route("router", "10.1.0.0/16 dev in.5")
                .route("router", "10.2.0.0/16 dev out")
                .route("router", "blackhole 10.3.0.0/16")
                .neighbour("router:in", "10.0.0.1", "02:00:00:00:00:01")
                .build();

        Node router = network.without(Set.of("web")).nodes().get("router");

        assertThat(router.devices().keySet().stream().map(InterfaceName::value)).containsExactly("n", "out", "back");
        assertThat(router.settings().sysctls().keySet()).hasToString("[net.ipv4.ip_forward]");
        assertThat(router.settings().routes()).hasToString("[10.2.0.0/16 dev out, blackhole 10.3.0.0/16]");
        assertThat(router.settings().neighbours()).isEmpty();
        assertThat(network.without(Set.of())).isEqualTo(network);
    }

    private static Network draw(Network had, List<Operation> steps) {
        Sketch sketch = new Sketch(had);
        steps.forEach(step -> step.draw(sketch));
        NetworkBuilder empty = new NetworkBuilder();
        sketch.nodes().forEach(node -> empty.origin(node, sketch.origin(node).orElseThrow()));
        Map<String, Node> nodes = new LinkedHashMap<>(empty.build().nodes());
        for (Place place : sketch.places()) {
            nodes.computeIfPresent(place.node(), (name, node) -> {
                Map<InterfaceName, Device> devices = new LinkedHashMap<>(node.devices());
                devices.put(place.device(), sketch.device(place).orElseThrow());
                return node.withDevices(devices);
            });
        }
        return new Network(nodes)
                .map(node -> node.withSettings(new Settings(
                        sketch.sysctls(node.name()),
                        new LinkedHashSet<>(sketch.routes(node.name())),
                        new LinkedHashSet<>(sketch.neighbours(node.name())),
                        sketch.policies(node.name()),
                        sketch.tapHosts(node.name()))));
    }

    /**
     * After each step: a port that forwards under filtering has no VID that neither of the two networks gives it, and a bridge that filters in both never forwards
     * unfiltered.
     */
    private static void assertNobodyForwardsWithAWrongTable(Network had, Network wanted, List<Operation> steps) {
        Sketch sketch = new Sketch(had);
        for (Operation step : steps) {
            step.draw(sketch);
            for (Place place : sketch.places()) {
                Device device = sketch.device(place).orElseThrow();
                if (device.port().isEmpty() || !device.up()) {
                    continue;
                }
                Place bridge =
                        new Place(place.node(), device.port().orElseThrow().bridge());
                if (!sketch.isUp(bridge)) {
                    continue;
                }
                if (sketch.bridge(bridge).orElseThrow().vlanFiltering()) {
                    List<Integer> allowed = new ArrayList<>(vids(had, place));
                    allowed.addAll(vids(wanted, place));
                    assertThat(sketch.vlans(place).stream()
                                    .map(entry -> entry.vid().value()))
                            .as("%s after '%s'", place, step.sentence())
                            .isSubsetOf(allowed);
                } else {
                    assertThat(filters(had, bridge) && filters(wanted, bridge))
                            .as("%s unfiltered after '%s'", bridge, step.sentence())
                            .isFalse();
                }
            }
        }
    }

    private static List<Integer> vids(Network network, Place place) {
        return network.device(place).flatMap(Device::port).map(Device.Port::vlans).orElse(List.of()).stream()
                .map(VlanEntry::vid)
                .map(vid -> vid.value())
                .toList();
    }

    private static boolean filters(Network network, Place bridge) {
        return network.device(bridge)
                .map(Device::kind)
                .filter(kind -> kind instanceof Device.Bridge it && it.vlanFiltering())
                .isPresent();
    }

    private static Place place(String text) {
        return NetworkBuilder.place(text);
    }
}
