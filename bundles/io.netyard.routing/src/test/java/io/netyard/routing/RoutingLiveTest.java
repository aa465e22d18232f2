package io.netyard.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.RequestException;
import io.netyard.api.routing.Neighbour;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.RouteEntry;
import io.netyard.api.routing.Routing;
import io.netyard.api.routing.SysctlName;
import io.netyard.testing.Eventually;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.LiveNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On the running kernel; what was done is checked with iproute2 and /proc, and what is read was made by them. */
@LiveKernel
class RoutingLiveTest {

    private static final InterfaceName VETH11 = new InterfaceName("veth11");
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:77");

    private final FixedNamespaces namespaces = new FixedNamespaces();
    private final Routing routing = new NetlinkRouting(namespaces);
    private LiveNamespace netns1;

    @BeforeEach
    void makeNamespace() throws Exception {
        netns1 = new LiveNamespace("netns1");
        namespaces.add(netns1);
        netns1.run("ip", "link", "add", "veth11", "type", "veth", "peer", "name", "veth99.20");
        netns1.run("ip", "addr", "add", "192.168.5.1/24", "dev", "veth11");
        netns1.run("ip", "addr", "add", "fd00::1/64", "dev", "veth11", "nodad");
        netns1.run("ip", "link", "set", "veth11", "up");
        netns1.run("ip", "link", "set", "veth99.20", "up");
        // Until then the kernel goes on adding routes of its own.
        Eventually.holds("both interfaces have a carrier and their link-local routes", () -> {
            String routes = netns1.run("ip", "-6", "route", "show");
            return !routes.contains("linkdown") && routes.split("fe80::/64", -1).length == 3;
        });
    }

    @AfterEach
    void endNamespace() throws InterruptedException {
        netns1.close();
    }

    /** What is asked for, and what {@code ip route show} then prints. */
    @ParameterizedTest
    @CsvSource({
        "default via 192.168.5.254, -4, default via 192.168.5.254 dev veth11 proto 78",
        "192.168.6.0/24 dev veth99.20, -4, 192.168.6.0/24 dev veth99.20 proto 78 scope link",
        "192.168.6.9/32 dev veth99.20, -4, 192.168.6.9 dev veth99.20 proto 78 scope link",
        "10.9.0.0/16 via 192.168.5.77 dev veth11 metric 50 src 192.168.5.1, -4, 10.9.0.0/16 via 192.168.5.77 dev veth11 proto 78 src 192.168.5.1 metric 50",
        "10.10.0.0/16 via inet6 fd00::77 dev veth11, -4, 10.10.0.0/16 via inet6 fd00::77 dev veth11 proto 78",
        "blackhole 10.0.0.0/8, -4, blackhole 10.0.0.0/8 proto 78",
        "unreachable default, -4, unreachable default proto 78",
        "prohibit 10.12.0.0/16 metric 7, -4, prohibit 10.12.0.0/16 proto 78 metric 7",
        "default via fd00::fe, -6, default via fd00::fe dev veth11 proto 78 metric 1024",
        "fd06::/64 dev veth99.20, -6, fd06::/64 dev veth99.20 proto 78 metric 1024",
        "fd06::9/128 dev veth99.20 metric 5, -6, fd06::9 dev veth99.20 proto 78 metric 5",
        "fd09::/64 via fd00::77 src fd00::1, -6, fd09::/64 via fd00::77 dev veth11 proto 78 src fd00::1 metric 1024",
        "blackhole fd10::/16, -6, blackhole fd10::/16 dev lo proto 78 metric 1024",
        "default via fe80::77 dev veth11, -6, default via fe80::77 dev veth11 proto 78 metric 1024",
    })
    void routesComeAndGo(String text, String family, String printed) throws Exception {
        Route route = Route.parse(text);
        String before = netns1.run("ip", family, "route", "show");

        routing.addRoute(netns1.ref(), route);

        assertThat(lines(netns1.run("ip", family, "route", "show"))).anyMatch(line -> line.startsWith(printed));
        assertThat(routing.routes(netns1.ref()))
                .filteredOn(RouteEntry::isNetyards)
                .singleElement()
                .matches(entry -> route.isMetBy(entry.route()), "is what was asked for");

        routing.removeRoute(netns1.ref(), route);

        assertThat(netns1.run("ip", family, "route", "show")).isEqualTo(before);
    }

    @Test
    void theWholeMainTableIsTold() throws Exception {
        netns1.run("ip", "route", "add", "default", "via", "192.168.5.254", "proto", "static");
        netns1.run("ip", "route", "add", "10.13.0.0/16", "dev", "veth11", "table", "100");
        netns1.run(
                "ip",
                "route",
                "add",
                "10.11.0.0/16",
                "nexthop",
                "via",
                "192.168.5.77",
                "nexthop",
                "via",
                "192.168.5.78");
        netns1.run("ip", "-6", "route", "add", "unreachable", "fd98::/64");

        assertThat(routing.routes(netns1.ref()))
                .extracting(entry -> entry.route() + " " + entry.origin())
                .filteredOn(text -> !text.startsWith("fe80"))
                .containsExactlyInAnyOrder(
                        "default via 192.168.5.254 dev veth11 static",
                        "10.11.0.0/16 via 192.168.5.77 dev veth11 boot",
                        "10.11.0.0/16 via 192.168.5.78 dev veth11 boot",
                        "192.168.5.0/24 dev veth11 src 192.168.5.1 kernel",
                        "fd00::/64 dev veth11 metric 256 kernel",
                        "unreachable fd98::/64 boot");
    }

