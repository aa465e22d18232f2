package io.netyard.kernel.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.routing.Route;
import io.netyard.kernel.NetlinkMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What real kernels answered, and what must be read from it. */
class RepliesTest {

    /** NUD_REACHABLE and NUD_FAILED, linux/neighbour.h. */
    private static final int REACHABLE = 0x02;

    private static final int FAILED = 0x20;

    @Test
    void linksAreReadInTheirOrder() {
        assertThat(LinkReply.listOf(Captured.messages("links.hex")))
                .extracting(LinkReply::name)
                .containsExactly("lo", "veth11", "veth21", "veth32", "veth31", "veth11.50", "brx");
    }

    /** The peer has index 2 as well, in the namespace that has id 0 here. */
    @Test
    void vethWithItsPeerInAnotherNamespace() {
        LinkReply veth = links().get("veth11");

        assertThat(veth.index()).isEqualTo(2);
        assertThat(veth.kind()).isEqualTo(LinkReply.VETH);
        assertThat(veth.link()).hasValue(2);
        assertThat(veth.linkNetnsid()).hasValue(0);
        assertThat(veth.mtu()).isEqualTo(1400);
        assertThat(veth.mac()).contains(MacAddress.parse("02:00:00:00:00:11"));
        assertThat(veth.alias()).contains("netyard:demo");
        assertThat(OwnerAlias.owner(veth.alias())).contains("demo");
        assertThat(veth.isUp()).isTrue();
        // The peer is down.
        assertThat(veth.hasCarrier()).isFalse();
        assertThat(veth.controller()).isEmpty();
        assertThat(veth.bridge()).isEmpty();
    }

    @Test
    void vethWithItsPeerHere() {
        LinkReply port = links().get("veth31");

        assertThat(port.link()).hasValue(links().get("veth32").index());
        assertThat(port.linkNetnsid()).isEmpty();
        assertThat(port.controller()).hasValue(links().get("brx").index());
        assertThat(port.hasCarrier()).isTrue();
        assertThat(port.alias()).isEmpty();
    }

    @Test
    void subinterface() {
        LinkReply vlan = links().get("veth11.50");

        assertThat(vlan.kind()).isEqualTo(LinkReply.VLAN);
        assertThat(vlan.vlan()).contains(new VlanId(50));
        assertThat(vlan.link()).hasValue(links().get("veth11").index());
        assertThat(vlan.linkNetnsid()).isEmpty();
    }

    @Test
    void bridge() {
        LinkReply bridge = links().get("brx");

        assertThat(bridge.isBridge()).isTrue();
        LinkReply.BridgeOptions options = bridge.bridge().orElseThrow();
        assertThat(options.vlanFiltering()).isTrue();
        assertThat(options.defaultPvid()).hasValue(0);
        assertThat(options.stp())
                .isEqualTo(new Bridge.Stp(
                        false, 32_768, Duration.ofSeconds(15), "8000.d60e2c3bb6d2", "8000.d60e2c3bb6d2", 0));
        assertThat(bridge.link()).isEmpty();
        assertThat(bridge.vlan()).isEmpty();
    }

    @Test
    void portOfABridge() {
        assertThat(links().get("veth31").port())
                .contains(new LinkReply.PortOptions(Bridge.PortState.FORWARDING, 2, 32));
        assertThat(links().get("veth11").port()).isEmpty();
    }

    @Test
    void bridgeOfAKernelWithoutVlanTables() {
        LinkReply bridge = LinkReply.listOf(Captured.messages("bridge-without-vlan-tables.hex"))
                .get(0);

        assertThat(bridge.isBridge()).isTrue();
        LinkReply.BridgeOptions options = bridge.bridge().orElseThrow();
        assertThat(options.vlanFiltering()).isFalse();
        assertThat(options.defaultPvid()).isEmpty();
        assertThat(options.stp().id()).isEqualTo("8000.ae6fdb21b689");
    }

    @Test
    void loopbackHasAKindAndNoMac() {
        LinkReply lo = links().get("lo");

        assertThat(lo.kind()).isEqualTo("loopback");
        assertThat(lo.mac()).isEmpty();
        assertThat(lo.mtu()).isEqualTo(65_536);
    }

