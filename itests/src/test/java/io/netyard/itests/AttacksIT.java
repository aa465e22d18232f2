package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.NetnsRef;
import io.netyard.api.bridge.Bridge.PortState;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.lab.Labs;
import io.netyard.api.link.Links;
import io.netyard.api.netns.Namespaces;
import io.netyard.kernel.NamespaceThread;
import io.netyard.testing.attack.Intruder;
import io.netyard.testing.attack.Lookout;
import io.netyard.testing.attack.Mark;
import io.netyard.testing.attack.Victim;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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

/**
 * The phases of the experiments in which something is done to the network, from the shipped labs: what a member of several groups can do and
 * what guards and rules make of it, frames that circle, addresses that are not the sender's.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class AttacksIT {

    private static final int PINGS = 5;
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofMillis(1000);

    /** The same network with IPv6 beside IPv4, and with netns9 as a router. */
    private static final String MEMBERS_SPEAK_IPV6 = "192\\.168\\.5\\.(\\d)/24";

    private static final String NETNS9_ROUTES =
            """
              netns9:
                forwarding: true
                sysctls: {net.ipv4.conf.all.send_redirects: 0, net.ipv4.conf.default.send_redirects: 0}
            """;

    private static final String FURTHER_STAGES =
            """
              - name: guarded-by-ebtables
                guards: {backend: ebtables}
                nodes: {netns9: {interfaces: {veth99: {addresses: [192.168.5.9/24]}}}}
                expect: *guarded
              - name: rules-iptables-physdev
                guards: off
                switches:
                  brx:
                    firewall:
                      backend: iptables
                      rules:
                        - forward in veth93 source not 192.168.5.9 drop
                        - forward out veth93 destination not 192.168.5.9 drop
                expect: *guarded
              - name: rules-iptables-whitelist
                switches:
                  brx:
                    firewall:
                      rules:
                        - forward in veth93 source 192.168.5.9 accept
                        - forward out veth93 destination 192.168.5.9 accept
                        - forward in veth13,veth23,veth43,veth53,vethx out veth13,veth23,veth43,veth53,vethx ipv4 accept
                        - forward ipv4 drop
                expect: *guarded
              - name: rules-ebtables
                switches:
                  brx:
                    firewall:
                      backend: ebtables
                      rules:
                        - ingress in veth93 source-mac not 02:00:00:00:00:09 drop
                        - ingress in veth93 arp-source not 192.168.5.9 drop
                        - ingress in veth93 arp-source-mac not 02:00:00:00:00:09 drop
                        - ingress in veth93 source not 192.168.5.9 drop
                        - forward out veth93 destination not 192.168.5.9 drop
                nodes: {netns9: {interfaces: {veth99: {mac: "02:00:00:00:00:09"}}}}
                expect: *guarded
            """;

    /** With nothing against it. Of what crosses the trunk the far side takes part. */
    private static final List<String> ALL_SUCCEED = List.of(
            "inject forged-src netns4:veth44 YES tag=none n=1",
            "inject forged-src6 netns7:veth77 YES tag=none n=1",
            "inject forged-mac netns4:veth44 YES tag=none n=1",
            "inject forged-arp netns4:veth44 YES tag=none n=1",
            "inject forged-arp netns6:veth66 YES tag=none n=1",
            "inject forged-src-tag20 netns4:veth44 YES tag=none n=1",
            "inject forged-src-tag20.0 netns4:veth44 YES tag=0 n=1",
            "inject netns1-over-netns9-tag10.0 netns9:veth99 YES tag=0 n=1",
            "inject netns1-tag30 netns4:veth44 YES tag=none n=1",
            "inject netns1-tag30 netns7:veth77 YES tag=none n=1",
            "inject netns6-tag30 netns4:veth44 YES tag=none n=1",
            "inject netns1-tag10.30 netns2:veth22 YES tag=30 n=1",
            "inject netns1-servicetag30 netns2:veth22 YES tag=30 n=1",
            "inject netns1-over-netns9 netns9:veth99 YES tag=none n=1",
            "inject netns1-over-netns9 netns4:veth44 YES tag=none n=1",
            "inject netns6-over-netns9 netns7:veth77 YES tag=none n=1",
            "ra netns9 none netns1 YES",
            "ra netns9 none netns7 YES",
            "ra netns1 30 netns4 YES",
            "mitm netns6 netns7 delivered=YES intercepted=YES ttl=63",
            "mitm6 netns1 netns4 delivered=YES intercepted=YES ttl=63",
            "mitm6 netns1 netns2 delivered=YES intercepted=YES ttl=63",
            "mitm6 netns6 netns7 delivered=YES intercepted=YES ttl=63",
            "neigh netns6 192.168.5.7 FORGED",
            "neigh netns1 fd05::4 FORGED",
            "neigh netns1 fd05::2 FORGED",
            "neigh netns4 fd05::5 FORGED",
            "neigh netns5 fd05::1 REAL");

    @Inject
    private SessionFactory sessions;

    @Inject
    private Bridges bridges;

    @Inject
    private Labs labs;

    @Inject
    private Links links;

    @Inject
    private Namespaces namespaces;

    private Console console;
    private List<String> before;
    private Path file;

    @Configuration
    public Option[] shippedDistribution() {
        return ShippedDistribution.options();
    }

    @Before
    public void look() throws InterruptedException, IOException {
        console = new Console(sessions);
        console.awaitCommands("lab:list", "netns:list", "link:list", "bridge:list", "fw:list");
        assumeTrue("this kernel has no bridge VLAN filtering: the lab kernel has", bridges.supportsVlanFiltering());
        before = Console.traces();
        file = Files.createTempFile("attacks", ".yaml");
    }

    @After
    public void nothingIsLeft() throws InterruptedException, IOException {
        if (before != null) {
            console.must("lab:destroy --all");
            Files.delete(file);
            Console.await(() -> Console.traces().equals(before));
        }
    }

    /** Experiment 6: phases mitm-no-rules, mitm-proxy-arp, spoof-no-rules; tags of one's own, IPv6, and across the trunk. */
    @Test
    public void withoutGuardsEveryAttackSucceeds() throws Exception {
        apply("exp06", "own-pvid30");
        assertTrue(ALL_SUCCEED.containsAll(expected("exp06", "spoof-no-rules", "inject")));
        assertOutcomes(all());

        forget("exp06/netns1", "exp06/netns4");
        sysctl("exp06/netns9", "ipv4/conf/veth99/proxy_arp", "1");
        assertPinged("FAIL", "exp06/netns1", "192.168.5.4");
        sysctl("exp06/netns9", "ipv4/conf/veth99/proxy_arp_pvlan", "1");
        assertPinged("OK ttl=63", "exp06/netns1", "192.168.5.4");
    }

    /** What guards leave possible: two members of one group find each other, whatever a third says. */
    private static List<String> guarded(List<String> all) {
        return all.stream()
                .map(line -> line.matches("mitm6? netns1 netns2 .*")
                        ? line.replaceAll("delivered=.*", "delivered=YES intercepted=NO ttl=64")
                        : line.startsWith("mitm")
                                ? line.replaceAll("delivered=.*", "delivered=NO intercepted=NO")
                                : line.matches("neigh netns1 \\S*2 .*")
                                        ? line.replace("FORGED", "REAL")
                                        : line.startsWith("neigh")
                                                ? line.replaceAll("FORGED|REAL", "NONE")
                                                : line.replaceAll("YES.*", "NO"))
                .toList();
    }

    /** Lines of {@code some} in place of those that ask the same. */
    private static List<String> with(List<String> lines, String... some) {
        return lines.stream()
                .map(line -> Arrays.stream(some)
                        .filter(other -> Siege.question(other).equals(Siege.question(line)))
                        .findFirst()
                        .orElse(line))
                .toList();
    }

    @Test
    public void guardsStopThemAll() throws Exception {
        apply("exp06", "guarded");
        List<String> all = all();
        assertTrue(console.must("fw:list"), console.must("fw:list").contains("nftables"));
        assertOutcomes(guarded(all));
        verifies("exp06");
        forget("exp06/netns1", "exp06/netns4");
        sysctl("exp06/netns9", "ipv4/conf/veth99/proxy_arp_pvlan", "1");
        assertPinged("FAIL", "exp06/netns1", "192.168.5.4");
        sysctl("exp06/netns9", "ipv4/conf/veth99/proxy_arp_pvlan", "0");

        console.must("lab:stage exp06 guarded-by-ebtables");
        assertTrue(console.must("fw:list"), console.must("fw:list").contains("ebtables"));
        assertOutcomes(guarded(all));
        verifies("exp06");
    }

    private static List<String> all() {
        return both(ALL_SUCCEED, expected("exp06", "mitm-no-rules", "mitm|neigh"));
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** Each guard is for one kind of attack, which succeeds when it is off, and it alone. */
    @Test
    public void eachGuardIsForOneAttack() throws Exception {
        apply("exp06", "guards-without-relay");
        List<String> guarded = guarded(all());
        // What netns9 sends on has another's address as its source, which is the next guard's business.
        assertOutcomes(with(guarded, "inject netns1-over-netns9 netns9:veth99 YES tag=none n=1"));

        console.must("lab:stage exp06 guards-without-spoofing");
        assertOutcomes(with(
                guarded,
                "inject forged-src netns4:veth44 YES tag=none n=1",
                "inject forged-src6 netns7:veth77 YES tag=none n=1",
                "inject forged-mac netns4:veth44 YES tag=none n=1",
                "inject forged-arp netns4:veth44 YES tag=none n=1",
                "inject forged-arp netns6:veth66 YES tag=none n=1",
                "ra netns9 none netns1 YES",
                "ra netns9 none netns7 YES",
                // Believed, and then all is lost at netns9's port.
                "mitm netns1 netns2 delivered=NO intercepted=NO",
                "mitm6 netns1 netns2 delivered=NO intercepted=NO",
                "neigh netns1 192.168.5.2 FORGED",
                "neigh netns1 192.168.5.4 FORGED",
                "neigh netns4 192.168.5.1 FORGED",
                "neigh netns6 192.168.5.7 FORGED",
                "neigh netns1 fd05::4 FORGED",
                "neigh netns1 fd05::2 FORGED",
                "neigh netns4 fd05::5 FORGED"));

        console.must("lab:stage exp06 guards-without-tagged");
        assertOutcomes(with(
                guarded,
                "inject netns1-tag30 netns4:veth44 YES tag=none n=1",
                "inject netns1-tag30 netns7:veth77 YES tag=none n=1",
                "inject netns6-tag30 netns4:veth44 YES tag=none n=1",
                "inject netns1-tag10.30 netns2:veth22 YES tag=30 n=1",
                "inject netns1-servicetag30 netns2:veth22 YES tag=30 n=1",
                "ra netns1 30 netns4 YES",
                "neigh netns5 fd05::1 REAL"));
    }

    /** Experiment 6, phases rules-iptables-physdev, rules-iptables-call0, rules-iptables-whitelist, rules-iptables-trunk. */
    @Test
    public void iptablesOnTheBridgeStopsAddressesButNotArp() throws Exception {
        apply("exp06", "rules-iptables-physdev");
        // Across the trunk they are seen only if br_netfilter looks behind tags, which the firewall has seen to.
        List<String> acrossTheTrunk = List.of(
                "inject forged-src-far netns7:veth77 NO",
                "inject netns6-over-netns9 netns7:veth77 NO",
                "mitm netns6 netns7 delivered=NO intercepted=NO",
                "neigh netns6 192.168.5.7 FORGED");
        assertOutcomes(both(expected("exp06", "rules-iptables-physdev", "mitm|neigh|inject"), acrossTheTrunk));
        verifies("exp06");
        sysctl("exp06/netns3", "bridge/bridge-nf-filter-vlan-tagged", "0");
        assertOutcomes(with(
                acrossTheTrunk,
                "inject forged-src-far netns7:veth77 YES tag=none n=1",
                "inject netns6-over-netns9 netns7:veth77 YES tag=none n=1",
                "mitm netns6 netns7 delivered=YES intercepted=YES ttl=63"));

        sysctl("exp06/netns3", "bridge/bridge-nf-call-iptables", "0");
        assertOutcomes(expected("exp06", "rules-iptables-call0", "mitm|neigh"));

        console.must("lab:stage exp06 rules-iptables-whitelist");
        assertOutcomes(expected("exp06", "rules-iptables-whitelist", "mitm|neigh"));
        verifies("exp06");

        String rule = " FORWARD -m physdev --physdev-is-bridged --physdev-in veth93 -d 192.168.5.6 -j DROP";
        console.must("netns:exec exp06/netns3 iptables-legacy -I" + rule);
        sysctl("exp06/netns3", "bridge/bridge-nf-filter-vlan-tagged", "0");
        assertPinged("OK ttl=64", "exp06/netns9", "192.168.5.6");
        sysctl("exp06/netns3", "bridge/bridge-nf-filter-vlan-tagged", "1");
        assertPinged("FAIL", "exp06/netns9", "192.168.5.6");
        console.must("netns:exec exp06/netns3 iptables-legacy -D" + rule);
    }

    /** Experiment 6, phases rules-ebtables, rules-ebtables-trunk. */
    @Test
    public void ebtablesStopsArpToo() throws Exception {
        apply("exp06", "rules-ebtables");
        assertOutcomes(both(
                expected("exp06", "rules-ebtables", "mitm|neigh|inject"),
                List.of(
                        "inject forged-src-far netns7:veth77 NO",
                        "inject forged-arp netns6:veth66 NO",
                        "mitm netns6 netns7 delivered=NO intercepted=NO",
                        "neigh netns6 192.168.5.7 NONE")));
        verifies("exp06");

        for (String match : List.of("IPv4", "802_1Q --vlan-encap IPv4")) {
            String rule = " FORWARD -p " + match + " -i veth93 -o vethx -j DROP";
            console.must("netns:exec exp06/netns3 ebtables-legacy -A" + rule);
            // As a tag has been put on already, the first one is about other frames.
            assertPinged(match.equals("IPv4") ? "OK ttl=64" : "FAIL", "exp06/netns9", "192.168.5.6");
            console.must("netns:exec exp06/netns3 ebtables-legacy -D" + rule);
        }
    }

    private void assertOutcomes(List<String> expected) throws Exception {
        try (Siege siege = new Siege(namespaces, links, "exp06")) {
            assertEquals(String.join("\n", expected), String.join("\n", siege.outcomes(expected)));
        }
    }

    /** Experiment 5, phases loop-no-vlan-filtering, loop-filtering-default-vid1, loop-vid1-deleted. */
    @Test
    public void framesCircleWhereTheFileAllowsIt() throws Exception {
        String lab = "exp05-loops";
        String shipped = text(lab);
        Files.writeString(file, shipped.replace("allow_loops: true", "allow_loops: false"));
        Console.Outcome planned = console.run("lab:plan --stage no-filtering " + file);
        assertFalse(planned.all(), planned.failed());
        assertTrue(planned.all(), planned.all().contains("warning: layer-2 loop in all VLANs"));
        Console.Outcome refused = console.run("lab:apply --stage no-filtering " + file);
        assertTrue("must be refused", refused.failed());
        assertTrue(refused.all(), refused.all().contains("layer-2 loop"));
        assertEquals("nothing created", before, Console.traces());

        Files.writeString(file, shipped);
        console.must("lab:apply --stage one-path-down " + file);
        for (String node : List.of("netns1", "netns2", "netns3", "netns4", "netns5", "netns6", "netns7", "netns8")) {
            // What these say of themselves would circle as well, and this kernel may have one processor only.
            sysctl(lab + "/" + node, "ipv6/conf/all/disable_ipv6", "1");
            sysctl(lab + "/" + node, "ipv6/conf/default/disable_ipv6", "1");
        }
        console.must("netns:exec exp05-loops/netns3 tc qdisc add dev vethx root netem delay 10ms limit 50");
        console.must("netns:exec exp05-loops/netns8 tc qdisc add dev vethy root netem delay 10ms limit 50");
        awaitForwarding(lab);
        List<String> seen = new ArrayList<>();
        seen.add(circles(lab, "one-path-down netns1 netns4:veth44", SILENCE));

        Console.Outcome staged = console.run("lab:stage exp05-loops no-filtering");
        assertFalse(staged.all(), staged.failed());
        assertTrue(staged.all(), staged.all().contains("warning: layer-2 loop in all VLANs"));
        seen.add(0, circles(lab, "unfiltered netns1 netns4:veth44", SOON));

        console.must("lab:stage exp05-loops one-path-down");
        console.must("lab:stage exp05-loops vid1-pvid-on-lines");
        seen.add(circles(lab, "vid1-pvid-on-lines netns3 netns8:bry", SOON));

        console.must("lab:stage exp05-loops vid1-extra-on-lines");
        seen.add(circles(lab, "vid1-extra-on-lines netns3 netns8:bry", SILENCE));
        seen.add(circles(lab, "vid1-extra-on-lines netns1 netns6:veth66", SILENCE));
        assertEquals("SINGLE", outcome(circles(lab, "leak netns3 netns6:veth66", SILENCE)));
        assertEquals("SINGLE", outcome(circles(lab, "leak netns3 netns7:veth77", SILENCE)));

        console.must("lab:stage exp05-loops vid1-deleted");
        seen.add(circles(lab, "vid1-deleted netns3 netns8:bry", SILENCE));
        seen.add(circles(lab, "vid1-deleted netns1 netns6:veth66", SILENCE));
        seen.add(circles(lab, "vid1-deleted netns1 netns7:veth77", SILENCE));
        assertEquals(
                Stream.of("loop-no-vlan-filtering", "loop-filtering-default-vid1", "loop-vid1-deleted")
                        .flatMap(phase -> expected("exp05", phase, "loop").stream())
                        .toList(),
                seen);
    }

    /** Experiment 5, phase stp-no-filtering. */
    @Test
    public void aSpanningTreeEndsTheCircle() throws Exception {
        console.must("lab:apply --stage stp-no-filtering " + System.getProperty("netyard.labs") + "/exp05.yaml");
        List<String> seen = new ArrayList<>();
        for (String line : expected("exp05", "stp-no-filtering", "stpstate")) {
            String[] words = line.split(" ");
            seen.add("stpstate %s %s %s".formatted(words[1], words[2], state("exp05/" + words[1], words[2])));
        }
        seen.add(circles("exp05", "stp-unfiltered netns1 netns4:veth44", SILENCE));
        assertEquals(expected("exp05", "stp-no-filtering", "stpstate|loop"), seen);
    }

    private String state(String node, String port) {
        return bridges.list(ref(node)).stream()
                .flatMap(bridge -> bridge.ports().stream())
                .filter(each -> each.name().value().equals(port))
                .findFirst()
                .map(each -> each.state().toString())
                .orElse("none");
    }

    /** @param question label, sender, and place as {@code NODE:INTERFACE} */
    private String circles(String lab, String question, Duration time) {
        String[] words = question.split(" ");
        String[] place = words[2].split(":");
        InterfaceName device = new InterfaceName(
                words[1].equals("netns3") ? "brx" : "veth" + words[1].substring(5) + words[1].substring(5));
        Mark mark = new Mark();
        try (Intruder sender = new Intruder(ref(lab + "/" + words[1]), device);
                Lookout lookout = new Lookout().add("place", ref(lab + "/" + place[0]), new InterfaceName(place[1]))) {
            sender.arpRequest(List.of(), sender.mac(), ipv4("192.168.5.250"), ipv4("192.168.5.251"), mark);
            return "loop %s %s".formatted(question, lookout.count(mark, "place", time));
        }
    }

    private static String outcome(String line) {
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    /** Experiment 9, phases spoof and physdev-on-brz. */
    @Test
    public void theHostsAddressIsNotForOthersToUse() throws Exception {
        String lab = System.getProperty("netyard.labs") + "/exp09.yaml";
        console.must("lab:apply --stage no-rules " + lab);
        awaitForwarding("exp09");
        sysctl("exp09/netns10", "ipv4/conf/all/rp_filter", "0");
        assertEquals(List.of("netns10:brz.10", "netns10:vethn"), forgedHost());

        String legacy = "netns:exec exp09/netns10 iptables-legacy ";
        sysctl("exp09/netns10", "bridge/bridge-nf-call-iptables", "1");
        console.must(legacy + "-I FORWARD -m physdev --physdev-in vethz -j DROP");
        console.must(legacy + "-I FORWARD -m physdev --physdev-in vethhz -j DROP");
        for (String line : expected("exp09", "physdev-on-brz", "ping")) {
            // ping SENDER internet-taggedVALUE OUTCOME
            String[] words = line.split(" ", 4);
            String value = words[2].substring(words[2].length() - 1);
            sysctl("exp09/netns10", "bridge/bridge-nf-filter-vlan-tagged", value);
            assertPinged(words[3], words[1].equals("host") ? "host" : "exp09/" + words[1], "198.51.100.10");
        }
        console.must(legacy + "-D FORWARD -m physdev --physdev-in vethz -j DROP");
        console.must(legacy + "-D FORWARD -m physdev --physdev-in vethhz -j DROP");

        console.must("lab:stage exp09 firewall");
        sysctl("exp09/netns10", "ipv4/conf/all/rp_filter", "0");
        assertEquals(List.of("netns10:brz.10"), forgedHost());
        assertPinged("OK ttl=63", "exp09/netns1", "198.51.100.10");
    }

    /** A port forwards some time after it has come up; verifying asks until those who should answer do. */
    private void awaitForwarding(String lab) {
        console.must("lab:verify " + lab);
    }

    /** Where in the router an echo request is seen that netns1 sends with the host's address as its source. */
    private List<String> forgedHost() {
        Mark mark = new Mark();
        NetnsRef router = ref("exp09/netns10");
        try (Intruder sender = new Intruder(ref("exp09/netns1"), new InterfaceName("veth11"));
                Lookout lookout = new Lookout()
                        .add("netns10:brz.10", router, new InterfaceName("brz.10"))
                        .add("netns10:vethn", router, new InterfaceName("vethn"))) {
            sender.echoRequest(
                    List.of(),
                    sender.mac(),
                    ipv4("192.168.40.1"),
                    Victim.mac(router, new InterfaceName("brz.10")),
                    ipv4("198.51.100.10"),
                    mark);
            return lookout.watch(mark, Duration.ofSeconds(2)).stream()
                    // Coming in from green, going out to the Internet; not the answer.
                    .filter(seen -> seen.outgoing() == seen.place().equals("netns10:vethn"))
                    .map(Lookout.Seen::place)
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    private void apply(String lab, String stage) throws IOException, InterruptedException {
        Files.writeString(
                file,
                text(lab)
                                .replaceAll(MEMBERS_SPEAK_IPV6, "192.168.5.$1/24, 'fd05::$1/64'")
                                .replace("\n  netns9:\n", "\n" + NETNS9_ROUTES)
                        + FURTHER_STAGES);
        console.must("lab:apply --stage " + stage + " " + file);
        // A port forwards when the kernel has told it of its carrier, up to a second later.
        Console.await(() -> Stream.of("netns3", "netns8")
                .flatMap(node -> bridges.list(ref(lab + "/" + node)).stream())
                .flatMap(bridge -> bridge.ports().stream())
                .allMatch(port -> port.state() == PortState.FORWARDING));
    }

    private static String text(String lab) throws IOException {
        return Files.readString(Path.of(System.getProperty("netyard.labs"), lab + ".yaml"));
    }

    private void verifies(String lab) {
        Console.Outcome verified = console.run("lab:verify " + lab);
        assertFalse(verified.all(), verified.failed());
    }

    private NetnsRef ref(String node) {
        return namespaces.resolve(node).ref();
    }

    private void forget(String... nodes) {
        for (String node : nodes) {
            Victim.forget(ref(node));
        }
    }

    private void sysctl(String node, String name, String value) {
        NamespaceThread.call(ref(node), () -> Files.writeString(Path.of("/proc/sys/net", name), value));
    }

    /**
     * An answer that is expected is asked for more than once: while the kernel is still looking for a neighbour that an earlier question was
     * about, it tells the next one that there is none.
     *
     * @param expected {@code OK ttl=…} or {@code FAIL}
     */
    private void assertPinged(String expected, String from, String to) {
        int attempts = expected.equals("FAIL") ? 1 : PINGS;
        String pinged = "";
        String outcome = "";
        for (int i = 0; i < attempts && !outcome.equals(expected); i++) {
            pinged = console.run("netns:exec %s ping -c 1 -w 2 %s".formatted(from, to))
                    .all();
            outcome = pinged.lines()
                    .filter(line -> line.contains(" ttl="))
                    .map(line -> "OK " + line.replaceAll(".* (ttl=\\d+) .*", "$1"))
                    .findFirst()
                    .orElse("FAIL");
        }
        assertEquals(from + " pings " + to + ": " + pinged, expected, outcome);
    }

    private static Inet4Address ipv4(String text) {
        return (Inet4Address) IpPrefix.parseAddress(text);
    }

    /** Lines of a phase. */
    private static List<String> expected(String lab, String phase, String kinds) {
        List<String> lines = new ArrayList<>();
        Optional<String> current = Optional.empty();
        try (InputStream in = AttacksIT.class.getResourceAsStream("/expected/" + lab + ".txt");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("phase ")) {
                    current = Optional.of(line.substring("phase ".length()));
                } else if (current.equals(Optional.of(phase)) && line.matches("(" + kinds + ") .*")) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertFalse(lab + " " + phase, lines.isEmpty());
        return lines;
    }
}
