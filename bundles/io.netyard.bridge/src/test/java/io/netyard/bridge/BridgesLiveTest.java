package io.netyard.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.RequestException;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.bridge.FdbEntry;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.kernel.NamespaceThread;
import io.netyard.testing.Eventually;
import io.netyard.testing.Feature;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.LiveNamespace;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the running kernel; each test in a namespace of its own. What was done is checked with iproute2, not only with the code under test. */
@LiveKernel
class BridgesLiveTest {

    private static final String LAB = "demo";
    private static final InterfaceName BRX = new InterfaceName("brx");
    private static final InterfaceName PORT = new InterfaceName("veth13");

    private final FixedNamespaces namespaces = new FixedNamespaces();
    private final Bridges bridges = new NetlinkBridges(namespaces);
    private LiveNamespace netns3;

    @BeforeEach
    void makeNamespace() {
        netns3 = new LiveNamespace("netns3");
        namespaces.add(netns3);
    }

    @AfterEach
    void endNamespace() throws InterruptedException {
        netns3.close();
    }

    @Test
    void aNewBridgeIsDownWithoutPortsAndMarked() throws Exception {
        bridges.create(netns3.ref(), BRX, false, OptionalInt.empty(), LAB);

        Bridge made = brx();
        assertThat(made.name()).isEqualTo(BRX);
        assertThat(made.vlanFiltering()).isFalse();
        assertThat(made.ports()).isEmpty();
        assertThat(made.owner()).contains(LAB);
        assertThat(netns3.run("ip", "-d", "link", "show", "dev", "brx"))
                .contains("state DOWN", "stp_state 0", "alias netyard:demo");
    }

    @Test
    void foreignBridgesHaveNoOwner() throws Exception {
        netns3.run("ip", "link", "add", "brx", "type", "bridge");

        assertThat(brx().owner()).isEmpty();
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void filteringAndDefaultPvidAreSetFromTheStart() throws Exception {
        bridges.create(netns3.ref(), BRX, true, OptionalInt.of(0), LAB);

        assertThat(brx().vlanFiltering()).isTrue();
        assertThat(brx().defaultPvid()).isZero();
        assertThat(brx().self()).isEmpty();
        assertThat(netns3.run("ip", "-d", "link", "show", "dev", "brx"))
                .contains("vlan_filtering 1", "vlan_default_pvid 0");
        assertThat(netns3.run("bridge", "vlan", "show")).doesNotContain("brx");
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void theKernelsDefaultPvidIsOne() {
        bridges.create(netns3.ref(), BRX, true, OptionalInt.empty(), LAB);

        assertThat(brx().defaultPvid()).isEqualTo(1);
        assertThat(brx().self()).containsExactly(entry(1, true, true));
    }

    @Test
    void aNameThatIsTakenIsSaid() throws Exception {
        netns3.run("ip", "link", "add", "brx", "type", "bridge");

        assertThatThrownBy(() -> bridges.create(netns3.ref(), BRX, false, OptionalInt.empty(), LAB))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isPresent()).isTrue())
                .hasMessage("create the bridge brx in netns3: exists already");
        assertThat(brx().owner()).isEmpty();
    }

    /** IFALIASZ is 256: the bridge is there already when the kernel refuses the mark. */
    @Test
    void aBridgeThatCannotBeMarkedIsNotLeft() {
        assertThatThrownBy(() -> bridges.create(netns3.ref(), BRX, false, OptionalInt.empty(), "x".repeat(300)))
                .isInstanceOf(KernelException.class);
        assertThat(bridges.list(netns3.ref())).isEmpty();
    }

    @Test
    @LiveKernel(without = Feature.VLAN_FILTERING)
    void withoutFilteringInTheKernelTheWishIsRefusedAndNothingIsLeft() throws Exception {
        assertThatThrownBy(() -> bridges.create(netns3.ref(), BRX, true, OptionalInt.of(0), LAB))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("no bridge VLAN filtering")
                .hasMessageContaining("brx in netns3");
        assertThat(netns3.run("ip", "link", "show", "dev", "brx")).contains("does not exist");
    }

