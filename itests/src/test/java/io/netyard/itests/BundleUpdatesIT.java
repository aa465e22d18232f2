package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Every bundle of Netyard is updated, restarted and refreshed with a lab up and packets under way. This class itself uses none of them: it would be
 * refreshed with them.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class BundleUpdatesIT {

    private static final String LAB =
            """
            lab: updated
            nodes:
              a: {interfaces: {e: {addresses: [10.74.1.1/24]}}, routes: [default via 10.74.1.254]}
              r:
                interfaces: {ra: {addresses: [10.74.1.254/24]}, rb: {addresses: [10.74.2.254/24]}}
                forwarding: true
                firewall: [forward udp dport 9 drop]
              b: {holder: pin}
              c: {interfaces: {e: {addresses: [10.74.2.1/24]}}, routes: [default via 10.74.2.254]}
            switches: {br: {node: b}}
            links: {one: ["a:e", "r:ra"], two: ["r:rb", br], three: ["c:e", br]}
            """;

    private static final Pattern HOLDER = Pattern.compile("netyard:updated/([a-z]+)");

    private static final Pattern OURS = Pattern.compile(
            "io\\.netyard\\.(api|kernel|netns|link|bridge|routing|firewall(\\..*)?|container|lab|proof|shell)");

    @Inject
    private BundleContext context;

    @Inject
    private SessionFactory sessions;

    private Console console;
    private List<String> before;
    private Path file;

    @Configuration
    public Option[] shippedDistribution() {
        return ShippedDistribution.options();
    }

    @Before
    public void apply() throws Exception {
        assumeFalse(
                "takes minutes in the lab kernel: runs on the host kernel", Files.exists(Path.of("/proc/exitcode")));
        console = new Console(sessions);
        console.awaitCommands();
        before = Console.traces();
        file = Files.write(Files.createTempFile("updated", ".yaml"), LAB.getBytes(StandardCharsets.UTF_8));
        console.must("lab:apply " + file);
    }

    @After
    public void nothingIsLeft() throws Exception {
        if (file != null) {
            console.must("lab:destroy updated");
            Files.delete(file);
            Console.await(() -> Console.traces().equals(before));
        }
    }

    @Test
    public void noPacketIsLostAndTheLabIsManagedAgain() throws Exception {
        List<Bundle> bundles = Arrays.stream(context.getBundles())
                .filter(bundle -> OURS.matcher(bundle.getSymbolicName()).matches())
                .toList();
        assertTrue("bundles: " + bundles, bundles.size() >= 14);
        try (PacketStream stream = new PacketStream(pid("a"), pid("c"), "10.74.2.1")) {
            for (Bundle bundle : bundles) {
                for (String how : List.of("update", "restart", "refresh")) {
                    console.must("bundle:%s %d".formatted(how, bundle.getBundleId()));
                    requireManaged(how + " of " + bundle.getSymbolicName());
                }
            }
            PacketStream.Figures figures = stream.finish();
            System.out.printf("bundles updated, restarted and refreshed: %d; %s%n", bundles.size(), figures);
            assertEquals("lost", 0, figures.lost());
            assertTrue("sent: " + figures, figures.sent() > 1_000);
        }
    }

    private void requireManaged(String after) throws Exception {
        try {
            // A refresh goes on when the command has returned.
            Console.await(() -> {
                Console.Outcome plan = console.run("lab:plan " + file);
                Console.Outcome show = console.run("lab:show --json updated");
                return !plan.failed()
                        && plan.out().contains("nothing to do")
                        && !show.failed()
                        && show.out().split("\"inode\": *[0-9]", -1).length == 5;
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    after + ": " + console.run("lab:plan " + file).all()
                            + console.run("lab:show updated").all(),
                    e);
        }
        assertTrue(after, console.must("lab:list").lines().anyMatch(line -> line.matches("updated .* up .*")));
    }

    private static long pid(String node) throws Exception {
        List<Long> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(directory -> directory.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    Matcher holder = HOLDER.matcher(Files.readString(process.resolve("cmdline")));
                    if (holder.lookingAt() && holder.group(1).equals(node)) {
                        found.add(Long.parseLong(process.getFileName().toString()));
                    }
                } catch (java.io.IOException e) {
                    // It ended while we looked.
                    continue;
                }
            }
        }
        assertEquals(node, 1, found.size());
        return found.get(0);
    }
}
