package io.netyard.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.RequestException;
import io.netyard.api.link.LinkEnd;
import io.netyard.api.link.Links;
import io.netyard.api.link.TapHost;
import io.netyard.testing.Eventually;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.LiveNamespace;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Internet of the last experiment: netns11 with tap11, and a host behind it. Packets are those of real programs. */
@LiveKernel
class TapHostsLiveTest {

    private static final InterfaceName TAP11 = new InterfaceName("tap11");
    private static final InetAddress INTERNET = IpPrefix.parseAddress("198.51.100.10");
    private static final InetAddress INTERNET6 = IpPrefix.parseAddress("fd51::10");

    private final FixedNamespaces namespaces = new FixedNamespaces();
    private final Links links = new NetlinkLinks(namespaces);
    private final LiveTapHosts hosts = new LiveTapHosts(namespaces);
    private LiveNamespace netns11;

    @BeforeEach
    void makeTap() throws Exception {
        netns11 = new LiveNamespace("netns11");
        namespaces.add(netns11);
        links.createTap(netns11.ref(), TAP11, Optional.empty(), "demo");
        netns11.run("ip", "addr", "add", "198.51.100.1/24", "dev", "tap11");
        netns11.run("ip", "addr", "add", "fd51::1/64", "dev", "tap11", "nodad");
        netns11.run("ip", "link", "set", "tap11", "up");
    }

    @AfterEach
    void end() throws InterruptedException {
        hosts.detachAll();
        netns11.close();
    }

    @Test
    void withoutAHostThereIsNoCarrierAndNoAnswer() throws Exception {
        awaitNoCarrier();
        assertThat(netns11.run("ping", "-c1", "-W1", "198.51.100.10")).contains("0 received");

        hosts.attach(netns11.ref(), TAP11, List.of(INTERNET));

        assertThat(netns11.run("ip", "link", "show", "dev", "tap11")).contains("LOWER_UP");
        hosts.detach(netns11.ref(), TAP11);
        awaitNoCarrier();
        assertThat(hosts.list()).isEmpty();
    }

    /** The kernel shows it some time after it is so. */
    private void awaitNoCarrier() throws Exception {
        Eventually.holds("the tap has no carrier", () -> netns11.run("ip", "link", "show", "dev", "tap11")
                .contains("NO-CARRIER"));
    }

    @Test
    void pingsAreAnsweredAndTheirSourcesRemembered() throws Exception {
        netns11.run("ip", "addr", "add", "203.0.113.1/32", "dev", "lo");

        hosts.attach(netns11.ref(), TAP11, List.of(INTERNET, INTERNET6));

        assertThat(netns11.run("ping", "-c3", "-i0.2", "-W5", "198.51.100.10")).contains("3 received", "ttl=64");
        assertThat(netns11.run("ping", "-c1", "-W5", "-s1400", "-I", "203.0.113.1", "198.51.100.10"))
                .contains("1 received");
        assertThat(netns11.run("ping", "-c1", "-W5", "fd51::10")).contains("1 received");
        assertThat(netns11.run("ping", "-c1", "-W1", "198.51.100.11")).contains("0 received");
        TapHost host = hosts.list().get(0);
        assertThat(host.sources())
                .containsExactly(
                        IpPrefix.parseAddress("198.51.100.1"),
                        IpPrefix.parseAddress("203.0.113.1"),
                        IpPrefix.parseAddress("fd51::1"));
        assertThat(host.echoRequests()).isEqualTo(5);
        assertThat(host.frames()).isGreaterThan(5);
        assertThat(netns11.run("ip", "neigh", "show", "198.51.100.10")).contains("lladdr " + host.mac());
    }

    /** The kernel looks at the checksum of a RST before it believes it. */
    @Test
    void connectionsAreRefusedAtOnce() throws Exception {
        hosts.attach(netns11.ref(), TAP11, List.of(INTERNET, INTERNET6));

        for (String address : List.of("198.51.100.10", "fd51::10")) {
            assertThat(netns11.run("timeout", "20", "bash", "-c", "exec 3<>/dev/tcp/" + address + "/80"))
                    .contains("Connection refused");
        }
        assertThat(hosts.list().get(0).connections()).isEqualTo(2);
    }