    @Test
    @LiveKernel(without = Feature.VLAN_FILTERING)
    void withoutFilteringInTheKernelThereAreNoTables() throws Exception {
        bridgeWithPort(false, OptionalInt.of(0));

        assertThat(brx().self()).isEmpty();
        assertThat(port().vlans()).isEmpty();
        assertThatThrownBy(() -> bridges.addVlans(netns3.ref(), PORT, vid(10), vid(10), true, true))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("add VID 10 to the VLAN table of veth13 in netns3: not supported by this kernel");
        assertThatThrownBy(() -> bridges.setVlanFiltering(netns3.ref(), BRX, true))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("brx in netns3");
    }

    @Test
    void portsComeAndGo() throws Exception {
        bridgeWithPort(false, OptionalInt.empty());

        assertThat(brx().ports()).extracting(Bridge.Port::name).containsExactly(PORT);
        assertThat(netns3.run("ip", "link", "show", "dev", "veth13")).contains("master brx");

        bridges.removePort(netns3.ref(), PORT);

        assertThat(brx().ports()).isEmpty();
        assertThat(netns3.run("ip", "link", "show", "dev", "veth13")).doesNotContain("master");
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void aNewPortGetsTheDefaultPvid() throws Exception {
        bridgeWithPort(true, OptionalInt.of(7));

        assertThat(port().vlans()).containsExactly(entry(7, true, true));
    }

    /** The old PVID stays in the table: only its role goes. */
    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void aNewPvidTakesTheRoleFromTheOldOne() throws Exception {
        bridgeWithPort(true, OptionalInt.empty());

        bridges.addVlans(netns3.ref(), PORT, vid(10), vid(10), true, true);

        assertThat(port().vlans()).containsExactly(entry(1, false, true), entry(10, true, true));
        assertThat(netns3.run("bridge", "vlan", "show", "dev", "veth13")).contains("10 PVID Egress Untagged");
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void addingAgainReplacesTheFlags() throws Exception {
        bridgeWithPort(true, OptionalInt.of(0));

        bridges.addVlans(netns3.ref(), PORT, vid(10), vid(10), true, true);
        bridges.addVlans(netns3.ref(), PORT, vid(10), vid(10), false, false);

        assertThat(port().vlans()).containsExactly(entry(10, false, false));
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void rangesAreAddedReadBackAndPartlyRemoved() throws Exception {
        bridgeWithPort(true, OptionalInt.of(0));

        bridges.addVlans(netns3.ref(), PORT, vid(100), vid(200), false, false);
        bridges.addVlans(netns3.ref(), PORT, vid(20), vid(20), false, true);
        assertThat(port().vlans())
                .hasSize(102)
                .startsWith(entry(20, false, true), entry(100, false, false))
                .endsWith(entry(200, false, false));

        bridges.removeVlans(netns3.ref(), PORT, vid(101), vid(199));
        assertThat(port().vlans())
                .containsExactly(entry(20, false, true), entry(100, false, false), entry(200, false, false));
        assertThat(netns3.run("bridge", "vlan", "show", "dev", "veth13"))
                .contains("200")
                .doesNotContain("150");
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void aPortCanHaveAllVids() throws Exception {
        bridgeWithPort(true, OptionalInt.of(0));

        bridges.addVlans(netns3.ref(), PORT, vid(VlanId.MIN), vid(VlanId.MAX), false, false);

        assertThat(port().vlans())
                .containsExactlyElementsOf(IntStream.rangeClosed(VlanId.MIN, VlanId.MAX)
                        .mapToObj(vid -> entry(vid, false, false))
                        .toList());
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void removingWhatIsNotThereIsNoError() throws Exception {
        bridgeWithPort(true, OptionalInt.of(0));

        bridges.removeVlans(netns3.ref(), PORT, vid(10), vid(12));

        assertThat(port().vlans()).isEmpty();
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void theBridgeHasATableOfItsOwn() throws Exception {
        bridgeWithPort(true, OptionalInt.of(0));
        bridges.addVlans(netns3.ref(), PORT, vid(20), vid(20), false, false);

        bridges.addVlans(netns3.ref(), BRX, vid(10), vid(10), true, true);
        bridges.addVlans(netns3.ref(), BRX, vid(30), vid(32), false, false);

        assertThat(brx().self())
                .containsExactly(
                        entry(10, true, true),
                        entry(30, false, false),
                        entry(31, false, false),
                        entry(32, false, false));
        assertThat(port().vlans()).containsExactly(entry(20, false, false));
        assertThat(netns3.run("bridge", "vlan", "show", "dev", "brx")).contains("10 PVID Egress Untagged");

        bridges.removeVlans(netns3.ref(), BRX, vid(10), vid(32));
        assertThat(brx().self()).isEmpty();
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void theDefaultPvidMovesPortsThatStillHaveIt() throws Exception {
        InterfaceName other = new InterfaceName("veth23");
        bridgeWithPort(true, OptionalInt.of(1));
        netns3.run("ip", "link", "add", "veth23", "type", "veth", "peer", "name", "veth22");
        bridges.addPort(netns3.ref(), BRX, other);
        bridges.addVlans(netns3.ref(), PORT, vid(10), vid(10), true, true);

        bridges.setDefaultPvid(netns3.ref(), BRX, 5);

        assertThat(brx().defaultPvid()).isEqualTo(5);
        assertThat(brx().ports().get(0).vlans()).contains(entry(10, true, true));
        assertThat(brx().ports().get(1).vlans()).containsExactly(entry(5, true, true));

        bridges.setDefaultPvid(netns3.ref(), BRX, 0);
        assertThat(brx().ports().get(1).vlans()).isEmpty();
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_FILTERING)
    void filteringCanBeSwitched() throws Exception {
        bridges.create(netns3.ref(), BRX, false, OptionalInt.empty(), LAB);

        bridges.setVlanFiltering(netns3.ref(), BRX, true);
        assertThat(netns3.run("ip", "-d", "link", "show", "dev", "brx")).contains("vlan_filtering 1");

        bridges.setVlanFiltering(netns3.ref(), BRX, false);
        assertThat(brx().vlanFiltering()).isFalse();
    }

    @Test
    void whatIsNoBridgeIsRefusedByName() throws Exception {
        bridgeWithPort(false, OptionalInt.empty());
        InterfaceName far = new InterfaceName("veth11");

        assertThatThrownBy(() -> bridges.addPort(netns3.ref(), PORT, far))
                .isInstanceOf(RequestException.class)
                .hasMessage("veth13 in netns3 is not a bridge but a veth");
        assertThatThrownBy(() -> bridges.addVlans(netns3.ref(), far, vid(10), vid(10), false, false))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("veth11 in netns3 has no VLAN table");
        assertThatThrownBy(() -> bridges.fdb(netns3.ref(), new InterfaceName("bry")))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isAbsent()).isTrue())
                .hasMessageContaining("bry in netns3: no such interface");
        assertThatThrownBy(() -> bridges.addVlans(netns3.ref(), PORT, vid(10), vid(11), true, false))
                .isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> bridges.removeVlans(netns3.ref(), PORT, vid(11), vid(10)))
                .isInstanceOf(RequestException.class);
    }

    @Test
    void aFrameIsLearnedAndForgotten() throws Exception {
        boolean filtering = bridges.supportsVlanFiltering();
        bridgeWithPort(filtering, OptionalInt.empty());
        if (filtering) {
            bridges.addVlans(netns3.ref(), PORT, vid(10), vid(10), true, true);
        }
        // Without an IPv6 address of its own it says nothing unasked, which would be learned again.
        netns3.run("ip", "link", "set", "veth11", "addrgenmode", "none");
        for (String device : List.of("brx", "veth13", "veth11")) {
            netns3.run("ip", "link", "set", device, "up");
        }
        netns3.run("ip", "link", "set", "veth11", "address", "02:00:00:00:00:11");
        netns3.run("ip", "addr", "add", "192.168.5.1/24", "broadcast", "192.168.5.255", "dev", "veth11");
        FdbEntry learned = new FdbEntry(
                MacAddress.parse("02:00:00:00:00:11"), PORT, filtering ? Optional.of(vid(10)) : Optional.empty(), true);

        broadcastFromInside();

        assertThat(bridges.fdb(netns3.ref(), BRX)).contains(learned);
        List<FdbEntry> permanent = bridges.fdb(netns3.ref(), BRX).stream()
                .filter(entry -> !entry.learned())
                .toList();
        assertThat(permanent)
                .isNotEmpty()
                // The address filters of the ports (multicast groups) are no forwarding entries.
                .allSatisfy(entry -> assertThat(entry.mac().isUnicast()).isTrue());

        bridges.flushFdb(netns3.ref(), BRX);

        assertThat(bridges.fdb(netns3.ref(), BRX)).isEqualTo(permanent);
        assertThat(netns3.run("bridge", "fdb", "show", "br", "brx")).doesNotContain("02:00:00:00:00:11");
    }

    @Test
    void fdbTellsOnlyOfTheBridgeAskedFor() throws Exception {
        bridgeWithPort(false, OptionalInt.empty());
        netns3.run("ip", "link", "add", "bry", "type", "bridge");
        netns3.run("ip", "link", "add", "veth68", "type", "veth", "peer", "name", "veth66");
        netns3.run("ip", "link", "set", "veth68", "master", "bry");

        assertThat(bridges.fdb(netns3.ref(), BRX)).extracting(FdbEntry::port).isSubsetOf(BRX, PORT);
        assertThat(bridges.fdb(netns3.ref(), new InterfaceName("bry")))
                .extracting(FdbEntry::port)
                .contains(new InterfaceName("veth68"));
    }

    private void bridgeWithPort(boolean vlanFiltering, OptionalInt defaultPvid) throws Exception {
        bridges.create(netns3.ref(), BRX, vlanFiltering, defaultPvid, LAB);
        netns3.run("ip", "link", "add", "veth13", "type", "veth", "peer", "name", "veth11");
        bridges.addPort(netns3.ref(), BRX, PORT);
    }

    /** An IPv4 broadcast needs no answer to ARP first. */
    private void broadcastFromInside() {
        NamespaceThread.call(netns3.ref(), () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setBroadcast(true);
                socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName("192.168.5.255"), 9));
            }
            return null;
        });
    }

