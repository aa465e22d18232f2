package io.netyard.firewall.ebtables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.api.RequestException;
import io.netyard.api.firewall.FirewallBackend.Loaded;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.firewall.chains.Tools;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.LiveNamespace;
import io.netyard.testing.ProgramFaults;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of it when a program fails, hangs or is missing, and when somebody has changed what was loaded. */
@LiveKernel
class EbtablesFaultsLiveTest {

    private static final Policy POLICY = policy("ingress in p1 arp drop", "forward in p1 udp dport 7 drop");
    private static final Policy OTHER = policy("ingress in p2 arp drop", "forward in p2 udp dport 7 drop");

    private final ProgramFaults faults = new ProgramFaults(new FixedNamespaces());
    private EbtablesBackend backend;
    private LiveNamespace netns;

    private static Policy policy(String... rules) {
        List<String> lines = new java.util.ArrayList<>(List.of("policy guards", "layer link", "bridge brx"));
        List.of(rules).forEach(rule -> lines.add("rule " + rule));
        return Policy.parse(lines);
    }

    @BeforeEach
    void chooseWhatWorks() throws Exception {
        backend = backend(Duration.ofSeconds(20));
        assumeTrue(backend.unavailable().isEmpty());
        netns = new LiveNamespace("guarded");
        netns.run(tool(), "-t", "nat", "-A", "PREROUTING", "-i", "foreign", "-j", "DROP");
        netns.run(tool(), "-t", "filter", "-A", "FORWARD", "-p", "ARP", "--arp-ip-src", "10.0.0.7", "-j", "ACCEPT");
    }

    private EbtablesBackend backend(Duration limit) {
        Tools tools = new Tools(faults.namespaces(), "ebtables", limit);
        EbtablesBackend legacy = new LegacyEbtables(tools, any -> List.of());
        return legacy.unavailable().isEmpty() ? legacy : new NftEbtables(tools, any -> List.of());
    }

    @AfterEach
    void end() throws InterruptedException {
        if (netns != null) {
            netns.close();
        }
    }

    private String tool() {
        return backend instanceof NftEbtables ? "ebtables-nft" : "ebtables-legacy";
    }

    private String rules() throws Exception {
        return netns.run(tool(), "-t", "nat", "-L", "--Lc") + netns.run(tool(), "-t", "filter", "-L", "--Lc");
    }

    /** From the n-th restore on, counted from 1. */
    private void failsAt(int n, List<String> instead) {
        AtomicInteger count = new AtomicInteger();
        faults.set(command -> command.get(0).endsWith("-restore") && count.incrementAndGet() == n ? instead : command);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aTableThatIsRefusedLeavesWhatWasThereBefore(int step) throws Exception {
        backend.load(netns.ref(), POLICY);
        String before = rules();
        assertThat(backend.objection(OTHER)).isEmpty();
        failsAt(step, ProgramFaults.FAILS);

        assertThatThrownBy(() -> backend.load(netns.ref(), OTHER))
                .isInstanceOf(RequestException.class)
                .hasMessage(tool() + "-restore: exit status 1");

        faults.clear();
        assertThat(rules().lines().sorted()).isEqualTo(before.lines().sorted().toList());
        assertThat(fingerprint()).isEqualTo(POLICY.fingerprint());
        backend.load(netns.ref(), OTHER);
        assertThat(fingerprint()).isEqualTo(OTHER.fingerprint());
    }

    @Test
    void aTableThatIsRefusedAtFirstLeavesNothing() throws Exception {
        String before = rules();
        assertThat(backend.objection(POLICY)).isEmpty();
        failsAt(2, ProgramFaults.FAILS);

        assertThatThrownBy(() -> backend.load(netns.ref(), POLICY)).isInstanceOf(RequestException.class);

        assertThat(rules()).isEqualTo(before);
        assertThat(backend.loaded(netns.ref())).isEmpty();
    }

    @Test
    void whatWasLeftHalfWayIsFoundAndReplaced() throws Exception {
        String before = rules();
        backend.load(netns.ref(), POLICY);
        assertThat(backend.objection(OTHER)).isEmpty();
        // Nobody takes anything back: as if the appliance had been killed after the first of three steps.
        AtomicInteger count = new AtomicInteger();
        faults.set(command ->
                command.get(0).endsWith("-restore") && count.incrementAndGet() > 1 ? ProgramFaults.FAILS : command);
        assertThatThrownBy(() -> backend.load(netns.ref(), OTHER)).isInstanceOf(RequestException.class);
        faults.clear();

        assertThat(fingerprint()).isNotIn(POLICY.fingerprint(), OTHER.fingerprint());
        backend.load(netns.ref(), OTHER);
        assertThat(fingerprint()).isEqualTo(OTHER.fingerprint());
        backend.unload(netns.ref(), Layer.LINK, "guards");
        assertThat(rules()).isEqualTo(before);
    }

    @Test
    void aToolThatHangsIsEnded() throws Exception {
        EbtablesBackend impatient = backend(Duration.ofSeconds(3));
        assertThat(impatient.objection(POLICY)).isEmpty();
        String before = rules();
        failsAt(1, ProgramFaults.HANGS);

        assertThatThrownBy(() -> impatient.load(netns.ref(), POLICY))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("has not ended");
        assertThat(rules()).isEqualTo(before);
    }

    @Test
    void whatIsMissingIsSaidWithThePackageThatHasIt() {
        failsAt(1, ProgramFaults.MISSING);

        assertThat(backend.unavailable())
                .contains("no program '%s-restore' in PATH: install package ebtables".formatted(tool()));
    }

    @Test
    void whatSomebodyHasChangedIsNotTakenForWhatWasLoaded() throws Exception {
        backend.load(netns.ref(), POLICY);
        for (List<String> change : List.of(
                List.of("-t", "nat", "-D", "PREROUTING", "1"),
                List.of("-t", "filter", "-A", "netyard-guards-f00", "-j", "ACCEPT"),
                List.of("-t", "filter", "-F", "netyard-guards-c01"))) {
            List<String> command = new java.util.ArrayList<>(List.of(tool()));
            command.addAll(change);
            assertThat(netns.run(command.toArray(String[]::new))).isEmpty();
            assertThat(fingerprint()).as(change.toString()).isNotEqualTo(POLICY.fingerprint());
            backend.unload(netns.ref(), Layer.LINK, "guards");
            assertThat(rules()).doesNotContain("netyard");
            backend.load(netns.ref(), POLICY);
            assertThat(fingerprint()).isEqualTo(POLICY.fingerprint());
        }
    }

    private String fingerprint() {
        List<Loaded> loaded = backend.loaded(netns.ref());
        assertThat(loaded).hasSize(1);
        return loaded.get(0).fingerprint();
    }
}
