package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.netyard.api.bridge.Bridges;
import io.netyard.api.lab.Labs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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
 * The shipped labs of experiments 1 to 4, stage by stage, through the console: what {@code lab:verify --lines} prints
 * is what was measured by hand in a kernel that can do it all.
 *
 * <p>Where the kernel lacks bridge VLAN filtering the labs that need it must be refused, with nothing left behind.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class ExperimentsIT {

    @Inject
    private SessionFactory sessions;

    @Inject
    private Bridges bridges;

    @Inject
    private Labs labs;

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

    private void holdsAtEveryStage(String lab, Map<String, List<String>> expected) {
        String first = expected.keySet().iterator().next();
        console.must("lab:apply --stage " + first + " " + file(lab));
        for (Map.Entry<String, List<String>> phase : expected.entrySet()) {
            console.must("lab:stage " + lab + " " + phase.getKey());
            assertTrue(
                    "a second time there is nothing to do",
                    labs.planStage(lab, phase.getKey()).isEmpty());
            Console.Outcome verified = console.run("lab:verify --lines " + lab);
            assertEquals(verified.all(), phase.getValue(), verified.lines());
            assertTrue("promises kept: " + verified.all(), !verified.failed());
        }
        // And straight from the last stage to each other one, which no growing step has prepared.
        List<String> stages = new ArrayList<>(expected.keySet());
        console.must("lab:stage " + lab + " " + stages.get(0));
        assertEquals(
                expected.get(stages.get(0)),
                console.run("lab:verify --lines " + lab).lines());
        console.must("lab:destroy " + lab);
        assertTrue(labs.names().isEmpty());
    }

    private static String file(String lab) {
        return System.getProperty("netyard.labs") + "/" + lab + ".yaml";
    }

    /** Phase name to its lines, the phase line included, in order. */
    private static Map<String, List<String>> expected(String lab) throws IOException {
        Map<String, List<String>> phases = new LinkedHashMap<>();
        List<String> current = null;
        try (InputStream in = ExperimentsIT.class.getResourceAsStream("/expected/" + lab + ".txt");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("phase ")) {
                    current = new ArrayList<>();
                    phases.put(line.substring("phase ".length()), current);
                }
                current.add(line);
            }
        }
        return phases;
    }
}
