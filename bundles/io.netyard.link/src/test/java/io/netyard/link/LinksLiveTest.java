package io.netyard.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.VlanId;
import io.netyard.api.link.Link;
import io.netyard.api.link.LinkEnd;
import io.netyard.api.link.Links;
import io.netyard.api.link.MacvlanMode;
import io.netyard.testing.Eventually;
import io.netyard.testing.Feature;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.LiveNamespace;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the running kernel; each test in namespaces of its own. What was done is checked with iproute2, not only with the code under test. */
@LiveKernel
class LinksLiveTest {

    private static final String LAB = "demo";
    private static final InterfaceName VETH11 = new InterfaceName("veth11");
    private static final InterfaceName VETH13 = new InterfaceName("veth13");

    private final FixedNamespaces namespaces = new FixedNamespaces();
    private final Links links = new NetlinkLinks(namespaces);
    private LiveNamespace netns1;
    private LiveNamespace netns3;

    @BeforeEach
    void makeNamespaces() {
        netns1 = new LiveNamespace("netns1");
        netns3 = new LiveNamespace("netns3");
        namespaces.add(netns1);
        namespaces.add(netns3);
    }

    @AfterEach
    void endNamespaces() throws InterruptedException {
        netns1.close();
        netns3.close();
    }

    /** In a fresh namespace the first interface after lo has index 2: both ends get it, and IFLA_LINK alone would mean the end itself. */
    @Test
    void endsOfEqualIndexFindEachOtherAcrossNamespaces() throws Exception {
        createPair();

        Link here = link(netns1, VETH11);
        Link there = link(netns3, VETH13);

        assertThat(here.index()).isEqualTo(there.index());
        assertThat(here.lower())
                .contains(new Link.Lower(Optional.of(netns3.ref()), there.index(), Optional.of(VETH13)));
        assertThat(there.lower())
                .contains(new Link.Lower(Optional.of(netns1.ref()), here.index(), Optional.of(VETH11)));
        assertThat(netns1.run("ip", "-d", "link", "show", "dev", "veth11")).contains("veth", "mtu 1500");
        assertThat(netns3.run("ip", "-d", "link", "show", "dev", "veth13")).contains("veth", "mtu 1500");
    }

    @Test
    void aNewPairIsDownAndEmpty() {
        createPair();

        Link made = link(netns1, VETH11);

        assertThat(made.kind()).isEqualTo("veth");
        assertThat(made.mtu()).isEqualTo(1500);
        assertThat(made.up()).isFalse();
        assertThat(made.carrier()).isFalse();
        assertThat(made.addresses()).isEmpty();
        assertThat(made.controller()).isEmpty();
        assertThat(made.vlan()).isEmpty();
    }

    @Test
    void bothEndsCarryTheOwnerInTheirAlias() throws Exception {
        createPair();

        assertThat(link(netns1, VETH11).owner()).contains(LAB);
        assertThat(link(netns3, VETH13).owner()).contains(LAB);
        assertThat(netns1.run("ip", "link", "show", "dev", "veth11")).contains("alias netyard:demo");
        assertThat(netns3.run("ip", "link", "show", "dev", "veth13")).contains("alias netyard:demo");
    }

    /** IFALIASZ is 256: the pair is there already when the kernel refuses the mark. */
    @Test
    void aPairThatCannotBeMarkedIsNotLeft() {
        assertThatThrownBy(() ->
                        links.createVeth(end(netns1, VETH11), end(netns3, VETH13), Optional.empty(), "x".repeat(300)))
                .isInstanceOf(KernelException.class);
        assertThat(names(netns1)).containsExactly("lo");
        assertThat(names(netns3)).containsExactly("lo");
    }

    @Test
    void foreignInterfacesHaveNoOwnerWhateverTheyAreCalled() throws Exception {
        netns1.run("ip", "link", "add", "netyard0", "type", "veth", "peer", "name", "x0");
        netns1.run("ip", "link", "set", "x0", "alias", "uplink of netyard:demo");

        assertThat(link(netns1, new InterfaceName("netyard0")).owner()).isEmpty();
        assertThat(link(netns1, new InterfaceName("x0")).owner()).isEmpty();
    }

