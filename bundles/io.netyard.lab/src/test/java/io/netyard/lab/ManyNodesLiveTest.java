package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.NetnsRef;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.container.Container;
import io.netyard.api.container.Containers;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.lab.Plan;
import io.netyard.api.link.Link;
import io.netyard.api.netns.Netns;
import io.netyard.api.routing.SysctlName;
import io.netyard.bridge.NetlinkBridges;
import io.netyard.lab.network.Node;
import io.netyard.lab.plan.Boundary;
import io.netyard.lab.plan.Services;
import io.netyard.link.HostCards;
import io.netyard.link.LiveTapHosts;
import io.netyard.link.NetlinkLinks;
import io.netyard.netns.LinuxForeignNamespaces;
import io.netyard.netns.LinuxNamespaces;
import io.netyard.netns.PinHolder;
import io.netyard.netns.ProcessHolder;
import io.netyard.routing.NetlinkRouting;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Labs with many nodes on one bridge, and what of IPv6 they speak. */
@LiveKernel
@Timeout(600)
class ManyNodesLiveTest {

    private static final int MANY = 200;

    private static final String LAB = "live-many";

    @TempDir
    Path scratch;

    private final LinuxNamespaces namespaces = new LinuxNamespaces();
    private final NetlinkLinks links = new NetlinkLinks(namespaces);
    private final NetlinkBridges bridges = new NetlinkBridges(namespaces);
    private final NetlinkRouting routing = new NetlinkRouting(namespaces);
    private final LinuxForeignNamespaces foreign = new LinuxForeignNamespaces(namespaces, noContainers());
    private Boundary boundary = Boundary.NONE;

    private final NetyardLabs labs = open();

    private NetyardLabs open() {
        namespaces.addHolder(new ProcessHolder());
        namespaces.addHolder(new PinHolder());
        Firewall none = (Firewall) Proxy.newProxyInstance(
                Firewall.class.getClassLoader(),
                new Class<?>[] {Firewall.class},
                (proxy, method, arguments) -> method.getReturnType() == List.class ? List.of() : null);
        return new NetyardLabs(
                new Services(
                        namespaces,
                        foreign,
                        links,
                        bridges,
                        routing,
                        none,
                        new HostCards(namespaces),
                        new LiveTapHosts(namespaces)),
                Path.of("/run/netyard-live-many/labs"),
                (done, all) -> boundary.reached(done, all),
                new Events());
    }

    private static Containers noContainers() {
        return (Containers) Proxy.newProxyInstance(
                Containers.class.getClassLoader(),
                new Class<?>[] {Containers.class},
                (proxy, method, arguments) -> method.getReturnType() == List.class ? List.<Container>of() : Map.of());
    }

    @AfterEach
    void end() {
        boundary = Boundary.NONE;
        if (labs.names().contains(LAB)) {
            labs.destroy(LAB, progress -> {});
        }
        labs.close();
        foreign.close();
    }

    private static String lab(int nodes, String holder, String address) {
        StringBuilder text = new StringBuilder("lab: %s\nnodes:\n  hub: {holder: %s}\n".formatted(LAB, holder));
        for (int i = 1; i <= nodes; i++) {
            text.append("  n%d: {holder: %s, interfaces: {eth0: {addresses: [%s]}}}\n"
                    .formatted(i, holder, address.formatted(i)));
        }
        text.append("switches: {br: {node: hub}}\nlinks:\n");
        for (int i = 1; i <= nodes; i++) {
            text.append("  l%d: [\"n%d:eth0\", \"br:p%d\"]\n".formatted(i, i, i));
        }
        return text.toString();
    }

    private Plan apply(String text) throws IOException {
        return labs.apply(Files.writeString(scratch.resolve("lab.yaml"), text), Optional.empty(), progress -> {});
    }

    private Map<String, NetnsRef> nodes() {
        return namespaces.known().stream()
                .filter(netns -> netns.lab().equals(Optional.of(LAB)))
                .collect(Collectors.toMap(netns -> netns.name().orElseThrow(), Netns::ref));
    }

