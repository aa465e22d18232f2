package io.netyard.firewall.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.firewall.FirewallBackend.Loaded;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.bridge.NetlinkBridges;
import io.netyard.testing.Feature;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.LiveNamespace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two members and what is between them: a bridge or a router. What comes through is tried with real packets. */
@LiveKernel(needs = Feature.NFTABLES_BRIDGE)
class NftablesLiveTest {

    private final FixedNamespaces namespaces = new FixedNamespaces();
    private final FirewallBackend nftables = new NftablesBackend(namespaces, new NetlinkBridges(namespaces));
    private final List<LiveNamespace> all = new ArrayList<>();
    private LiveNamespace left;
    private LiveNamespace middle;
    private LiveNamespace right;

    @BeforeEach
    void connect() throws Exception {
        left = make("left");
        middle = make("middle");
        right = make("right");
        cable(left, "l", "ml");
        cable(right, "r", "mr");
    }

    private LiveNamespace make(String name) {
        LiveNamespace made = new LiveNamespace(name);
        namespaces.add(made);
        all.add(made);
        return made;
    }

    private void cable(LiveNamespace member, String end, String port) throws Exception {
        ip(middle, "link add %s type veth peer name %s netns %s".formatted(port, end, path(member.ref())));
        ip(middle, "link set dev %s up".formatted(port));
        ip(member, "link set dev %s up".formatted(end));
    }

    /** ip(8) takes a pid or the path of a namespace. */
    private static String path(NetnsRef netns) {
        return netns.net().toString();
    }

    @AfterEach
    void end() throws Exception {
        for (LiveNamespace namespace : all) {
            namespace.close();
        }
    }

    private static void ip(LiveNamespace where, String words) throws Exception {
        assertThat(where.run(("ip " + words).split(" "))).isEmpty();
    }

    private void bridge() throws Exception {
        ip(middle, "link add brx type bridge mcast_snooping 0");
        ip(middle, "link set dev ml master brx");
        ip(middle, "link set dev mr master brx");
        ip(middle, "link set dev brx up");
        ip(left, "addr add 10.0.0.1/24 dev l");
        ip(left, "addr add 10.0.0.11/24 dev l");
        ip(right, "addr add 10.0.0.2/24 dev r");
    }

    private void router() throws Exception {
        ip(left, "addr add 10.0.1.1/24 dev l");
        ip(left, "route add default via 10.0.1.254");
        ip(middle, "addr add 10.0.1.254/24 dev ml");
        ip(middle, "addr add 10.0.2.254/24 dev mr");
        ip(right, "addr add 10.0.2.1/24 dev r");
        ip(right, "route add default via 10.0.2.254");
        middle.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
        assertThat(ping(left, "10.0.2.1")).isTrue();
    }

