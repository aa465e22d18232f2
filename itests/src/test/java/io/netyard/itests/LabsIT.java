package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.lab.LabEvents;
import io.netyard.api.lab.Labs;
import io.netyard.api.link.Link;
import io.netyard.api.link.Links;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.NetnsSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/** Labs that nobody shipped, and changes that fail or die half-way. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class LabsIT {

    private static final int MEMBERS = 30;

    @Inject
    private BundleContext context;

    @Inject
    private SessionFactory sessions;

    @Inject
    private Bridges bridges;

    @Inject
    private Links links;

    @Inject
    private Labs labs;

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
        console.awaitCommands();
        before = Console.traces();
        file = Files.createTempFile("lab", ".yaml");
    }

    @After
    public void nothingIsLeft() throws InterruptedException, IOException {
        Files.delete(file);
        console.must("lab:destroy --all");
        Console.await(() -> Console.traces().equals(before));
    }

    /** Three groups of ten, both families, generated interface names. Without VLAN filtering: one segment. */
    @Test
    public void thirtyMembersOverIpv4AndIpv6() throws IOException {
        boolean vlans = bridges.supportsVlanFiltering();
        StringBuilder text = new StringBuilder("lab: campus\nnodes:\n  core: {}\n");
        StringBuilder cables = new StringBuilder("links:\n");
        String[] members = new String[3];
        Arrays.fill(members, "");
        for (int i = 1; i <= MEMBERS; i++) {
            text.append("  host-%1$d: {interfaces: {eth0: {addresses: [10.77.0.%1$d/16, 'fd77::%1$d/64']}}}\n"
                    .formatted(i));
            cables.append("  c%1$d: ['host-%1$d:eth0', sw]\n".formatted(i));
            members[i % 3] += (members[i % 3].isEmpty() ? "" : ", ") + "host-" + i;
        }
        text.append("switches:\n  sw: {node: core, name: trunk0}\n")
                .append(cables)
                .append("groups:\n");
        for (int group = 0; group < members.length; group++) {
            text.append("  floor%d: {%smembers: [%s]}\n"
                    .formatted(group, vlans ? "vlan: " + (1000 + group * 7) + ", " : "", members[group]));
        }
        if (!vlans) {
            text.append("expect: {reach: [all]}\n");
        }
        Files.writeString(file, text, StandardCharsets.UTF_8);

        console.must("lab:apply " + file);
        assertTrue(labs.plan(file, Optional.empty()).isEmpty());
        List<String> lines = console.run("lab:verify --lines campus").lines();
        int inside = vlans ? 3 * 10 * 9 : MEMBERS * (MEMBERS - 1);
        assertEquals(inside, lines.stream().filter(line -> line.endsWith(" OK")).count());
        assertEquals(
                MEMBERS * (MEMBERS - 1) - inside,
                lines.stream().filter(line -> line.endsWith(" FAIL")).count());
        assertTrue(!console.run("lab:verify campus").failed());
        // The same over IPv6 alone, which nothing above needs.
        Files.writeString(file, text.toString().replaceAll("10\\.77\\.0\\.\\d+/16, ", ""), StandardCharsets.UTF_8);
        console.must("lab:apply " + file);
        assertEquals(
                inside,
                console.run("lab:verify --lines campus").lines().stream()
                        .filter(line -> line.endsWith(" OK"))
                        .count());
        console.must("lab:destroy campus");
    }

    @Test
    public void aFailedApplyUndoesWhatItDid() throws Exception {
        ServiceRegistration<NamespaceHolder> broken = register(() -> {
            throw new RequestException("this holder is broken");
        });
        try {
            Files.writeString(
                    file,
                    """
                    lab: half
                    nodes:
                      a: {interfaces: {e: {addresses: [10.0.0.1/24, 'fd00::1/64']}}}
                      b: {interfaces: {e: {addresses: [10.0.0.2/24, 'fd00::2/64']}}}
                    links:
                      cable: ["a:e", "b:e"]
                    expect:
                      reach: ["a <-> b"]
                    stages:
                      - name: small
                      - name: broken
                        nodes:
                          a: {interfaces: {e: {addresses: [10.0.0.9/24], mtu: 1400}}}
                          b: {interfaces: {e: {up: false}}}
                          c: {holder: broken}
                    """,
                    StandardCharsets.UTF_8);
            List<String> nothing = Console.traces();
            Console.Outcome fresh = console.run("lab:apply --stage broken " + file);
            assertTrue(fresh.failed());
            assertTrue(fresh.all(), fresh.all().contains("this holder is broken"));
            Console.await(() -> Console.traces().equals(nothing));
            assertTrue(labs.names().isEmpty());

            console.must("lab:apply --stage small " + file);
            List<String> small = Console.traces();
            assertTrue(console.run("lab:stage half broken").failed());
            Console.await(() -> Console.traces().equals(small));
            assertTrue(labs.planStage("half", "small").isEmpty());
            assertEquals(
                    List.of("phase small", "ping a b OK", "ping b a OK"),
                    console.run("lab:verify --lines half").lines());
        } finally {
            broken.unregister();
        }
    }

    /** An Error passes through everything that undoes and tidies up, as the end of the JVM does. */
    @Test
    public void aChangeThatDiedIsUndoneAtTheNextStart() throws Exception {
        Files.writeString(
                file,
                """
                lab: dying
                nodes:
                  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}
                  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}
                links:
                  cable: ["a:e", "b:e"]
                expect:
                  reach: ["a <-> b"]
                stages:
                  - name: small
                  - name: grown
                    nodes:
                      a: {interfaces: {e: {addresses: [10.0.0.9/24]}}}
                      c: {}
                      d: {holder: broken}
                """,
                StandardCharsets.UTF_8);
        ServiceRegistration<NamespaceHolder> broken = register(() -> {
            throw new Death();
        });
        try {
            assertThrows(Death.class, () -> labs.apply(file, Optional.of("grown"), progress -> {}));
            assertTrue(namespaces.known().stream().anyMatch(netns -> netns.lab().equals(Optional.of("dying"))));
            restartLabs();
            console.awaitCommands();
            assertTrue(
                    namespaces.known().stream().noneMatch(netns -> netns.lab().equals(Optional.of("dying"))));
            assertEquals("", console.run("lab:list --json").out().replaceAll("[\\[\\]\\s]", ""));

            console.must("lab:apply --stage small " + file);
            List<String> small = Console.traces();
            assertThrows(Death.class, () -> service().stage("dying", "grown", progress -> {}));
            assertTrue(!Console.traces().equals(small));
            restartLabs();
            console.awaitCommands();
            Console.await(() -> Console.traces().equals(small));
            assertTrue(service().planStage("dying", "small").isEmpty());
            assertEquals(
                    List.of("phase small", "ping a b OK", "ping b a OK"),
                    console.run("lab:verify --lines dying").lines());
        } finally {
            broken.unregister();
        }
    }

    @Test
    public void itLeavesAsAScriptAndComesBackAsAFile() throws Exception {
        Path shipped = Path.of(System.getProperty("netyard.labs"), "exp01.yaml");
        Path script = file.resolveSibling(file.getFileName() + ".sh");
        Path imported = file.resolveSibling(file.getFileName() + ".imported");
        try {
            console.must("lab:apply --stage cable " + shipped);
            console.must("lab:export exp01 --script --output " + script);
            console.must("lab:destroy exp01");
            assertEquals(before, Console.traces());

            assertEquals(0, bash(script));
            try {
                console.must("lab:import exp01 netns1=/run/netns/netns1 netns2=/run/netns/netns2 --output " + imported);
            } finally {
                assertEquals(0, bash(script, "down"));
                unmountNamedNamespaces();
            }
            assertEquals(before, Console.traces());

            console.must("lab:apply " + imported);
            String plan = console.must("lab:plan --stage cable " + shipped);
            assertTrue(plan, plan.contains("nothing to do"));
        } finally {
            Files.deleteIfExists(script);
            Files.deleteIfExists(imported);
        }
    }

    /** The first {@code ip netns add} of a machine makes a mount of the directory, and nothing takes that away. */
    private void unmountNamedNamespaces() throws Exception {
        if (Console.traces().contains("mount /run/netns") && !before.contains("mount /run/netns")) {
            assertEquals(0, run("umount", "/run/netns"));
        }
    }

    private static int bash(Path script, String... arguments) throws Exception {
        return run(Stream.concat(Stream.of("bash", script.toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        return process.exitValue();
    }

    @Test
    public void whoIsInterruptedFindsItUndone() throws Exception {
        Thread caller = Thread.currentThread();
        Path shipped = Path.of(System.getProperty("netyard.labs"), "exp01.yaml");
        RequestException undone = assertThrows(
                RequestException.class,
                () -> labs.apply(shipped, Optional.of("cable"), progress -> {
                    if (progress.step() == 3) {
                        caller.interrupt();
                        awaitNoticed(caller);
                    }
                }));
        assertTrue("stays interrupted", Thread.interrupted());
        assertTrue(undone.getMessage(), undone.getMessage().contains("interrupted"));
        assertTrue(labs.names().isEmpty());
        Console.await(() -> Console.traces().equals(before));
    }

    /** What is left to do takes less time than a thread to wake up in. */
    private static void awaitNoticed(Thread interrupted) {
        try {
            Console.await(() -> !interrupted.isInterrupted() && interrupted.getState() == Thread.State.WAITING);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    public void whatIsNotTheLabsIsLeftAlone() {
        console.must("netns:create stranger");
        try {
            console.must("lab:apply --stage cable " + System.getProperty("netyard.labs") + "/exp01.yaml");
            console.must("link:veth exp01/netns1:mine stranger:yours");
            console.must("link:addr add exp01/netns1:mine 172.31.0.1/24");
            assertTrue(labs.planStage("exp01", "cable").isEmpty());
            console.must("lab:stage exp01 peer-down");
            console.must("lab:stage exp01 before-cable");
            NetnsRef inside = namespaces.resolve("exp01/netns1").ref();
            assertEquals(
                    List.of("lo", "mine"),
                    links.list(inside).stream()
                            .map(Link::name)
                            .map(Object::toString)
                            .toList());
            console.must("lab:destroy exp01");
            assertEquals("stranger", namespaces.resolve("stranger").label());
        } finally {
            console.must("netns:destroy stranger");
        }
    }

    @Test
    public void aNamespaceOfALabWithoutAFileDoesNotHideTheOthers() {
        console.must("lab:apply --stage cable " + System.getProperty("netyard.labs") + "/exp01.yaml");
        console.must("netns:create --lab odd stray");
        Console.Outcome listed = console.run("lab:list");
        assertTrue(listed.all(), !listed.failed());
        assertTrue(listed.out(), listed.out().contains("exp01"));
        assertTrue(listed.err(), listed.err().contains("lab:destroy odd"));
        console.must("lab:destroy odd");
        assertEquals(List.of("exp01"), labs.names());
    }

    @Test
    public void whatWasMadeByHandGoesAtOnce() {
        console.must("netns:create stranger");
        try {
            console.must("lab:apply --stage cable " + System.getProperty("netyard.labs") + "/exp01.yaml");
            List<String> withoutIt = Console.traces();
            console.must("bridge:create host nyhand0");
            console.must("link:veth host:nyhand1 stranger:yours");
            assertTrue(!Console.traces().equals(withoutIt));
            console.must("link:delete --all");
            assertEquals(withoutIt, Console.traces());
            assertTrue(labs.planStage("exp01", "cable").isEmpty());
        } finally {
            console.must("lab:destroy --all");
            console.must("netns:destroy stranger");
        }
    }

    /** What somebody else changes is seen, told on the EventAdmin, and put back. */
    @Test
    public void driftIsShownToldAndRepaired() throws Exception {
        Files.writeString(
                file,
                """
                lab: drifting
                nodes: {a: {interfaces: {eth0: {addresses: [10.78.0.1/24]}}}, b: {}}
                links: {cable: ["a:eth0", "b:eth0"]}
                """,
                StandardCharsets.UTF_8);
        Set<String> told = ConcurrentHashMap.newKeySet();
        EventHandler handler = event -> told.add("%s %s %s %s %s"
                .formatted(
                        event.getTopic(),
                        event.getProperty(LabEvents.LAB),
                        event.getProperty(LabEvents.NODE),
                        event.getProperty(LabEvents.WHAT),
                        event.getProperty(LabEvents.SENTENCE)));
        ServiceRegistration<EventHandler> listening = context.registerService(
                EventHandler.class, handler, new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, LabEvents.ALL_TOPICS)));
        try {
            console.must("lab:apply " + file);
            console.must("lab:status drifting");
            console.must("netns:exec drifting/a ip address add 10.78.0.9/24 dev eth0");
            String added = " drifting a ADDRESS a:eth0: address 10.78.0.9/24 was added";
            Console.await(() -> told.contains(LabEvents.DRIFT + added));

            Console.Outcome differs = console.run("lab:status drifting");
            assertTrue(differs.failed());
            assertTrue(differs.lines().contains("  a:eth0: address 10.78.0.9/24 was added"));
            console.must("lab:accept drifting --dry-run");
            console.must("lab:repair drifting");
            console.must("lab:status drifting");
            Console.await(() -> told.contains(LabEvents.REPAIRED + added));
        } finally {
            listening.unregister();
        }
    }

    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    private ServiceRegistration<NamespaceHolder> register(Runnable whenAsked) {
        return context.registerService(
                NamespaceHolder.class,
                new NamespaceHolder() {
                    @Override
                    public String name() {
                        return "broken";
                    }

                    @Override
                    public String description() {
                        return "holds nothing";
                    }

                    @Override
                    public NetnsRef hold(NetnsSpec spec) {
                        whenAsked.run();
                        throw new IllegalStateException("never reached");
                    }

                    @Override
                    public List<Held> held() {
                        return List.of();
                    }

                    @Override
                    public void release(Held held) {
                        // Nothing is held.
                    }
                },
                null);
    }

    private void restartLabs() throws Exception {
        Bundle bundle = Arrays.stream(context.getBundles())
                .filter(candidate -> "io.netyard.lab".equals(candidate.getSymbolicName()))
                .findFirst()
                .orElseThrow();
        bundle.stop();
        bundle.start();
    }

    private Labs service() {
        return context.getService(context.getServiceReference(Labs.class));
    }
}
