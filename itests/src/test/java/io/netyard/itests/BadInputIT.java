package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.netyard.api.lab.Labs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Whatever a user gets wrong costs one clear line, creates nothing, and leaves the console alive. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class BadInputIT {

    @Inject
    private SessionFactory sessions;

    @Inject
    private Labs labs;

    private Console console;
    private List<String> before;
    private Path directory;

    @Configuration
    public Option[] shippedDistribution() {
        return ShippedDistribution.options();
    }

    @Before
    public void look() throws InterruptedException, IOException {
        console = new Console(sessions);
        console.awaitCommands();
        before = Console.traces();
        directory = Files.createTempDirectory("bad-input");
    }

    @After
    public void nothingWasCreated() throws IOException {
        assertEquals(before, Console.traces());
        assertTrue(labs.names().isEmpty());
        console.must("lab:list");
        try (java.util.stream.Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    @Test
    public void aWrongFileIsToldByFileLineAndColumn() throws IOException {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("unknown key", "lab: x\nnodes: {a: {}}\nswtiches: {}\n");
        wrong.put("duplicate node", "lab: x\nnodes:\n  a: {}\n  a: {}\n");
        wrong.put("VLAN 0", "lab: x\nnodes: {a: {}, b: {}}\nswitches: {br: {node: b, self: [\"0\"]}}\n");
        wrong.put("VLAN 4095", "lab: x\nnodes: {a: {}, b: {}}\nswitches: {br: {node: b, self: [\"4095\"]}}\n");
        wrong.put(
                "interface name of 16 bytes",
                "lab: x\nnodes: {a: {}, b: {}}\nlinks: {l: [\"a:abcdefghijklmnop\", \"b:x\"]}\n");
        wrong.put("interface name with a slash", "lab: x\nnodes: {a: {}, b: {}}\nlinks: {l: [\"a:et/0\", \"b:x\"]}\n");
        wrong.put(
                "address twice",
                "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\nlinks: {l: [\"a:e\", \"b:e\"]}\n");
        wrong.put("link to a missing node", "lab: x\nnodes: {a: {}}\nlinks: {l: [\"a:e\", \"ghost:e\"]}\n");
        for (Map.Entry<String, String> entry : wrong.entrySet()) {
            Path file = Files.writeString(directory.resolve("lab.yaml"), entry.getValue(), StandardCharsets.UTF_8);
            Console.Outcome outcome = console.run("lab:apply " + file);
            assertTrue(entry.getKey() + " must be refused", outcome.failed());
            assertTrue(entry.getKey() + ": " + outcome.all(), outcome.all().matches("(?s).*lab\\.yaml:\\d+:\\d+: .*"));
        }
    }

    @Test
    public void aFileThatIsNotThere() {
        Console.Outcome outcome = console.run("lab:apply " + directory + "/none.yaml");
        assertTrue(outcome.failed());
        assertTrue(outcome.all(), outcome.all().contains("none.yaml"));
    }

    @Test
    public void aFileOfTenMegabytes() throws IOException {
        Path file = Files.write(directory.resolve("huge.yaml"), new byte[10 << 20]);
        Console.Outcome outcome = console.run("lab:apply " + file);
        assertTrue(outcome.failed());
        assertTrue(outcome.all(), outcome.all().contains("huge.yaml"));
    }

    @Test(timeout = 60_000)
    public void aYamlAliasBomb() throws IOException {
        StringBuilder bomb = new StringBuilder("lab: x\na0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        Path file = Files.writeString(directory.resolve("bomb.yaml"), bomb.toString(), StandardCharsets.UTF_8);
        Console.Outcome outcome = console.run("lab:apply " + file);
        assertTrue(outcome.failed());
        assertTrue(outcome.all(), outcome.all().contains("bomb.yaml"));
    }

    @Test
    public void aNodeALabAStageAndAHolderThatDoNotExist() {
        for (String command : List.of(
                "netns:show ghost",
                "netns:destroy ghost",
                "netns:exec ghost true",
                "netns:create --holder ghost a",
                "lab:verify ghost",
                "lab:stage ghost vlans",
                "lab:destroy ghost",
                "lab:apply --stage ghost " + System.getProperty("netyard.labs") + "/exp01.yaml",
                "link:set --up ghost:eth0",
                "bridge:fdb ghost:br0")) {
            Console.Outcome outcome = console.run(command);
            assertTrue(command + " must fail", outcome.failed());
            assertTrue(command + ": " + outcome.all(), outcome.all().contains("ghost"));
        }
    }
}