    @Test
    void aMacvlanIsBornInItsNamespaceThoughItsParentIsInAnother() throws Exception {
        createPair();
        LinkEnd end =
                new LinkEnd(netns3.ref(), new InterfaceName("mv0"), Optional.of(MacAddress.parse("02:00:00:00:00:01")));

        links.createMacvlan(netns1.ref(), VETH11, end, MacvlanMode.PRIVATE, LAB);

        assertThat(netns3.run("ip", "-d", "link", "show", "dev", "mv0"))
                .contains("macvlan mode private", "link/ether 02:00:00:00:00:01", "alias netyard:demo", "state DOWN");
        assertThat(names(netns1)).doesNotContain("mv0");
        Link made = link(netns3, end.name());
        assertThat(made.kind()).isEqualTo("macvlan");
        assertThat(made.macvlanMode()).contains(MacvlanMode.PRIVATE);
        assertThat(made.owner()).contains(LAB);
        assertThat(made.lower())
                .contains(new Link.Lower(
                        Optional.of(netns1.ref()), link(netns1, VETH11).index(), Optional.of(VETH11)));
    }

    @Test
    void macvlansOfEveryMode() throws Exception {
        for (MacvlanMode mode : MacvlanMode.values()) {
            createPair();
            InterfaceName name = new InterfaceName("mv0");

            links.createMacvlan(
                    netns1.ref(), VETH11, new LinkEnd(netns1.ref(), name, Optional.empty()), mode, Links.HAND_MADE);

            assertThat(netns1.run("ip", "-d", "link", "show", "dev", "mv0")).contains("macvlan mode " + mode);
            links.delete(netns1.ref(), VETH11);
            assertThat(names(netns1)).containsExactly("lo");
        }
    }

