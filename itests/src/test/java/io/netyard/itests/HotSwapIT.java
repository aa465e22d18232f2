package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.netyard.api.NetnsRef;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.Firewall.Backend;
import io.netyard.api.firewall.Firewall.Enforcement;
import io.netyard.api.firewall.Firewall.State;
import io.netyard.api.firewall.Policy;
import io.netyard.api.netns.Namespaces;
import io.netyard.kernel.NamespaceThread;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
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
import org.osgi.service.cm.ConfigurationAdmin;

/** Backends are swapped in every way there is while packets flow: none is lost, and none comes through that must not. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class HotSwapIT {

    private static final String PID = "io.netyard.firewall";
    /** A swap in the lab kernel takes seconds; the everyday run passes fewer there. */
    private static final int SWAPS = Integer.getInteger("netyard.swaps", 200);

    private static final int PINS = 20;
    private static final int LOOKS = 100;
    private static final long LOOK_MILLIS = 50;

    @Inject
    private BundleContext context;

    @Inject
    private SessionFactory sessions;

    @Inject
    private Namespaces namespaces;

    @Inject
    private Firewall firewall;

    @Inject
    private ConfigurationAdmin configurations;

    private Console console;
    private List<String> before;
    private NetnsRef middle;
    private int swaps;
    private final TreeSet<String> used = new TreeSet<>();

    @Configuration
    public Option[] shippedDistribution() {
        return ShippedDistribution.options();
    }

    @Before
    public void commands() throws InterruptedException {
        console = new Console(sessions);
        console.awaitCommands("netns:list", "link:list", "bridge:list", "fw:list");
        before = Console.traces();
        for (String name : List.of("swap1", "swap2", "swap3")) {
            console.must("netns:create " + name);
        }
        console.must("link:veth swap1:a swap2:ra");
        console.must("link:veth swap3:b swap2:rb");
        for (String end : List.of("swap1:a", "swap2:ra", "swap3:b", "swap2:rb")) {
            console.must("link:set --up " + end);
        }
        middle = ref("swap2");
    }

    @After
    public void nothingIsLeft() throws Exception {
        pin(Optional.empty());
        console.must("netns:destroy --all");
        Console.await(() -> Console.traces().equals(before));
    }

    private NetnsRef ref(String node) {
        return namespaces.resolve(node).ref();
    }

    private static void sysctl(NetnsRef netns, String file, String value) {
        NamespaceThread.call(netns, () -> Files.writeString(Path.of("/proc/sys/net", file), value));
    }

    @Test
    public void routedPackets() throws Exception {
        console.must("link:addr add swap1:a 10.1.0.1/24");
        console.must("link:addr add swap2:ra 10.1.0.254/24");
        console.must("link:addr add swap2:rb 10.2.0.254/24");
        console.must("link:addr add swap3:b 10.2.0.1/24");
        sysctl(middle, "ipv4/ip_forward", "1");
        ip("swap1", "route add default via 10.1.0.254");
        ip("swap3", "route add default via 10.2.0.254");

        Policy policy = Policy.parse(List.of(
                "policy swap",
                "layer network",
                "rule forward state established,related accept",
                "rule forward in ra out rb udp dport 7000 accept",
                "rule forward in ra out rb tcp dport 7002 accept",
                "otherwise forward drop"));
        swap("routed", policy, "10.2.0.1");
    }

    @Test
    public void bridgedFrames() throws Exception {
        console.must("bridge:create swap2 br --up");
        console.must("bridge:port add swap2:br ra");
        console.must("bridge:port add swap2:br rb");
        console.must("link:addr add swap1:a 10.3.0.1/24");
        console.must("link:addr add swap3:b 10.3.0.2/24");
        Policy policy = Policy.parse(List.of(
                "policy swap",
                "layer link",
                "bridge br",
                "rule forward in ra udp dport 7001 drop",
                "rule forward in rb udp sport 7001 drop"));
        swap("bridged", policy, "10.3.0.2");
    }

    private void ip(String node, String words) {
        Namespaces.Output output =
                namespaces.run(ref(node), List.of(("ip " + words).split(" ")), "", java.time.Duration.ofSeconds(30));
        assertEquals(output.error(), 0, output.status());
    }

    private void swap(String what, Policy policy, String address) throws Exception {
        List<String> able = firewall.backends().stream()
                .map(Backend::name)
                .filter(name ->
                        firewall.choose(policy, Optional.of(name)).backend().isPresent())
                .toList();
        assumeTrue(
                "needs two backends: runs on a kernel where two can express the policy, and only " + able + " can here",
                able.size() > 1);
        firewall.set(middle, Firewall.HAND_MADE, policy, Optional.empty());
        int rate = 2_300;
        try (Traffic traffic = new Traffic(ref("swap1"), ref("swap3"), address, rate)) {
            Console.await(() -> traffic.sent() > rate);
            byBundles(able);
            progress(what, traffic);
            byHand(able);
            progress(what, traffic);
            byConfiguration(able);
            Traffic.Figures figures = traffic.finish();
            System.out.printf("hot swap, %s: %d swaps between %s; %s%n", what, swaps, used, figures);
            assertEquals("lost", 0, figures.lost());
            assertEquals("through", 0, figures.through());
            assertTrue("swaps: " + swaps, swaps >= SWAPS);
            assertTrue("rate: " + figures.rate(), figures.rate() >= 2_000);
            assertTrue("forbidden: " + figures.forbidden(), figures.forbidden() > 100);
        }
        firewall.remove(middle, "swap");
    }

    private void progress(String what, Traffic traffic) {
        System.out.printf("hot swap, %s: %d swaps, %d packets so far%n", what, swaps, traffic.sent());
    }

    /** Stopped, started, updated; uninstalled and dropped into deploy/. Each time the policy goes to another one and comes back. */
    private void byBundles(List<String> able) throws Exception {
        String best = able.get(0);
        requireWith(best);
        Bundle bundle = bundle(best);
        // Bundles may register several backends: the next one must be of another.
        for (int i = 0; i < 10; i++) {
            bundle.stop();
            requireNotWith(best);
            bundle.start();
            requireWith(best);
        }
        Path jar = jar(bundle);
        for (int i = 0; i < 5; i++) {
            bundle.update(new ByteArrayInputStream(Files.readAllBytes(jar)));
            swaps++;
            requireWith(best);
        }
        String location = bundle.getLocation();
        Path deployed = Path.of(System.getProperty("karaf.base"), "deploy", "swap.jar");
        for (int i = 0; i < 3; i++) {
            bundle(best).uninstall();
            requireNotWith(best);
            Path draft = deployed.resolveSibling("swap.draft");
            Files.copy(jar, draft, StandardCopyOption.REPLACE_EXISTING);
            Files.move(draft, deployed, StandardCopyOption.ATOMIC_MOVE);
            requireWith(best);
            Files.delete(deployed);
            requireNotWith(best);
            context.installBundle(location, new ByteArrayInputStream(Files.readAllBytes(jar)))
                    .start();
            requireWith(best);
        }
    }

    private void byHand(List<String> able) throws Exception {
        for (int i = 0; i < 10; i++) {
            String next = able.get((i + 1) % able.size());
            console.must("fw:use " + next);
            requireWith(next);
        }
        console.must("fw:use none");
    }

    private void byConfiguration(List<String> able) throws Exception {
        requireWith(able.get(0));
        for (int i = 1; swaps < SWAPS + 5; i++) {
            String next = able.get(i % able.size());
            pinUntil(next);
            assertEquals(State.IN_FORCE, enforcement().state());
            swapped(next);
        }
    }

    /**
     * Karaf keeps configurations in files, too, looks at these once a second, and may then bring back the pin before the last: ten changes a
     * second are more than it is made for. That is one more swap, and the pin is set again.
     */
    private void pinUntil(String backend) throws Exception {
        for (int i = 0; i < PINS; i++) {
            pin(Optional.of(backend));
            for (int j = 0; j < LOOKS; j++) {
                if (holder().equals(Optional.of(backend))) {
                    return;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        }
        throw new AssertionError("nobody has handed over to " + backend);
    }

    private void pin(Optional<String> backend) throws Exception {
        org.osgi.service.cm.Configuration configuration = configurations.getConfiguration(PID, "?");
        Dictionary<String, Object> properties = configuration.getProperties();
        if (properties == null) {
            properties = new Hashtable<>();
        }
        if (backend.isPresent()) {
            properties.put("backend", backend.get());
        } else {
            properties.remove("backend");
        }
        configuration.update(properties);
    }

    private Enforcement enforcement() {
        return firewall.enforcements(middle).get(0);
    }

    private String last = "";

    private void requireWith(String backend) throws InterruptedException {
        Console.await(() -> holder().equals(Optional.of(backend)));
        count(backend);
    }

    private void requireNotWith(String backend) throws InterruptedException {
        // Asked once per look: while a policy is handed over, nobody or two may have it in the next moment.
        AtomicReference<String> other = new AtomicReference<>();
        Console.await(() -> {
            other.set(holder().filter(name -> !name.equals(backend)).orElse(null));
            return other.get() != null;
        });
        count(other.get());
    }

    /** Who has the policy, as far as that can be known without running a tool: these take their time in a slow kernel. */
    private Optional<String> holder() {
        return firewall.backends().stream()
                .filter(backend -> backend.policies() == 1)
                .map(Backend::name)
                .findFirst();
    }

    private void count(String backend) {
        if (!backend.equals(last)) {
            assertEquals(State.IN_FORCE, enforcement().state());
            assertEquals(Optional.of(backend), enforcement().backend());
            swapped(backend);
        }
    }

    private void swapped(String backend) {
        swaps++;
        used.add(backend);
        last = backend;
    }

    private Bundle bundle(String backend) {
        String name = "io.netyard.firewall." + backend.replaceFirst("-.*", "");
        return Arrays.stream(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    /** As shipped: {@code mvn:GROUP/ARTIFACT/VERSION}, in the appliance's own repository. */
    private static Path jar(Bundle bundle) {
        String[] parts =
                URI.create(bundle.getLocation()).getSchemeSpecificPart().split("/");
        return Path.of(System.getProperty("karaf.home"), "system", parts[0].replace('.', '/'), parts[1], parts[2])
                .resolve("%s-%s.jar".formatted(parts[1], parts[2]));
    }
}