    /** The kernel forbids little in a name; what InterfaceName forbids must not make everything else unreadable. */
    @Test
    void aNameThatCannotBeWrittenIsReplacedByTheIndex() {
        byte[] payload = Captured.messages("links.hex").get(1).payload();
        int name = indexOf(payload, "veth11");
        payload[name] = 1;
        LinkReply odd = LinkReply.of(new NetlinkMessage(LinkRequests.RTM_NEWLINK, 0, payload));

        assertThat(odd.interfaceName()).isEqualTo(new InterfaceName("?2"));
    }

    @Test
    void vlanTablesOfAPortAndOfTheBridge() {
        Map<Integer, List<VlanEntry>> tables = BridgeVlanReply.listOf(Captured.messages("bridge-vlans.hex")).stream()
                .collect(Collectors.toMap(BridgeVlanReply::index, BridgeVlanReply::vlans));

        assertThat(tables).containsOnlyKeys(5, 7);
        assertThat(tables.get(5).subList(0, 2))
                .containsExactly(new VlanEntry(new VlanId(10), true, true), new VlanEntry(new VlanId(20), false, true));
        assertThat(tables.get(5).subList(2, tables.get(5).size()))
                .containsExactlyElementsOf(IntStream.rangeClosed(100, 200)
                        .mapToObj(vid -> new VlanEntry(new VlanId(vid), false, false))
                        .toList());
        assertThat(tables.get(7)).containsExactly(new VlanEntry(new VlanId(10), false, false));
    }

    @Test
    void vlanTablesOfAKernelWithoutThemAreEmpty() {
        assertThat(BridgeVlanReply.listOf(Captured.messages("bridge-vlans-without-tables.hex")))
                .hasSize(2)
                .allSatisfy(table -> assertThat(table.vlans()).isEmpty());
    }

    @Test
    void forwardingDatabaseWithoutThePortsAddressFilters() {
        List<NeighbourReply> all = NeighbourReply.listOf(Captured.messages("fdb.hex"));
        List<NeighbourReply> entries =
                all.stream().filter(entry -> entry.isForwardingEntryOf(7)).toList();

        assertThat(all).hasSize(13);
        assertThat(entries).hasSize(5);
        assertThat(entries)
                .filteredOn(NeighbourReply::isLearned)
                .extracting(
                        entry -> entry.mac().orElseThrow().toString(),
                        entry -> entry.vlan().orElseThrow().value())
                .containsExactly(tuple("02:00:00:00:00:32", 10), tuple("32:35:bc:04:ba:b2", 10));
        // The port's own address holds in each of its VLANs and once without one.
        assertThat(entries).filteredOn(entry -> entry.vlan().isEmpty()).hasSize(1);
        assertThat(all).noneMatch(entry -> entry.isForwardingEntryOf(8));
    }

    @Test
    void neighbours() {
        List<NeighbourReply> all = NeighbourReply.listOf(Captured.messages("neighbours.hex"));

        NeighbourReply reachable = neighbour(all, "192.168.5.77");
        assertThat(reachable.index()).isEqualTo(4);
        assertThat(reachable.state()).isEqualTo(REACHABLE);
        assertThat(reachable.mac()).contains(MacAddress.parse("02:00:00:00:00:77"));
        NeighbourReply failed = neighbour(all, "192.168.5.9");
        assertThat(failed.state()).isEqualTo(FAILED);
        assertThat(failed.mac()).isEmpty();
        assertThat(neighbour(all, "fd00::77").state()).isEqualTo(NeighbourRequests.NUD_PERMANENT);
    }

    @Test
    void addressesOfBothFamilies() {
        List<AddressReply> all = AddressReply.listOf(Captured.messages("addresses.hex"));

        assertThat(all)
                .filteredOn(reply -> reply.index() <= 2)
                .extracting(AddressReply::address)
                .containsExactlyInAnyOrder(
                        IpPrefix.parse("127.0.0.1/8"),
                        IpPrefix.parse("::1/128"),
                        IpPrefix.parse("192.168.5.1/24"),
                        IpPrefix.parse("fd00::1/64"));
        assertThat(all).noneMatch(AddressReply::isTentative);
    }

    @Test
    void routesOfBothFamilies() {
        assertThat(texts("routes.hex"))
                .contains("192.168.5.0/24 dev #2 src 192.168.5.1 (2)", "fd99::/64 via fd00::77 dev #2 metric 1024 (3)");
    }