    @Test
    void macvlansThatCannotBeAreNotLeft() throws Exception {
        createPair();
        LinkEnd end = end(netns3, new InterfaceName("mv0"));

        assertThatThrownBy(() ->
                        links.createMacvlan(netns1.ref(), new InterfaceName("eth7"), end, MacvlanMode.BRIDGE, LAB))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("eth7 in netns1");
        assertThatThrownBy(() -> links.createMacvlan(netns1.ref(), VETH11, end, MacvlanMode.BRIDGE, "x".repeat(300)))
                .isInstanceOf(KernelException.class);
        assertThatThrownBy(
                        () -> links.createMacvlan(netns1.ref(), VETH11, end(netns3, VETH13), MacvlanMode.BRIDGE, LAB))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isPresent()).isTrue())
                .hasMessageContaining("veth13 in netns3");
        assertThat(names(netns3)).containsExactlyInAnyOrder("lo", "veth13");
    }

    @Test
    void aTapStaysWithoutACarrier() throws Exception {
        InterfaceName tap11 = new InterfaceName("tap11");

        links.createTap(netns1.ref(), tap11, Optional.of(MacAddress.parse("02:00:00:00:00:11")), LAB);
        links.setUp(netns1.ref(), tap11, true);

        assertThat(netns1.run("ip", "-d", "link", "show", "dev", "tap11"))
                .contains("tun type tap", "persist on", "02:00:00:00:00:11", "alias netyard:demo")
                .doesNotContain("LOWER_UP");
        Link made = link(netns1, tap11);
        assertThat(made.kind()).isEqualTo("tap");
        assertThat(made.up()).isTrue();
        assertThat(made.carrier()).isFalse();
        assertThat(made.owner()).contains(LAB);

        links.delete(netns1.ref(), tap11);

        assertThat(names(netns1)).containsExactly("lo");
    }

    @Test
    void tapsThatCannotBeAreNotLeft() throws Exception {
        createPair();

        for (InterfaceName taken : List.of(VETH11, new InterfaceName("lo"))) {
            assertThatThrownBy(() -> links.createTap(netns1.ref(), taken, Optional.empty(), LAB))
                    .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.isPresent())
                            .isTrue())
                    .hasMessageContaining(taken + " in netns1");
        }
        links.createTap(netns1.ref(), new InterfaceName("tap1"), Optional.empty(), LAB);
        assertThatThrownBy(() -> links.createTap(netns1.ref(), new InterfaceName("tap1"), Optional.empty(), LAB))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isPresent()).isTrue());
        assertThatThrownBy(() ->
                        links.createTap(netns1.ref(), new InterfaceName("tap2"), Optional.empty(), "x".repeat(300)))
                .isInstanceOf(KernelException.class);
        assertThat(names(netns1)).containsExactlyInAnyOrder("lo", "veth11", "tap1");
    }

    /** Two interfaces called x at the far ends: only indexes and namespace ids tell them apart. */
    @Test
    void endsAreNotFoundByName() throws Exception {
        InterfaceName x = new InterfaceName("x");
        InterfaceName y = new InterfaceName("y");
        try (LiveNamespace netns4 = new LiveNamespace("netns4")) {
            namespaces.add(netns4);
            netns4.run("ip", "link", "add", "filler0", "type", "veth", "peer", "name", "filler1");
            links.createVeth(end(netns1, x), end(netns3, x), Optional.empty(), LAB);
            links.createVeth(end(netns1, y), end(netns4, x), Optional.empty(), LAB);

            assertThat(link(netns1, x).lower().orElseThrow().netns()).contains(netns3.ref());
            assertThat(link(netns1, y).lower())
                    .contains(new Link.Lower(
                            Optional.of(netns4.ref()), link(netns4, x).index(), Optional.of(x)));
        }
    }

    @Test
    void anEndInANamespaceThatNobodyKnowsIsOnlyANumber() {
        createPair();
        namespaces.remove(netns3);

        Link.Lower lower = link(netns1, VETH11).lower().orElseThrow();

        assertThat(lower.index()).isEqualTo(2);
        assertThat(lower.netns()).isEmpty();
        assertThat(lower.name()).isEmpty();
    }

    @Test
    void bothEndsMayBeInOneNamespace() {
        links.createVeth(end(netns1, VETH11), end(netns1, VETH13), Optional.empty(), LAB);

        Link there = link(netns1, VETH13);

        assertThat(link(netns1, VETH11).lower())
                .contains(new Link.Lower(Optional.of(netns1.ref()), there.index(), Optional.of(VETH13)));
        assertThat(there.owner()).contains(LAB);
    }

    @Test
    void mtuAndMacAreThoseAskedForFromTheStart() throws Exception {
        MacAddress macA = MacAddress.parse("02:00:00:00:00:11");
        MacAddress macB = MacAddress.parse("02:00:00:00:00:13");
        links.createVeth(
                new LinkEnd(netns1.ref(), VETH11, Optional.of(macA)),
                new LinkEnd(netns3.ref(), VETH13, Optional.of(macB)),
                Optional.of(new Mtu(1400)),
                LAB);

        assertThat(link(netns1, VETH11).mac()).contains(macA);
        assertThat(link(netns3, VETH13).mac()).contains(macB);
        assertThat(netns3.run("ip", "link", "show", "dev", "veth13")).contains("mtu 1400", "02:00:00:00:00:13");
    }

    @Test
    void aNameThatIsTakenHereIsSaidAndNothingIsLeftThere() throws Exception {
        netns1.run("ip", "link", "add", "veth11", "type", "veth", "peer", "name", "other");

        assertThatThrownBy(this::createPair)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isPresent()).isTrue())
                .hasMessageContaining("veth11 in netns1: exists already");
        assertThat(links.list(netns3.ref())).extracting(Link::kind).containsExactly("loopback");
    }

    @Test
    void aNameThatIsTakenThereIsSaidAndNothingIsLeftHere() throws Exception {
        netns3.run("ip", "link", "add", "veth13", "type", "veth", "peer", "name", "other");

        assertThatThrownBy(this::createPair)
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("veth13 in netns3: exists already");
        assertThat(links.list(netns1.ref())).extracting(Link::kind).containsExactly("loopback");
    }

    @Test
    void anInterfaceThatIsNotThereIsNamedWithItsNamespace() {
        assertThatThrownBy(() -> links.delete(netns1.ref(), VETH11))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isAbsent()).isTrue())
                .hasMessage("delete veth11 in netns1: no such interface");
        assertThatThrownBy(() -> links.setUp(netns1.ref(), VETH11, true))
                .hasMessage("bring up veth11 in netns1: no such interface");
    }

    @Test
    void theKernelsOwnWordsComeThrough() {
        createPair();

        assertThatThrownBy(() -> links.setMac(netns1.ref(), VETH11, MacAddress.parse("01:00:5e:00:00:01")))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("set the MAC address of veth11 in netns1");
        assertThatThrownBy(() -> links.delete(netns1.ref(), new InterfaceName("lo")))
                .isInstanceOf(KernelException.class)
                .hasMessageStartingWith("delete lo in netns1");
    }

    @Test
    void carrierComesWhenBothEndsAreUp() throws Exception {
        createPair();

        links.setUp(netns1.ref(), VETH11, true);
        assertThat(link(netns1, VETH11).up()).isTrue();
        assertThat(link(netns1, VETH11).carrier()).isFalse();

        links.setUp(netns3.ref(), VETH13, true);
        assertThat(link(netns1, VETH11).carrier()).isTrue();
        assertThat(netns1.run("ip", "link", "show", "dev", "veth11")).contains("UP,LOWER_UP");

        links.setUp(netns1.ref(), VETH11, false);
        assertThat(link(netns1, VETH11).up()).isFalse();
    }

    @Test
    void mtuAndMacCanBeChanged() throws Exception {
        createPair();

        links.setMtu(netns1.ref(), VETH11, new Mtu(9000));
        links.setMac(netns1.ref(), VETH11, MacAddress.parse("02:00:00:00:00:99"));

        assertThat(netns1.run("ip", "link", "show", "dev", "veth11")).contains("mtu 9000", "02:00:00:00:00:99");
        assertThat(link(netns1, VETH11).mtu()).isEqualTo(9000);
    }

    /** RFC 4862, 5.4 would keep the IPv6 address tentative for a second or more. */
    @Test
    void addressesOfBothFamiliesAreUsableAtOnce() throws Exception {
        createPair();
        links.setUp(netns1.ref(), VETH11, true);
        links.setUp(netns3.ref(), VETH13, true);

        links.addAddress(netns1.ref(), VETH11, IpPrefix.parse("192.168.5.1/24"));
        links.addAddress(netns1.ref(), VETH11, IpPrefix.parse("fd00::1/64"));

        String shown = netns1.run("ip", "addr", "show", "dev", "veth11", "scope", "global");
        assertThat(shown).contains("inet 192.168.5.1/24", "inet6 fd00::1/64").doesNotContain("tentative");
        assertThat(link(netns1, VETH11).addresses())
                .contains(IpPrefix.parse("192.168.5.1/24"), IpPrefix.parse("fd00::1/64"));
    }

    @Test
    void addressesGoAndComeOnce() throws Exception {
        createPair();
        IpPrefix ipv4 = IpPrefix.parse("192.168.5.1/24");
        IpPrefix ipv6 = IpPrefix.parse("fd00::1/64");
        links.addAddress(netns1.ref(), VETH11, ipv4);
        links.addAddress(netns1.ref(), VETH11, ipv6);

        assertThatThrownBy(() -> links.addAddress(netns1.ref(), VETH11, ipv4))
                .hasMessageContaining("add address 192.168.5.1/24 to veth11 in netns1: exists already");
        links.removeAddress(netns1.ref(), VETH11, ipv4);
        links.removeAddress(netns1.ref(), VETH11, ipv6);

        assertThat(netns1.run("ip", "addr", "show", "dev", "veth11", "scope", "global"))
                .doesNotContain("inet");
        assertThatThrownBy(() -> links.removeAddress(netns1.ref(), VETH11, ipv4))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isAbsent()).isTrue());
    }

    @Test
    void deletingOneEndDeletesTheOther() throws Exception {
        createPair();

        links.delete(netns1.ref(), VETH11);

        assertThat(netns1.run("ip", "link", "show", "dev", "veth11")).contains("does not exist");
        assertThat(netns3.run("ip", "link", "show", "dev", "veth13")).contains("does not exist");
    }

    /** Had a call left a socket open, the namespace would live on, and the pair with it. */
    @Test
    void listingDoesNotKeepANamespaceAlive() throws Exception {
        createPair();
        links.list(netns1.ref());
        links.list(netns3.ref());

        netns3.close();

        Eventually.holds("the pair ends with the namespace", () -> names(netns1).equals(List.of("lo")));
    }

    @Test
    void listIsInOrderOfIndexAndStartsWithTheLoopback() {
        createPair();
        links.createVeth(
                end(netns1, new InterfaceName("a")), end(netns3, new InterfaceName("b")), Optional.empty(), LAB);

        assertThat(names(netns1)).containsExactly("lo", "veth11", "a");
        Link lo = links.list(netns1.ref()).get(0);
        assertThat(lo.kind()).isEqualTo("loopback");
        assertThat(lo.mac()).isEmpty();
        assertThat(lo.lower()).isEmpty();
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_8021Q)
    void aSubinterfaceLeadsToItsParentAndCarriesVidAndOwner() throws Exception {
        createPair();
        InterfaceName name = new InterfaceName("veth11.50");

        links.createVlan(netns1.ref(), VETH11, name, new VlanId(50), LAB);

        Link made = link(netns1, name);
        assertThat(made.kind()).isEqualTo("vlan");
        assertThat(made.vlan()).contains(new VlanId(50));
        assertThat(made.lower())
                .contains(new Link.Lower(
                        Optional.of(netns1.ref()), link(netns1, VETH11).index(), Optional.of(VETH11)));
        assertThat(made.owner()).contains(LAB);
        assertThat(netns1.run("ip", "-d", "link", "show", "dev", "veth11.50"))
                .contains("vlan protocol 802.1Q id 50", "alias netyard:demo");
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_8021Q)
    void aVidIsGivenToOneSubinterfaceOfAParent() {
        createPair();
        links.createVlan(netns1.ref(), VETH11, new InterfaceName("v50"), new VlanId(50), LAB);

        assertThatThrownBy(() -> links.createVlan(netns1.ref(), VETH11, new InterfaceName("v50b"), new VlanId(50), LAB))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isPresent()).isTrue());
        assertThat(names(netns1)).containsExactly("lo", "veth11", "v50");
    }

    @Test
    @LiveKernel(without = Feature.VLAN_8021Q)
    void withoutSubinterfacesInTheKernelTheRefusalSaysSo() {
        createPair();

        assertThatThrownBy(() -> links.createVlan(netns1.ref(), VETH11, new InterfaceName("v50"), new VlanId(50), LAB))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("v50 in netns1: not supported by this kernel");
        assertThat(names(netns1)).containsExactly("lo", "veth11");
    }

    private void createPair() {
        links.createVeth(end(netns1, VETH11), end(netns3, VETH13), Optional.empty(), LAB);
    }

    private static LinkEnd end(LiveNamespace namespace, InterfaceName name) {
        return new LinkEnd(namespace.ref(), name, Optional.empty());
    }

    private Link link(LiveNamespace namespace, InterfaceName name) {
        return links.list(namespace.ref()).stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> names(LiveNamespace namespace) {
        return links.list(namespace.ref()).stream()
                .map(link -> link.name().value())
                .toList();
    }
}
