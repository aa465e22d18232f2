package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.netyard.api.bridge.Bridges;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.lab.Labs;
import io.netyard.api.netns.Namespaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerSuite;

/** What a lab has beside cables and switches: routes, parameters, policies, the host's card and its bridges; on either kernel. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class RoutedLabIT {

    private static final int SECONDS = 30;

    /** Inside, a router with the host's card, a host behind a tap, a second network over IPv6, and somebody on the same cable. */
    private static final String OUTLET =
            """
            lab: outlet
            nodes:
              inner:
                interfaces: {eth0: {addresses: [10.81.0.2/24, 'fd81::2/64']}}
                routes: [default via 10.81.0.1, default via fd81::1]
              guest:
                interfaces: {m0: {macvlan: {parent: "inner:eth0", mode: vepa}}}
              six:
                interfaces: {eth0: {addresses: ['fd82::2/64']}}
                routes: [default via fd82::1]
              router:
                interfaces:
                  in0: {addresses: [10.81.0.1/24, 'fd81::1/64']}
                  in6: {addresses: ['fd82::1/64']}
                  wan: {card: nycard, addresses: [192.0.2.2/30]}
                  tap0: {tap: {hosts: [10.83.0.7]}, addresses: [10.83.0.1/24]}
                routes: [default via 192.0.2.1, blackhole 10.99.0.0/16]
                neighbours: {in0: {10.81.0.77: "02:00:00:00:00:77"}}
                forwarding: true
                sysctls: {net.ipv4.conf.all.arp_ignore: 1, net/ipv4/conf/wan/arp_announce: 2}
                nat: [postrouting out wan masquerade]
                firewall:
                  rules:
                    - forward state established,related accept
                    - forward in in0 out wan source inner accept
                    - forward in in0 out tap0 icmp accept
                    - forward in in0 out in6 accept
                  otherwise: {forward: drop}
              host:
                interfaces: {nyup: {addresses: [10.84.0.1/30]}}
                routes: [10.81.0.0/24 via 10.84.0.2]
            links:
              a: ["inner:eth0", "router:in0"]
              b: ["six:eth0", "router:in6"]
              c: ["host:nyup", "router:up0"]
            targets: {isp: 192.0.2.1, behind-tap: 10.83.0.7, nowhere: 10.99.0.1}
            expect: {reach: ["inner -> isp", "inner -> behind-tap", "inner -> six"], isolated: ["inner -> nowhere", "six -> inner"]}
            stages:
              - name: open
              - name: shut
                nodes: {router: {firewall: {rules: []}}}
                expect: {isolated: ["inner -> isp", "inner -> behind-tap", "inner -> six"]}
              - name: plain
                nodes:
                  guest: null
                  router:
                    firewall: null
                    nat: null
                    sysctls: null
                    neighbours: null
                    interfaces: {tap0: {tap: {hosts: null}}}
                    routes: [default via 192.0.2.1]
                  host: null
                links: {c: null}
                expect: {reach: ["inner <-> six"], isolated: ["inner -> isp", "inner -> behind-tap"]}
              - name: impossible
                nodes:
                  inner: {interfaces: {eth0: {addresses: [10.81.0.3/24, 'fd81::2/64']}}}
                  router:
                    firewall: [forward drop]
                    sysctls: {net.ipv4.no_such_parameter: 1}
            """;

    @Inject
    private SessionFactory sessions;

    @Inject
    private Bridges bridges;

    @Inject
    private Labs labs;

    @Inject
    private Firewall firewall;

    @Inject
    private Namespaces namespaces;

    private Console console;
    private List<String> before;
    private Path file;
    private Path second;

    @Configuration
    public Option[] shippedDistribution() {
        return ShippedDistribution.options();
    }

    @Before
    public void look() throws InterruptedException, IOException {
        console = new Console(sessions);
        console.awaitCommands();
        before = Console.traces();
        file = Files.createTempFile("lab", ".yaml");
        second = Files.createTempFile("lab", ".yaml");
    }

    @After
    public void nothingIsLeft() throws InterruptedException, IOException {
        Files.delete(file);
        Files.delete(second);
        console.must("lab:destroy --all");
        console.must("netns:destroy --all");
        Console.await(() -> Console.traces().equals(before));
        assertTrue(firewall.enforcements().isEmpty());
    }

    @Test
    public void aRouterWithTheHostsCard() throws Exception {
        Files.writeString(file, OUTLET, StandardCharsets.UTF_8);
        console.must("netns:create isp");
        long isp = namespaces.resolve("isp").pid().orElseThrow();
        ip("link add nycard type veth peer name isp0 netns " + isp);
        console.must("netns:exec isp ip address add 192.0.2.1/30 dev isp0");
        console.must("netns:exec isp ip link set isp0 up");
        ip("address add 192.0.2.2/30 dev nycard");
        ip("link set nycard mtu 1400 up");
        ip("route add 203.0.113.0/24 via 192.0.2.1 dev nycard");
        List<String> card = card();
        List<String> unused = Console.traces();

        console.must("lab:apply --stage open " + file);
        assertTrue(labs.planStage("outlet", "open").isEmpty());
        verified();
        assertEquals(List.of("10.81.0.0/24 via 10.84.0.2 dev nyup proto 78"), routesTo("10.81.0.0/24"));
        assertEquals(List.of(), card());

        // Somebody takes the rules away; whoever applies the lab again puts them back.
        console.must("lab:stage outlet shut");
        verified();
        console.must("lab:stage outlet open");
        verified();

        // What cannot be done to its end is not done at all, the policy that came before it included.
        List<String> policies = policies();
        Console.Outcome failed = console.run("lab:stage outlet impossible");
        assertTrue(failed.all(), failed.failed());
        assertTrue(failed.all(), failed.all().contains("no_such_parameter"));
        assertTrue(labs.planStage("outlet", "open").isEmpty());
        assertEquals(policies, policies());
        verified();

        console.must("lab:stage outlet plain");
        verified();
        assertEquals(
                "0",
                console.must("netns:exec outlet/router cat /proc/sys/net/ipv4/conf/all/arp_ignore")
                        .strip());
        assertEquals(List.of(), routesTo("10.81.0.0/24"));
        console.must("lab:stage outlet open");
        verified();

        console.must("lab:destroy outlet");
        Console.await(() -> Console.traces().equals(unused));
        assertEquals("the card is as it was", card, card());
        ip("link delete nycard");
    }

    @Test
    public void aPolicyThatNoBackendCanExpressIsRefused() throws IOException {
        Files.writeString(
                file,
                """
                lab: asks-too-much
                nodes: {a: {interfaces: {e: {}}}, hub: {}}
                switches:
                  br:
                    node: hub
                    firewall:
                      backend: ebtables
                      rules: [forward state new drop]
                links: {l: ["a:e", "br:p"]}
                """,
                StandardCharsets.UTF_8);
        Console.Outcome refused = console.run("lab:apply " + file);
        assertTrue(refused.failed());
        assertTrue(refused.all(), refused.all().contains("no firewall backend here can enforce policy switch"));
        assertTrue(refused.all(), refused.all().contains("ebtables"));
        assertEquals("nothing created", before, Console.traces());
    }

    /** Two labs, one bridge, which is a third one's. */
    @Test
    public void aVlanOnASharedBridgeIsOneLabs() throws IOException {
        assumeTrue("needs bridge VLAN filtering", bridges.supportsVlanFiltering());
        Files.writeString(
                second,
                """
                lab: backbone
                nodes: {host: {}}
                switches: {nybb: {node: host, self: []}}
                """,
                StandardCharsets.UTF_8);
        console.must("lab:apply " + second);
        for (String lab : List.of("east", "west")) {
            Files.writeString(file, onTheBackbone(lab, lab.equals("east") ? 10 : 20, 1), StandardCharsets.UTF_8);
            console.must("lab:apply " + file);
            console.must("lab:verify " + lab);
            assertTrue(labs.plan(file, Optional.empty()).isEmpty());
        }
        Files.writeString(file, onTheBackbone("north", 20, 2), StandardCharsets.UTF_8);
        Console.Outcome refused = console.run("lab:apply " + file);
        assertTrue(refused.failed());
        assertTrue(
                refused.all(),
                refused.all().contains("VLAN 20 on bridge host:nybb is lab west's already (port westa)"));
        Console.Outcome used = console.run("lab:destroy backbone");
        assertTrue(used.failed());
        assertTrue(used.all(), used.all().contains("uses bridge host:nybb of this lab"));
        console.must("lab:verify east");
        // All of them go, although the one whose bridge the others use comes first.
        console.must("lab:destroy --all");
        assertTrue(labs.names().isEmpty());
    }

    private static String onTheBackbone(String lab, int vlan, int net) {
        return """
                lab: %1$s
                nodes:
                  a: {interfaces: {e: {addresses: [10.%3$d.0.1/24]}}}
                  b: {interfaces: {e: {addresses: [10.%3$d.0.2/24]}}}
                  host: {}
                switches: {backbone: {node: host, name: nybb, existing: true}}
                links: {a: ["a:e", "backbone:%1$sa"], b: ["b:e", "backbone:%1$sb"]}
                groups: {all-of-it: {vlan: %2$d, members: [a, b]}}
                """
                .formatted(lab, vlan, net);
    }

    private void verified() {
        Console.Outcome verified = console.run("lab:verify outlet");
        assertTrue(verified.all(), !verified.failed());
    }

    private List<String> policies() {
        return firewall.enforcements().stream()
                .map(enforcement ->
                        enforcement.policy().lines() + " " + enforcement.backend() + " " + enforcement.state())
                .toList();
    }

    private static List<String> card() {
        List<String> lines = new ArrayList<>();
        for (String what : List.of("-o link show nycard", "-o address show dev nycard", "route show dev nycard")) {
            run(what, false).stream()
                    .map(line -> line.replaceAll("^\\d+: |link-netns\\S* \\S+|valid_lft.*", "")
                            .strip())
                    .forEach(lines::add);
        }
        return lines;
    }

    private static List<String> routesTo(String destination) {
        return run("route show " + destination, true).stream()
                .map(String::strip)
                .toList();
    }

    private static void ip(String arguments) {
        run(arguments, true);
    }

    /** @param mustWork whether a refusal is an error, or says that there is nothing */
    private static List<String> run(String arguments, boolean mustWork) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        try {
            Path output = Files.createTempFile("ip", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                List<String> lines = Files.readAllLines(output);
                assertTrue(arguments + ": " + lines, !mustWork || process.waitFor() == 0);
                return process.waitFor() == 0 ? lines : List.of();
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }
}