    /** Without a metric the kernel would delete any of them. */
    @Test
    void theRouteOfThatMetricIsRemovedAndNoOther() throws Exception {
        netns1.run("ip", "route", "add", "10.0.0.0/8", "dev", "veth11", "metric", "50");
        netns1.run("ip", "-6", "route", "add", "fd10::/16", "dev", "veth11", "metric", "50");

        assertThatThrownBy(() -> routing.removeRoute(netns1.ref(), Route.parse("10.0.0.0/8 dev veth11")))
                .isInstanceOf(RequestException.class)
                .hasMessage("there is no route '10.0.0.0/8 dev veth11' in netns1");
        assertThatThrownBy(() -> routing.removeRoute(netns1.ref(), Route.parse("fd10::/16 dev veth11")))
                .isInstanceOf(RequestException.class);
        assertThat(netns1.run("ip", "route", "show")).contains("10.0.0.0/8 dev veth11 scope link metric 50");

        routing.removeRoute(netns1.ref(), Route.parse("10.0.0.0/8 dev veth11 metric 50"));
        routing.removeRoute(netns1.ref(), Route.parse("fd10::/16 dev veth11 metric 50"));

        assertThat(netns1.run("ip", "route", "show")).doesNotContain("10.0.0.0/8");
        assertThat(netns1.run("ip", "-6", "route", "show")).doesNotContain("fd10::/16");
    }