    @Test
    void manyNodesComeUpAsTheFileSaysAndGo() throws Exception {
        String text = lab(MANY, "pin", "10.5.0.%d/16");
        assertThat(apply(text).steps()).hasSize(6 * MANY + 3);

        Map<String, NetnsRef> nodes = nodes();
        assertThat(nodes).hasSize(MANY + 1);
        Bridge bridge = bridges.list(nodes.get("hub")).get(0);
        assertThat(bridge.ports()).hasSize(MANY);
        Map<NetnsRef, List<Link>> all = links.list(nodes.values());
        for (int i = 1; i <= MANY; i++) {
            Link end = all.get(nodes.get("n" + i)).stream()
                    .filter(link -> link.name().value().equals("eth0"))
                    .findFirst()
                    .orElseThrow();
            assertThat(end.addresses()).containsExactly(IpPrefix.parse("10.5.0.%d/16".formatted(i)));
            assertThat(end.up()).isTrue();
            assertThat(end.owner()).hasValue(LAB);
            Link.Lower port = end.lower().orElseThrow();
            assertThat(port.netns()).hasValue(nodes.get("hub"));
            assertThat(port.name()).hasValue(new InterfaceName("p" + i));
        }
        // The same with other eyes, one by one.
        NetnsRef last = nodes.get("n" + MANY);
        assertThat(links.list(last)).isEqualTo(all.get(last));
        assertThat(ip(last, "-br addr show dev eth0")).matches("(?s)eth0@\\S+ +UP +10\\.5\\.0\\.200/16 *\\s*");
        assertThat(ip(nodes.get("hub"), "-o link show master br").lines()).hasSize(MANY);

        assertThat(apply(text).steps()).isEmpty();

        labs.destroy(LAB, progress -> {});
        assertThat(nodes()).isEmpty();
    }

    @Test
    void whatIsMadeAheadGoesIfTheChangeFails() throws Exception {
        boundary = (done, all) -> {
            if (done == 3) {
                boundary = Boundary.NONE;
                throw new IllegalStateException("as the test wants it");
            }
        };
        assertThatThrownBy(() -> apply(lab(40, "pin", "10.5.0.%d/16"))).hasMessageContaining("as the test wants it");
        assertThat(nodes()).isEmpty();
    }

    @Test
    void aLabThatSaysNothingOfIpv6DoesWithoutUntilItDoes() throws Exception {
        apply(lab(3, "process", "10.5.0.%d/16"));
        Map<String, NetnsRef> before = nodes();
        before.values().forEach(netns -> {
            assertThat(routing.sysctl(netns, Node.NO_IPV6)).hasValue("1");
            assertThat(links.list(netns))
                    .allSatisfy(link -> assertThat(link.addresses()).allMatch(IpPrefix::isIpv4));
        });
        assertThat(routing.sysctl(before.get("hub"), SysctlName.parse("net.ipv6.conf.br.disable_ipv6")))
                .hasValue("1");

        apply(lab(3, "process", "fd05::%d/64"));
        assertThat(nodes()).isEqualTo(before);
        assertThat(routing.sysctl(before.get("n1"), Node.NO_IPV6)).hasValue("0");
        assertThat(ping6(before.get("n1"), "fd05::3")).isZero();
        assertThat(ping6(before.get("n2"), "fd05::1")).isZero();

        apply(lab(3, "process", "10.5.0.%d/16"));
        assertThat(nodes()).isEqualTo(before);
        assertThat(routing.sysctl(before.get("n1"), Node.NO_IPV6)).hasValue("1");
    }

    @Test
    void aLabThatSpeaksIpv6DoesSoFromTheStart() throws Exception {
        apply(lab(3, "pin", "fd05::%d/64"));
        Map<String, NetnsRef> nodes = new HashMap<>(nodes());
        assertThat(ping6(nodes.get("n1"), "fd05::2")).isZero();
        assertThat(ping6(nodes.get("n3"), "fd05::1")).isZero();
    }

    private static String ip(NetnsRef where, String arguments) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", "nsenter --net=%s ip %s".formatted(where.net(), arguments))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** Until duplicate address detection is over an address is not used, hence more than once. */
    private static int ping6(NetnsRef where, String target) throws Exception {
        Process process = new ProcessBuilder(
                        "nsenter", "--net=" + where.net(), "ping", "-6", "-c", "1", "-w", "30", target)
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }
}
