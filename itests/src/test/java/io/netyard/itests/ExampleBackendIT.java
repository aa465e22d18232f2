package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.Firewall.Backend;
import io.netyard.api.firewall.Firewall.Enforcement;
import io.netyard.api.firewall.Firewall.State;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.netns.Namespaces;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerSuite;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Somebody else's firewall backend: its jar is dropped into deploy/, it is used, and it goes again. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class ExampleBackendIT {

    private static final String RULE = "'forward in p udp dport 7 drop'";

    @Inject
    private BundleContext context;

    @Inject
    private SessionFactory sessions;

    @Inject
    private Namespaces namespaces;

    @Inject
    private Firewall firewall;

    private Console console;

    @Configuration
    public Option[] shippedDistribution() {
        return ShippedDistribution.options();
    }

    @Before
    public void commands() throws InterruptedException {
        console = new Console(sessions);
        console.awaitCommands("netns:list", "bridge:list", "fw:list");
    }

    @Test
    public void aBackendNobodyKnewIsUsedAndLeaves() throws Exception {
        List<String> before = Console.traces();
        assertFalse(isThere());
        Path deployed = Path.of(System.getProperty("karaf.base"), "deploy", "example.jar");
        deploy(deployed);
        Console.await(this::isThere);
        Optional<String> unavailable = firewall.backends().stream()
                .filter(backend -> backend.name().equals("example"))
                .findFirst()
                .flatMap(Backend::unavailable);
        try {
            assumeTrue("needs nft with the family bridge: " + unavailable, unavailable.isEmpty());
            use(deployed);
            keepsTheContract();
        } finally {
            Files.deleteIfExists(deployed);
            console.must("netns:destroy --all");
        }
        Console.await(() -> !isThere());
        Console.await(() -> Console.traces().equals(before));
    }

    private void use(Path deployed) throws Exception {
        assertTrue(console.must("fw:backends").contains("example"));
        console.must("netns:create switch");
        console.must("bridge:create switch br --up");
        String set = console.must("fw:policy switch seven --layer link --bridge br --pin example " + RULE);
        assertTrue(set, set.contains("by example"));
        assertEquals(State.IN_FORCE, policy().state());
        String shown = console.must("fw:show switch seven");
        assertTrue(shown, shown.contains("iifname p meta l4proto udp th dport 7 counter drop"));
        assertTrue(console.must("fw:stats switch").contains("example"));

        // It says what it cannot do.
        Console.Outcome refused =
                console.run("fw:policy switch eight --layer link --bridge br --pin example 'ingress in p tagged drop'");
        assertTrue(refused.failed());
        assertTrue(refused.all(), refused.all().contains("example cannot express ingress in p tagged drop"));

        // Without the pin the best one takes over; with it, the rules stay when the jar goes, and are taken up again.
        console.must("fw:policy switch seven --layer link --bridge br " + RULE);
        assertFalse(policy().backend().equals(Optional.of("example")));
        console.must("fw:policy switch seven --layer link --bridge br --pin example " + RULE);
        Files.delete(deployed);
        Console.await(() -> policy().state() == State.DEGRADED);
        assertEquals(Optional.of("example"), policy().backend());
        assertTrue(rules(), rules().contains("table bridge example-seven"));
        deploy(deployed);
        Console.await(() -> policy().state() == State.IN_FORCE);
        console.must("fw:policy switch seven --delete");
        assertEquals("", rules());
    }

    /** The same contract as the backends that are shipped. */
    private void keepsTheContract() throws Exception {
        ServiceReference<FirewallBackend> reference = context.getServiceReferences(
                        FirewallBackend.class, "(%s=example)".formatted(FirewallBackend.NAME))
                .iterator()
                .next();
        try {
            assertEquals(
                    List.of(), ContractBundle.failures(context.getService(reference), "example", namespaces, false));
        } finally {
            context.ungetService(reference);
        }
    }

    private static void deploy(Path deployed) throws IOException {
        Path draft = deployed.resolveSibling("example.draft");
        Files.copy(jar(), draft, StandardCopyOption.REPLACE_EXISTING);
        Files.move(draft, deployed, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path jar() throws IOException {
        Path root = Path.of(System.getProperty("netyard.labs")).getParent().getParent();
        Path target = root.resolve("examples/firewall-backend-example/target");
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "firewall-backend-example-*.jar")) {
            return jars.iterator().next();
        }
    }

    private boolean isThere() {
        return firewall.backends().stream().anyMatch(backend -> backend.name().equals("example"));
    }

    private Enforcement policy() {
        return firewall.enforcements(namespaces.resolve("switch").ref()).get(0);
    }

    private String rules() {
        return namespaces
                .run(
                        namespaces.resolve("switch").ref(),
                        List.of("nft", "list", "ruleset"),
                        "",
                        java.time.Duration.ofSeconds(30))
                .output();
    }
}