    private Bridge brx() {
        return bridges.list(netns3.ref()).stream()
                .filter(bridge -> bridge.name().equals(BRX))
                .findFirst()
                .orElseThrow();
    }

    private Bridge.Port port() {
        return brx().ports().get(0);
    }

    private static VlanId vid(int value) {
        return new VlanId(value);
    }

    private static VlanEntry entry(int vid, boolean pvid, boolean untagged) {
        return new VlanEntry(vid(vid), pvid, untagged);
    }

    @Test
    void stpIsOffUnlessSwitchedOn() throws Exception {
        bridges.create(netns3.ref(), BRX, false, OptionalInt.empty(), LAB);
        assertThat(brx().stp().on()).isFalse();
        assertThat(brx().stp().priority()).isEqualTo(Bridge.Stp.DEFAULT_PRIORITY);
        assertThat(brx().stp().forwardDelay()).isEqualTo(Bridge.Stp.DEFAULT_FORWARD_DELAY);

        bridges.setStp(netns3.ref(), BRX, true);
        bridges.setForwardDelay(netns3.ref(), BRX, Duration.ofMillis(2_500));
        bridges.setPriority(netns3.ref(), BRX, 4_096);

        assertThat(netns3.run("ip", "-d", "link", "show", "dev", "brx"))
                .contains("stp_state 1 ", "forward_delay 250 ", "priority 4096 ");
        Bridge.Stp stp = brx().stp();
        assertThat(stp.on()).isTrue();
        assertThat(stp.forwardDelay()).isEqualTo(Duration.ofMillis(2_500));
        assertThat(stp.priority()).isEqualTo(4_096);
        assertThat(stp.id()).isEqualTo(idShownBy(netns3.run("ip", "-d", "link", "show", "dev", "brx")));
        assertThat(stp.rootId()).isEqualTo(stp.id());
        assertThat(stp.isRoot()).isTrue();

        bridges.setStp(netns3.ref(), BRX, false);

        assertThat(netns3.run("ip", "-d", "link", "show", "dev", "brx")).contains("stp_state 0 ");
    }

