package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.netyard.api.NetnsRef;
import io.netyard.api.bridge.Bridge.PortState;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.lab.Labs;
import io.netyard.api.link.Links;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * The shipped labs of experiments 1 to 10, stage by stage, through the console: what {@code lab:verify --lines} prints
 * is what was measured by hand in a kernel that can do it all.
 *
 * <p>Where the kernel lacks bridge VLAN filtering the labs that need it must be refused, with nothing left behind.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class ExperimentsIT {

    /** What lab:verify prints; the other lines were measured by other means. */
    private static final String MEASURED = "(ping|arp|vlan|bcast|see|tagged|neigh|tcp) .*";

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

    @Configuration
    public Option[] shippedDistribution() {
        return ShippedDistribution.options();
    }

    @Before
    public void look() throws InterruptedException {
        console = new Console(sessions);
        console.awaitCommands();
        before = Console.traces();
    }

    @After
    public void nothingIsLeft() throws InterruptedException {
        for (String lab : labs.names()) {
            console.must("lab:destroy " + lab);
        }
        Console.await(() -> Console.traces().equals(before));
    }

    @Test
    public void experiment1OneCable() throws IOException {
        holdsAtEveryStage("exp01");
    }

    @Test
    public void experiment2ABridgeInAThirdNamespace() throws IOException {
        Map<String, List<String>> expected = expected("exp02");
        if (!bridges.supportsVlanFiltering()) {
            // A bridge works without VLAN tables; there is just none to print.
            expected.values().forEach(lines -> lines.removeIf(line -> line.startsWith("vlan ")));
        }
        holdsAtEveryStage("exp02", expected);
    }

    @Test
    public void experiment3GroupsInOneSubnet() throws IOException {
        holdsWhereTheKernelCan("exp03");
    }

    @Test
    public void experiment4TagsOutsideTheBridge() throws IOException {
        holdsWhereTheKernelCan("exp04");
    }

    @Test
    public void experiment5GroupsAcrossTwoBridges() throws IOException {
        holdsWhereTheKernelCan("exp05");
    }

    @Test
    public void experiment6OneMemberOfTwoGroups() throws IOException {
        holdsWhereTheKernelCan("exp06");
    }

    /** Experiment 5, phases stp-with-filtering and stp-no-filtering. */
    @Test
    public void aSpanningTreeShutsOneOfTwoLinesWhateverTheirVlans() {
        assumeTrue("needs bridge VLAN filtering", bridges.supportsVlanFiltering());
        Console.Outcome applied = console.run("lab:apply --stage stp-with-filtering " + file("exp05"));
        assertTrue(applied.all(), !applied.failed());
        assertTrue(applied.all(), applied.all().contains("it blocks netns8:vethy.60, with netns3:brx as its root"));
        assertTrue(applied.all(), applied.all().contains("group rosa into netns4, netns5 and netns7"));
        for (String stage : List.of("stp-with-filtering", "stp-no-filtering")) {
            console.must("lab:stage exp05 " + stage);
            assertEquals(PortState.FORWARDING, state("netns3", "vethx.50"));
            assertEquals(PortState.FORWARDING, state("netns3", "vethx.60"));
            assertEquals(PortState.FORWARDING, state("netns8", "vethy.50"));
            assertEquals(PortState.BLOCKING, state("netns8", "vethy.60"));
        }
        console.must("lab:stage exp05 loop-vid1-deleted");
        assertEquals(PortState.FORWARDING, state("netns8", "vethy.60"));
    }

    private PortState state(String node, String name) {
        return bridges.list(namespaces.resolve("exp05/" + node).ref()).stream()
                .flatMap(bridge -> bridge.ports().stream())
                .filter(port -> port.name().value().equals(name))
                .findFirst()
                .orElseThrow()
                .state();
    }

    /** Two cables between two bridges, which any kernel can have. */
    @Test
    public void aLabInWhichFramesWouldCircleIsRefused() throws IOException {
        Path looping = Files.createTempFile("looping", ".yaml");
        try {
            Files.writeString(
                    looping,
                    """
                    lab: looping
                    nodes: {left: {}, right: {}}
                    links: {one: [brl, brr], two: [brl, brr]}
                    switches: {brl: {node: left}, brr: {node: right}}
                    stages:
                      - name: open
                      - name: one-cable
                        links: {two: null}
                      - name: closed-by-stp
                        links: {two: [brl, brr]}
                        switches: {brl: {stp: true, forward_delay: 2}, brr: {stp: true, forward_delay: 2}}
                    """);
            Console.Outcome planned = console.run("lab:plan --stage open " + looping);
            assertTrue(planned.all(), !planned.failed());
            assertTrue(planned.all(), planned.all().contains("warning: layer-2 loop"));
            Console.Outcome refused = console.run("lab:apply --stage open " + looping);
            assertTrue("must be refused", refused.failed());
            assertTrue(refused.all(), refused.all().contains("layer-2 loop"));
            assertEquals("nothing created", before, Console.traces());

            console.must("lab:apply --stage one-cable " + looping);
            assertTrue(console.run("lab:stage looping open").failed());
            Console.Outcome closed = console.run("lab:stage looping closed-by-stp");
            assertTrue(closed.all(), !closed.failed());
            assertTrue(closed.all(), closed.all().contains("STP closes a layer-2 loop"));
        } finally {
            Files.delete(looping);
        }
    }

    @Test
    public void experiment7TwoSubnets() throws IOException {
        holdsWhereTheKernelCan("exp07");
    }

    @Test
    public void experiment8AWayIntoTheInternet() throws IOException {
        holdsWhereTheKernelCan("exp08");
    }

    @Test
    public void experiment9TheHostThroughTheSameCard() throws IOException {
        holdsWhereTheKernelCan("exp09");
    }

    @Test
    public void experiment10AllTogether() throws IOException {
        holdsWhereTheKernelCan("exp10");
    }

    /** Experiment 1, phase process-killed: the namespace ends with its last process, and the cable with the namespace. */
    @Test
    public void theCableGoesWithTheNamespaceWhoseHolderIsKilled() throws IOException, InterruptedException {
        console.must("lab:apply --stage cable " + file("exp01"));
        NetnsRef left = namespaces.resolve("exp01/netns1").ref();
        Netns right = namespaces.resolve("exp01/netns2");
        assertTrue(hasLink(left, "veth11"));

        ProcessHandle.of(right.pid().orElseThrow()).orElseThrow().destroyForcibly();

        Console.await(() -> !hasLink(left, "veth11"));
        Console.Outcome verified = console.run("lab:verify exp01");
        assertTrue("a broken promise is an error: " + verified.all(), verified.failed());

        console.must("lab:apply --stage cable " + file("exp01"));
        assertEquals(expected("exp01").get("cable"), verified("exp01", "cable"));
    }

    /** Experiment 2, phase iptables-on-bridge: bridged frames meet iptables only where br_netfilter is told so. */
    @Test
    public void iptablesStopsBridgedFramesOnlyWithBridgeNetfilter() {
        console.must("lab:apply --stage bridge " + file("exp02"));
        console.must("netns:exec exp02/netns3 iptables-legacy -A FORWARD -j DROP");
        String callIptables = "/proc/sys/net/bridge/bridge-nf-call-iptables";

        console.must("netns:exec exp02/netns3 sh -c 'echo 0 > " + callIptables + "'");
        assertTrue(console.run("lab:verify --lines exp02").lines().contains("ping netns1 netns2 OK"));

        console.must("netns:exec exp02/netns3 sh -c 'echo 1 > " + callIptables + "'");
        assertTrue(console.run("lab:verify --lines exp02").lines().contains("ping netns1 netns2 FAIL"));
    }

    private boolean hasLink(NetnsRef netns, String name) {
        return links.list(netns).stream().anyMatch(link -> link.name().value().equals(name));
    }

    private void holdsWhereTheKernelCan(String lab) throws IOException {
        if (bridges.supportsVlanFiltering()) {
            holdsAtEveryStage(lab);
        } else {
            Console.Outcome refused = console.run("lab:apply " + file(lab));
            assertTrue("must be refused", refused.failed());
            assertTrue(refused.all(), refused.all().contains("VLAN filtering"));
            assertTrue(refused.all(), refused.all().contains("--sandbox"));
            assertEquals("nothing created", before, Console.traces());
        }
    }

    private void holdsAtEveryStage(String lab) throws IOException {
        holdsAtEveryStage(lab, expected(lab));
    }

    /**
     * A phase that goes through several states is a stage for each of them, {@code PHASE} and {@code PHASE.STATE}, which together print its
     * lines. Stages called {@code guard…} show what Netyard adds and was not there to be measured; what they promise must hold.
     */
    private void holdsAtEveryStage(String lab, Map<String, List<String>> expected) {
        console.must("lab:apply " + file(lab));
        List<String> stages = labs.running(lab).stages();
        console.must("lab:stage " + lab + " " + stages.get(0));
        Map<String, List<String>> printed = new LinkedHashMap<>();
        for (String stage : stages) {
            console.must("lab:stage " + lab + " " + stage);
            assertTrue(
                    "a second time there is nothing to do",
                    labs.planStage(lab, stage).isEmpty());
            printed.computeIfAbsent(phase(stage), any -> new ArrayList<>()).addAll(verified(lab, stage));
        }
        printed.keySet().removeIf(phase -> phase.startsWith("guard"));
        printed.forEach((phase, lines) -> {
            boolean several =
                    stages.stream().filter(stage -> phase(stage).equals(phase)).count() > 1;
            List<String> measured = expected.get(phase);
            assertEquals(phase, several ? sorted(measured) : measured, several ? sorted(lines) : lines);
        });
        // And straight from the last stage to the first one, which no growing step has prepared.
        console.must("lab:stage " + lab + " " + stages.get(0));
        verified(lab, stages.get(0));
        console.must("lab:destroy " + lab);
        assertTrue(labs.names().isEmpty());
    }

    private static String phase(String stage) {
        int dot = stage.indexOf('.');
        return dot < 0 ? stage : stage.substring(0, dot);
    }

    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    /** What lab:verify prints of a stage, without the line that names it. */
    private List<String> verified(String lab, String stage) {
        Console.Outcome verified = console.run("lab:verify --lines " + lab);
        assertTrue("promises kept at " + stage + ": " + verified.all(), !verified.failed());
        assertEquals("phase " + stage, verified.lines().get(0));
        return verified.lines().subList(1, verified.lines().size());
    }

    private static String file(String lab) {
        return System.getProperty("netyard.labs") + "/" + lab + ".yaml";
    }

    /** Phase name to the lines that verifying it prints, in order. */
    private static Map<String, List<String>> expected(String lab) throws IOException {
        Map<String, List<String>> phases = new LinkedHashMap<>();
        List<String> current = null;
        try (InputStream in = ExperimentsIT.class.getResourceAsStream("/expected/" + lab + ".txt");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("phase ")) {
                    current = new ArrayList<>();
                    phases.put(line.substring("phase ".length()), current);
                } else if (line.matches(MEASURED)) {
                    current.add(line);
                }
            }
        }
        return phases;
    }
}