    @Test
    void attachedAgainItAnswersForTheNewAddresses() throws Exception {
        hosts.attach(netns11.ref(), TAP11, List.of(INTERNET));
        MacAddress mac = hosts.list().get(0).mac();
        netns11.run("ping", "-c1", "-W5", "198.51.100.10");

        hosts.attach(netns11.ref(), TAP11, List.of(IpPrefix.parseAddress("198.51.100.20")));

        assertThat(netns11.run("ping", "-c1", "-W5", "198.51.100.20")).contains("1 received");
        assertThat(netns11.run("ping", "-c1", "-W1", "198.51.100.10")).contains("0 received");
        assertThat(hosts.list()).singleElement().satisfies(host -> {
            assertThat(host.mac()).isEqualTo(mac);
            assertThat(host.echoRequests()).isEqualTo(1);
        });
    }

    /** What another process of ours will do after this one has been killed. */
    @Test
    void theTapOutlivesItsHostAndTakesAnother() throws Exception {
        hosts.attach(netns11.ref(), TAP11, List.of(INTERNET));
        hosts.detachAll();
        LiveTapHosts next = new LiveTapHosts(namespaces);
        try {
            next.attach(netns11.ref(), TAP11, List.of(INTERNET));

            assertThat(netns11.run("ping", "-c1", "-W5", "198.51.100.10")).contains("1 received");
            assertThatThrownBy(() -> hosts.attach(netns11.ref(), TAP11, List.of(INTERNET)))
                    .isInstanceOf(KernelException.class)
                    .hasMessageContaining("tap11 in netns11: busy");
        } finally {
            next.detachAll();
        }
    }

    @Test
    void onlyATapTakesAHost() throws Exception {
        netns11.run("ip", "link", "add", "veth11", "type", "veth", "peer", "name", "veth12");
        netns11.run("ip", "tuntap", "add", "dev", "tun0", "mode", "tun");

        assertThatThrownBy(() -> hosts.attach(netns11.ref(), new InterfaceName("veth11"), List.of(INTERNET)))
                .isInstanceOf(RequestException.class)
                .hasMessage("veth11 in netns11 is not a tap interface but a veth");
        assertThatThrownBy(() -> hosts.attach(netns11.ref(), new InterfaceName("tun0"), List.of(INTERNET)))
                .isInstanceOf(RequestException.class)
                .hasMessage("tun0 in netns11 is not a tap interface but a tun");
        assertThatThrownBy(() -> hosts.attach(netns11.ref(), new InterfaceName("tap12"), List.of(INTERNET)))
                .isInstanceOf(RequestException.class)
                .hasMessage("there is no tap interface tap12 in netns11");
        assertThat(netns11.run("ip", "link", "show")).doesNotContain("tap12");
    }

    @Test
    void aHostGoesWithItsTap() throws Exception {
        hosts.attach(netns11.ref(), TAP11, List.of(INTERNET));

        links.delete(netns11.ref(), TAP11);

        Eventually.holds("the host is gone", () -> hosts.list().isEmpty());
    }

    /** An open tap keeps its namespace: without looking, it would live as long as the appliance. */
    @Test
    void aHostDoesNotKeepItsNamespaceAlive() throws Exception {
        try (LiveNamespace witness = new LiveNamespace("witness")) {
            namespaces.add(witness);
            LinkEnd cable = new LinkEnd(witness.ref(), new InterfaceName("veth0"), Optional.empty());
            links.createVeth(
                    cable, new LinkEnd(netns11.ref(), cable.name(), Optional.empty()), Optional.empty(), "demo");
            hosts.attach(netns11.ref(), TAP11, List.of(INTERNET));

            netns11.close();

            Eventually.holds("the other end of its cable is gone", () -> !witness.run("ip", "link", "show")
                    .contains("veth0"));
            assertThat(hosts.list()).isEmpty();
        }
    }
}