    @Test
    void refusalsAreTheKernelsOwnAndNameTheNamespace() {
        assertThatThrownBy(() -> routing.addRoute(netns1.ref(), Route.parse("10.0.0.0/8 via 172.16.0.1")))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("add route '10.0.0.0/8 via 172.16.0.1' in netns1")
                .hasMessageContaining("Nexthop has invalid gateway");
        assertThatThrownBy(() -> routing.addRoute(netns1.ref(), Route.parse("10.0.0.0/8 dev nowhere")))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("nowhere in netns1");
        routing.addRoute(netns1.ref(), Route.parse("blackhole 10.0.0.0/8"));
        assertThatThrownBy(() -> routing.addRoute(netns1.ref(), Route.parse("10.0.0.0/8 dev veth11")))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isPresent()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.5.77", "fd00::77"})
    void neighboursAreSetReadAndRemoved(String address) throws Exception {
        routing.setNeighbour(netns1.ref(), VETH11, IpPrefix.parseAddress(address), MAC);

        assertThat(netns1.run("ip", "neigh", "show"))
                .contains(address + " dev veth11 lladdr 02:00:00:00:00:77 PERMANENT");
        assertThat(routing.neighbours(netns1.ref()))
                .contains(new Neighbour(
                        IpPrefix.parseAddress(address), VETH11, Optional.of(MAC), Neighbour.State.PERMANENT));

        routing.removeNeighbour(netns1.ref(), VETH11, IpPrefix.parseAddress(address));

        assertThat(netns1.run("ip", "neigh", "show")).doesNotContain(address);
        assertThatThrownBy(() -> routing.removeNeighbour(netns1.ref(), VETH11, IpPrefix.parseAddress(address)))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isAbsent()).isTrue());
    }

    @Test
    void aNeighbourThatIsKnownIsReplaced() throws Exception {
        netns1.run(
                "ip", "neigh", "add", "192.168.5.77", "lladdr", "02:00:00:00:00:01", "dev", "veth11", "nud", "stale");

        routing.setNeighbour(netns1.ref(), VETH11, IpPrefix.parseAddress("192.168.5.77"), MAC);

        assertThat(netns1.run("ip", "neigh", "show", "192.168.5.77")).contains("lladdr 02:00:00:00:00:77 PERMANENT");
    }

    @Test
    void learnedNeighboursAreFlushedAndPermanentOnesStay() throws Exception {
        netns1.run("ip", "neigh", "add", "192.168.5.2", "lladdr", "02:00:00:00:00:02", "dev", "veth11", "nud", "stale");
        netns1.run("ip", "neigh", "add", "fd00::2", "lladdr", "02:00:00:00:00:02", "dev", "veth11", "nud", "stale");
        netns1.run("ip", "neigh", "add", "fd00::3", "lladdr", "02:00:00:00:00:03", "dev", "veth11", "nud", "permanent");

        assertThat(routing.flushNeighbours(netns1.ref())).isEqualTo(2);

        assertThat(lines(netns1.run("ip", "neigh", "show")))
                .containsExactly("fd00::3 dev veth11 lladdr 02:00:00:00:00:03 PERMANENT");
    }

    /** Each namespace has its own: the host's value stays what it is. */
    @ParameterizedTest
    @CsvSource({
        "net.ipv4.ip_forward, 1",
        "net.ipv4.conf.all.arp_ignore, 1",
        "net.ipv4.ip_default_ttl, 63",
        "net.ipv4.conf.veth11.rp_filter, 2",
        "net/ipv4/conf/veth99.20/arp_ignore, 1",
        "net.ipv6.conf.all.forwarding, 1",
        "net.ipv6.conf.veth11.accept_ra, 0",
        "net.ipv4.conf.veth11.send_redirects, 0",
        "net.ipv4.conf.veth11.proxy_arp_pvlan, 1",
        "net.ipv4.neigh.veth11.locktime, 0",
    })
    void sysctlsAreOfTheNamespace(String text, String value) throws Exception {
        SysctlName name = SysctlName.parse(text);
        Path onHost = Path.of("/proc/sys").resolve(name.path());
        Optional<String> before = Files.exists(onHost) ? Optional.of(Files.readString(onHost)) : Optional.empty();
        assertThat(routing.sysctl(netns1.ref(), name)).isPresent().isNotEqualTo(Optional.of(value));

        routing.setSysctl(netns1.ref(), name, value);

        assertThat(routing.sysctl(netns1.ref(), name)).contains(value);
        assertThat(netns1.run("cat", "/proc/sys/" + name.path()).strip()).isEqualTo(value);
        assertThat(Files.exists(onHost) ? Optional.of(Files.readString(onHost)) : Optional.empty())
                .isEqualTo(before);
    }

    @Test
    void bridgedFramesAndIptables() throws Exception {
        SysctlName name = SysctlName.parse("net.bridge.bridge-nf-call-iptables");
        if (!Files.exists(Path.of("/proc/sys").resolve(name.path()))) {
            assertThatThrownBy(() -> routing.setSysctl(netns1.ref(), name, "1"))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("modprobe br_netfilter");
            return;
        }
        String preset = routing.defaultSysctl(name).orElseThrow();
        String other = preset.equals("1") ? "0" : "1";

        routing.setSysctl(netns1.ref(), name, other);

        assertThat(netns1.run("cat", "/proc/sys/" + name.path()).strip()).isEqualTo(other);
        assertThat(routing.defaultSysctl(name)).contains(preset);
    }

    @Test
    void theDefaultIsThatOfAFreshNamespace() throws Exception {
        for (String name :
                List.of("net.ipv4.ip_forward", "net.ipv4.conf.all.arp_ignore", "net.ipv6.conf.all.forwarding")) {
            routing.setSysctl(netns1.ref(), SysctlName.parse(name), "1");
            try (LiveNamespace fresh = new LiveNamespace("fresh")) {
                assertThat(routing.defaultSysctl(SysctlName.parse(name)))
                        .contains(fresh.run("sysctl", "-n", name).strip());
            }
        }
        assertThat(routing.defaultSysctl(SysctlName.parse("net/ipv4/conf/veth99.20/arp_ignore")))
                .isEqualTo(routing.defaultSysctl(SysctlName.parse("net.ipv4.conf.default.arp_ignore")))
                .isPresent();
        assertThat(routing.defaultSysctl(SysctlName.parse("net.ipv4.nonsense"))).isEmpty();
    }

    @Test
    void whatIsNotThereIsToldWithTheReason() {
        assertThat(routing.sysctl(netns1.ref(), SysctlName.parse("net.ipv4.nonsense")))
                .isEmpty();
        assertThat(routing.sysctl(netns1.ref(), SysctlName.parse("net.ipv4"))).isEmpty();
        assertThatThrownBy(() -> routing.setSysctl(netns1.ref(), SysctlName.parse("net.ipv4.nonsense"), "1"))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("netns1 has no sysctl net.ipv4.nonsense");
        assertThatThrownBy(
                        () -> routing.setSysctl(netns1.ref(), SysctlName.parse("net.ipv4.conf.eth7.arp_ignore"), "1"))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("no interface eth7");
        assertThatThrownBy(() -> routing.setSysctl(netns1.ref(), SysctlName.parse("net.ipv4.ip_forward"), "many"))
                .isInstanceOf(RequestException.class)
                .hasMessage("netns1: the kernel does not take 'many' for sysctl net.ipv4.ip_forward: Invalid argument");
    }

    @Test
    void aNamespaceThatHasEndedIsTold() throws Exception {
        netns1.close();
        Eventually.holds(
                "the namespace is gone", () -> !Files.exists(netns1.ref().net()));

        assertThatThrownBy(() -> routing.routes(netns1.ref())).isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> routing.sysctl(netns1.ref(), SysctlName.parse("net.ipv4.ip_forward")))
                .isInstanceOf(RequestException.class);
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).toList();
    }
}