    /** As {@code ip route show} and {@code ip -6 route show} printed them; a route with two next hops is two replies. */
    @Test
    void routesOfAllKinds() {
        assertThat(texts("routes-of-all-kinds.hex"))
                .containsExactly(
                        "blackhole 10.0.0.0/8 (78)",
                        "10.9.0.0/16 via 192.168.5.77 dev #2 metric 50 src 192.168.5.1 (78)",
                        "10.10.0.0/16 via fd00::77 dev #2 (78)",
                        "10.11.0.0/16 via 192.168.5.77 dev #2 (3)",
                        "10.11.0.0/16 via 192.168.5.78 dev #2 (3)",
                        "prohibit 10.12.0.0/16 metric 7 (4)",
                        "192.168.5.0/24 dev #2 src 192.168.5.1 (2)",
                        "192.168.6.0/24 dev #2 (78)",
                        "192.168.7.9/32 dev #2 (78)",
                        "fd00::/64 dev #2 metric 256 (2)",
                        "unreachable fd98::/64 dev #1 metric 1024 (78)",
                        "fd99::/64 via fd00::77 dev #2 metric 1024 (78)",
                        "::/0 via fd00::78 dev #2 metric 5 (78)");
    }

    private static List<String> texts(String resource) {
        return RouteReply.listOf(Captured.messages(resource)).stream()
                .map(route -> (route.kind() == Route.Kind.UNICAST ? "" : route.kind() + " ")
                        + route.destination()
                        + route.gateway()
                                .map(via -> " via " + IpPrefix.text(via))
                                .orElse("")
                        + (route.index().isPresent() ? " dev #" + route.index().getAsInt() : "")
                        + (route.metric() > 0 ? " metric " + route.metric() : "")
                        + route.source()
                                .map(src -> " src " + IpPrefix.text(src))
                                .orElse("")
                        + " (" + route.protocol() + ")")
                .toList();
    }

    /** stp_state 1, priority 4096, forward_delay 400, bridge_id 1000.46:97:7a:42:5c:8d; priority 7 cost 42. */
    @Test
    void spanningTree() {
        List<LinkReply> links = LinkReply.listOf(Captured.messages("stp-and-tap.hex"));

        assertThat(links.get(0).bridge().orElseThrow().stp())
                .isEqualTo(
                        new Bridge.Stp(true, 4096, Duration.ofSeconds(4), "1000.46977a425c8d", "1000.46977a425c8d", 0));
        assertThat(links.get(1).port()).contains(new LinkReply.PortOptions(Bridge.PortState.FORWARDING, 42, 7));
    }

    /** The kernel says "tun" for both. */
    @Test
    void tap() {
        LinkReply tap = LinkReply.listOf(Captured.messages("stp-and-tap.hex")).get(2);

        assertThat(tap.name()).isEqualTo("tap11");
        assertThat(tap.kind()).isEqualTo(LinkReply.TAP);
    }

    /** Wherever a message is cut off, the rest of it is read and nothing is thrown. */
    @Test
    void messagesCutShortDoNoHarm() {
        for (String resource : List.of(
                "links.hex",
                "bridge-vlans.hex",
                "fdb.hex",
                "neighbours.hex",
                "addresses.hex",
                "routes.hex",
                "routes-of-all-kinds.hex",
                "stp-and-tap.hex")) {
            for (NetlinkMessage message : Captured.messages(resource)) {
                for (int length = 0; length < message.payload().length; length++) {
                    List<NetlinkMessage> cut = List.of(new NetlinkMessage(
                            message.type(), message.flags(), Arrays.copyOf(message.payload(), length)));
                    LinkReply.listOf(cut);
                    BridgeVlanReply.listOf(cut);
                    NeighbourReply.listOf(cut);
                    AddressReply.listOf(cut);
                    RouteReply.listOf(cut);
                }
            }
        }
    }

    private static Map<String, LinkReply> links() {
        return LinkReply.listOf(Captured.messages("links.hex")).stream()
                .collect(Collectors.toMap(LinkReply::name, Function.identity()));
    }

    private static NeighbourReply neighbour(List<NeighbourReply> all, String address) {
        return all.stream()
                .filter(entry -> entry.address().equals(Optional.of(IpPrefix.parseAddress(address))))
                .findFirst()
                .orElseThrow();
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }
}
