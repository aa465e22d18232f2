package io.netyard.firewall.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.api.RequestException;
import io.netyard.api.firewall.FirewallBackend.Loaded;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.firewall.chains.Tools;
import io.netyard.testing.Feature;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.LiveNamespace;
import io.netyard.testing.ProgramFaults;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of it when a program fails, hangs or is missing, and when somebody has changed what was loaded. */
@LiveKernel(needs = Feature.IPTABLES)
class IptablesFaultsLiveTest {

    private static final Policy POLICY = policy("forward udp dport 7 drop", "input source not 10.0.0.1,10.0.0.2 drop");
    private static final Policy OTHER = policy("forward udp dport 8 drop");

    private final ProgramFaults faults = new ProgramFaults(new FixedNamespaces());
    private IptablesBackend backend;
    private LiveNamespace netns;

    private static Policy policy(String... rules) {
        List<String> lines = new java.util.ArrayList<>(List.of("policy guards", "layer network"));
        List.of(rules).forEach(rule -> lines.add("rule " + rule));
        return Policy.parse(lines);
    }

    @BeforeEach
    void chooseWhatWorks() {
        Tools tools = new Tools(faults.namespaces(), "iptables", Duration.ofSeconds(20));
        backend = new LegacyIptables(tools);
        if (backend.unavailable().isPresent()) {
            backend = new NftIptables(tools);
        }
        assumeTrue(backend.unavailable().isEmpty());
        netns = new LiveNamespace("guarded");
    }

    @AfterEach
    void end() throws InterruptedException {
        if (netns != null) {
            netns.close();
        }
    }

    private String flavour() {
        return backend instanceof NftIptables ? "nft" : "legacy";
    }

    /** Counters included. */
    private String rules() throws Exception {
        return (netns.run("iptables-" + flavour() + "-save", "-c")
                        + netns.run("ip6tables-" + flavour() + "-save", "-c"))
                .replaceAll("(?m)^#.*$", "");
    }

    private void foreignRules() throws Exception {
        for (String family : List.of("iptables-", "ip6tables-")) {
            assertThat(netns.run(family + flavour(), "-w", "5", "-A", "FORWARD", "-p", "tcp", "-j", "DROP"))
                    .isEmpty();
        }
    }

    private void fails(String what, List<String> instead) {
        faults.set(
                command -> command.get(0).startsWith(what) && command.get(0).endsWith("-restore") ? instead : command);
    }

    @Test
    void aHalfThatIsRefusedLeavesNothingOfTheOtherHalf() throws Exception {
        foreignRules();
        String before = rules();
        assertThat(backend.objection(POLICY)).isEmpty();
        fails("ip6tables", ProgramFaults.FAILS);

        assertThatThrownBy(() -> backend.load(netns.ref(), POLICY))
                .isInstanceOf(RequestException.class)
                .hasMessage("ip6tables-%s-restore: exit status 1".formatted(flavour()));

        assertThat(rules()).isEqualTo(before);
        assertThat(backend.loaded(netns.ref())).isEmpty();
    }

    @Test
    void aHalfThatIsRefusedLeavesWhatWasThereBefore() throws Exception {
        foreignRules();
        backend.load(netns.ref(), POLICY);
        String before = rules();
        assertThat(backend.objection(OTHER)).isEmpty();
        fails("ip6tables", ProgramFaults.FAILS);

        assertThatThrownBy(() -> backend.load(netns.ref(), OTHER)).isInstanceOf(RequestException.class);
        assertThat(rules()).isEqualTo(before);

        assertThatThrownBy(() -> backend.unload(netns.ref(), Layer.NETWORK, "guards"))
                .isInstanceOf(RequestException.class);
        assertThat(rules()).isEqualTo(before);
        assertThat(fingerprint()).isEqualTo(POLICY.fingerprint());
    }

    @Test
    void aToolThatHangsIsEnded() throws Exception {
        IptablesBackend impatient = impatient();
        assertThat(impatient.objection(POLICY)).isEmpty();
        String before = rules();
        fails("iptables", ProgramFaults.HANGS);

        assertThatThrownBy(() -> impatient.load(netns.ref(), POLICY))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("has not ended");
        assertThat(rules()).isEqualTo(before);
    }

    private IptablesBackend impatient() {
        Tools tools = new Tools(faults.namespaces(), "iptables", Duration.ofSeconds(3));
        return backend instanceof NftIptables ? new NftIptables(tools) : new LegacyIptables(tools);
    }

    @Test
    void whatIsMissingIsSaidWithThePackageThatHasIt() {
        fails("iptables", ProgramFaults.MISSING);

        assertThat(backend.unavailable())
                .contains("no program 'iptables-%s-restore' in PATH: install package iptables".formatted(flavour()));
        assertThat(backend.objection(OTHER)).isPresent();
    }

    @Test
    void whatSomebodyHasChangedIsNotTakenForWhatWasLoaded() throws Exception {
        String tool = "iptables-" + flavour();
        backend.load(netns.ref(), POLICY);
        assertThat(fingerprint()).isEqualTo(POLICY.fingerprint());

        for (List<String> change : List.of(
                List.of(tool, "-D", "FORWARD", "1"),
                List.of(tool, "-A", "netyard-guards-f00", "-j", "ACCEPT"),
                List.of(tool, "-F", "netyard-guards-f00"),
                List.of("ip6" + tool.substring(2), "-D", "FORWARD", "1"))) {
            assertThat(netns.run(change.toArray(String[]::new))).isEmpty();
            assertThat(fingerprint()).as(change.toString()).isNotEqualTo(POLICY.fingerprint());
            backend.load(netns.ref(), POLICY);
            assertThat(fingerprint()).isEqualTo(POLICY.fingerprint());
        }
        backend.unload(netns.ref(), Layer.NETWORK, "guards");
        assertThat(rules()).doesNotContain("netyard");
    }

    private String fingerprint() {
        List<Loaded> loaded = backend.loaded(netns.ref());
        assertThat(loaded).hasSize(1);
        return loaded.get(0).fingerprint();
    }
}