    @Test
    void forwardDelayAndPriorityHaveBounds() {
        bridges.create(netns3.ref(), BRX, false, OptionalInt.empty(), LAB);
        bridges.setForwardDelay(netns3.ref(), BRX, Duration.ZERO);
        assertThat(brx().stp().forwardDelay()).isZero();
        bridges.setStp(netns3.ref(), BRX, true);

        for (Duration delay : List.of(Duration.ofMillis(1_990), Duration.ofSeconds(31), Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> bridges.setForwardDelay(netns3.ref(), BRX, delay))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("2 to 30 seconds");
        }
        assertThatThrownBy(() -> bridges.setPriority(netns3.ref(), BRX, 65_536)).isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> bridges.setStp(netns3.ref(), new InterfaceName("lo"), true))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("is not a bridge");
    }

    /** Two bridges, two cables: the kernel's own protocol, in a namespace that is not the host's, opens the loop. */
    @Test
    void onePortOfALoopIsBlocking() throws Exception {
        InterfaceName bry = new InterfaceName("bry");
        bridges.create(netns3.ref(), BRX, false, OptionalInt.empty(), LAB);
        bridges.create(netns3.ref(), bry, false, OptionalInt.empty(), LAB);
        for (InterfaceName bridge : List.of(BRX, bry)) {
            bridges.setStp(netns3.ref(), bridge, true);
            bridges.setForwardDelay(netns3.ref(), bridge, Duration.ofSeconds(2));
        }
        bridges.setPriority(netns3.ref(), BRX, 4_096);
        for (String cable : List.of("1", "2")) {
            netns3.run("ip", "link", "add", "x" + cable, "type", "veth", "peer", "name", "y" + cable);
            bridges.addPort(netns3.ref(), BRX, new InterfaceName("x" + cable));
            bridges.addPort(netns3.ref(), bry, new InterfaceName("y" + cable));
        }
        assertThat(brx().ports()).allMatch(port -> port.state() == Bridge.PortState.DISABLED);

        for (String device : List.of("brx", "bry", "x1", "x2", "y1", "y2")) {
            netns3.run("ip", "link", "set", device, "up");
        }

        Eventually.holds("the tree stands", () -> states(bry)
                .equals(List.of(Bridge.PortState.FORWARDING, Bridge.PortState.BLOCKING)));
        Eventually.holds("the root forwards", () -> states(BRX)
                .equals(List.of(Bridge.PortState.FORWARDING, Bridge.PortState.FORWARDING)));
        assertThat(netns3.run("bridge", "link", "show", "dev", "y2")).contains("state blocking");
        Bridge other = bridge(bry);
        assertThat(brx().stp().isRoot()).isTrue();
        assertThat(other.stp().isRoot()).isFalse();
        assertThat(other.stp().rootId()).isEqualTo(brx().stp().id());
        assertThat(other.stp().rootPathCost()).isEqualTo(other.ports().get(0).pathCost());
        assertThat(netns3.run("bridge", "-d", "link", "show", "dev", "y1"))
                .contains("priority " + other.ports().get(0).priority() + " cost "
                        + other.ports().get(0).pathCost());
    }

    /** iproute2 prints the octets of the MAC address with colons and without leading zeros. */
    private static String idShownBy(String details) {
        String shown = details.replaceAll("(?s).* bridge_id (\\S+) .*", "$1");
        return shown.substring(0, 5)
                + Stream.of(shown.substring(5).split(":"))
                        .map(octet -> "%2s".formatted(octet).replace(' ', '0'))
                        .collect(Collectors.joining());
    }

    private List<Bridge.PortState> states(InterfaceName name) {
        return bridge(name).ports().stream().map(Bridge.Port::state).toList();
    }

    private Bridge bridge(InterfaceName name) {
        return bridges.list(netns3.ref()).stream()
                .filter(bridge -> bridge.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