    /** Three tries: the first ones may wait for a neighbour. */
    private static boolean ping(LiveNamespace from, String to, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("ping", "-n", "-q", "-c", "3", "-i", "0.2", "-W", "1"));
        words.addAll(List.of(more));
        words.add(to);
        String printed = from.run(words.toArray(String[]::new));
        assertThat(printed).contains(" received");
        return !printed.contains(" 0 received");
    }

    private Policy link(String... lines) {
        List<String> all = new ArrayList<>(List.of("policy guard", "layer link", "bridge brx"));
        all.addAll(List.of(lines));
        return Policy.parse(all);
    }

    private static Policy network(String... lines) {
        List<String> all = new ArrayList<>(List.of("policy guard", "layer network"));
        all.addAll(List.of(lines));
        return Policy.parse(all);
    }

    private void load(Policy policy) {
        assertThat(nftables.objection(middle.ref(), policy)).isEmpty();
        nftables.load(middle.ref(), policy);
        assertThat(nftables.loaded(middle.ref()))
                .anySatisfy(loaded -> assertThat(loaded.fingerprint()).isEqualTo(policy.fingerprint()));
    }

    @Test
    void framesOnABridgeAreDroppedAndCounted() throws Exception {
        bridge();
        assertThat(ping(left, "10.0.0.2")).isTrue();

        load(link("rule ingress in ml source not 10.0.0.1 drop"));
        assertThat(ping(left, "10.0.0.2", "-I", "10.0.0.1")).isTrue();
        assertThat(ping(left, "10.0.0.2", "-I", "10.0.0.11")).isFalse();
        assertThat(nftables.loaded(middle.ref()).get(0).counts().get(0).packets())
                .isEqualTo(3);

        nftables.unload(middle.ref(), Layer.LINK, "guard");
        assertThat(ping(left, "10.0.0.2", "-I", "10.0.0.11")).isTrue();
        assertThat(middle.run("nft", "list", "tables")).isEmpty();
        nftables.unload(middle.ref(), Layer.LINK, "guard");
    }

    @Test
    void theRestIsDropped() throws Exception {
        bridge();
        load(link("rule forward arp accept", "rule forward icmp accept", "otherwise forward drop"));
        assertThat(ping(left, "10.0.0.2")).isTrue();

        load(link("rule forward arp accept", "otherwise forward drop"));
        assertThat(ping(left, "10.0.0.2")).isFalse();
        assertThat(right.run("ip", "neigh", "show")).contains("10.0.0.1 dev r lladdr");
    }

    /** Every namespace is like that once the kernel has br_netfilter, until somebody changes it. */
    @Test
    void bridgedPacketsThatTakeTheWayThroughTheIpHooksAreSeenToo() throws Exception {
        bridge();
        assumeTrue(
                middle.run("sysctl", "-w", "net.bridge.bridge-nf-call-iptables=1")
                        .contains("= 1"),
                "needs br_netfilter: runs on a kernel that has it");
        load(link("rule forward icmp drop"));
        assertThat(ping(left, "10.0.0.2")).isFalse();
    }

    @Test
    void arpThatLiesAboutItsSenderIsDropped() throws Exception {
        bridge();
        load(link("rule ingress in ml arp-source not 10.0.0.1 drop"));
        left.run("arping", "-c", "2", "-w", "2", "-I", "l", "-s", "10.0.0.11", "10.0.0.2");
        assertThat(right.run("ip", "neigh", "show")).doesNotContain("10.0.0.11");
        assertThat(ping(left, "10.0.0.2", "-I", "10.0.0.1")).isTrue();
    }

    @Test
    void neighbourDiscoveryThatLiesIsDropped() throws Exception {
        bridge();
        ip(left, "addr add fd00::1/64 dev l nodad");
        ip(left, "addr add fd00::11/64 dev l nodad");
        ip(right, "addr add fd00::2/64 dev r nodad");
        load(link("rule ingress in ml nd-target not fd00::1,fe80::/10,fd00::2 drop"));
        assertThat(ping(right, "fd00::1")).isTrue();
        assertThat(ping(right, "fd00::11")).isFalse();
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_8021Q)
    void taggedFramesAreFoundAndSeenInto() throws Exception {
        bridge();
        ip(left, "link add link l name l.30 type vlan id 30");
        ip(left, "link set dev l.30 up");
        ip(left, "addr add 10.0.30.1/24 dev l.30");
        ip(right, "link add link r name r.30 type vlan id 30");
        ip(right, "link set dev r.30 up");
        ip(right, "addr add 10.0.30.2/24 dev r.30");
        assertThat(ping(left, "10.0.30.2")).isTrue();

        load(link("rule ingress in ml source 10.0.30.1 drop"));
        assertThat(ping(left, "10.0.30.2")).as("an address behind a tag").isFalse();

        load(link("rule ingress in ml tagged ipv4 drop"));
        assertThat(ping(left, "10.0.30.2")).as("tagged IPv4").isFalse();
        assertThat(ping(left, "10.0.0.2")).as("untagged IPv4").isTrue();

        right.run("ip", "neigh", "flush", "dev", "r.30");
        load(link("rule ingress in ml tagged drop"));
        assertThat(ping(left, "10.0.30.2")).as("whatever has a tag").isFalse();
        assertThat(ping(left, "10.0.0.2")).isTrue();
        assertThat(right.run("ip", "neigh", "show", "dev", "r.30")).doesNotContain("lladdr");

        nftables.unload(middle.ref(), Layer.LINK, "guard");
        assertThat(ping(left, "10.0.30.2")).isTrue();
        load(link("rule forward tagged drop"));
        assertThat(ping(left, "10.0.30.2")).as("on the way out").isFalse();
        assertThat(ping(left, "10.0.0.2")).isTrue();
    }

    @Test
    @LiveKernel(needs = Feature.VLAN_8021Q)
    void twoTagsAndServiceTagsAreTagsToo() throws Exception {
        bridge();
        for (String way : List.of("802.1ad", "802.1Q")) {
            String[] ends = {"l", "r"};
            LiveNamespace[] where = {left, right};
            for (int i = 0; i < 2; i++) {
                ip(where[i], "link add link %1$s name %1$s.40 type vlan proto %2$s id 40".formatted(ends[i], way));
                ip(where[i], "link set dev %s.40 up".formatted(ends[i]));
                ip(where[i], "link add link %1$s.40 name %1$s.50 type vlan id 50".formatted(ends[i]));
                ip(where[i], "link set dev %s.50 up".formatted(ends[i]));
                ip(where[i], "addr add 10.0.50.%d/24 dev %s.50".formatted(i + 1, ends[i]));
            }
            assertThat(ping(left, "10.0.50.2")).isTrue();
            load(link("rule ingress in ml tagged drop"));
            assertThat(ping(left, "10.0.50.2")).as(way).isFalse();
            nftables.unload(middle.ref(), Layer.LINK, "guard");
            ip(left, "link del l.40");
            ip(right, "link del r.40");
        }
    }

    @Test
    void severalBridgesAreKeptApartOrObjectedTo() throws Exception {
        bridge();
        Policy everywhere = link("otherwise forward drop");
        assertThat(nftables.objection(middle.ref(), everywhere)).isEmpty();

        ip(middle, "link add bry type bridge");
        nftables.objection(middle.ref(), everywhere)
                .ifPresentOrElse(
                        objection -> assertThat(objection).contains("bry besides brx"),
                        () -> assertThat(nftables.render(everywhere).toString()).contains("meta ibrname"));
        assertThat(nftables.objection(middle.ref(), link("rule ingress in ml tagged drop")))
                .isEmpty();
    }

    @Test
    void whatSomebodyChangedByHandIsSeen() throws Exception {
        bridge();
        load(link("rule ingress in ml tagged drop", "rule ingress in mr tagged drop"));
        middle.run("nft", "add rule bridge netyard-guard ingress accept");
        Loaded changed = nftables.loaded(middle.ref()).get(0);
        assertThat(changed.fingerprint()).isEqualTo("changed");
    }

    @Test
    void foreignTablesStayAsTheyAre() throws Exception {
        bridge();
        middle.run(
                "nft",
                "table bridge mine { chain c { type filter hook forward priority 5; ip saddr 10.9.9.9 counter drop; }; }");
        String before = middle.run("nft", "--handle", "list", "table", "bridge", "mine");
        load(link("rule ingress in ml tagged drop"));
        load(link("rule ingress in mr tagged drop"));
        nftables.unload(middle.ref(), Layer.LINK, "guard");

        assertThat(middle.run("nft", "--handle", "list", "table", "bridge", "mine"))
                .isEqualTo(before)
                .contains("10.9.9.9");
    }

    @Test
    @LiveKernel(needs = Feature.NFTABLES_INET)
    void routedPacketsAreFilteredRejectedAndTracked() throws Exception {
        router();
        load(network(
                "rule forward state established,related accept",
                "rule forward in ml out mr icmp type 8 accept",
                "otherwise forward drop"));
        assertThat(ping(left, "10.0.2.1")).isTrue();
        assertThat(ping(right, "10.0.1.1")).isFalse();

        load(network("rule forward in ml reject"));
        assertThat(left.run("ping", "-n", "-c", "1", "-W", "1", "10.0.2.1")).contains("Destination Port Unreachable");

        load(network("rule input in ml drop"));
        assertThat(ping(left, "10.0.1.254")).isFalse();
        assertThat(ping(left, "10.0.2.1")).isTrue();
        nftables.unload(middle.ref(), Layer.NETWORK, "guard");
        assertThat(ping(left, "10.0.1.254")).isTrue();
    }

    @Test
    @LiveKernel(needs = Feature.NFTABLES_INET)
    void addressesAreTranslated() throws Exception {
        router();
        ip(right, "route del default");
        assertThat(ping(left, "10.0.2.1")).isFalse();
        load(Policy.parse(List.of(
                "policy out",
                "layer nat",
                "rule postrouting out mr source 10.0.1.0/24 masquerade",
                "rule prerouting in mr icmp dnat 10.0.1.1")));
        assertThat(ping(left, "10.0.2.1")).isTrue();
        assertThat(nftables.loaded(middle.ref()).get(0).counts().get(0).packets())
                .isPositive();
        assertThat(left.run("ip", "neigh", "flush", "all")).isEmpty();
        load(network("rule input drop"));
        assertThat(ping(right, "10.0.2.254")).as("answered by left").isTrue();
    }

    @Test
    void aRefusalIsOneLineAndLeavesNothing() throws Exception {
        bridge();
        load(link("rule ingress in ml tagged drop"));
        Nft nft = new Nft(namespaces);
        String before = middle.run("nft", "list", "ruleset");
        assertThatThrownBy(
                        () -> nft.execute(
                                middle.ref(),
                                "load policy guard",
                                Tables.removal(Layer.LINK, "guard")
                                        + "table bridge netyard-guard {\n chain c {\n meta ibrname \"x\" ip saddr accept\n }\n}\n"))
                .isInstanceOf(RequestException.class)
                .hasMessageStartingWith("middle: nft refuses to load policy guard: ")
                .hasMessageNotContaining("\n");
        assertThat(middle.run("nft", "list", "ruleset")).isEqualTo(before);
    }
}
