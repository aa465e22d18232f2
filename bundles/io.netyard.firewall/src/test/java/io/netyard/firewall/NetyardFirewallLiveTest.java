package io.netyard.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.api.RequestException;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.Firewall.Backend;
import io.netyard.api.firewall.Firewall.Enforcement;
import io.netyard.api.firewall.Firewall.State;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.testing.Eventually;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.LiveNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With backends that are none, in a real namespace: who enforces what, and what happens when backends come and go. */
@LiveKernel
class NetyardFirewallLiveTest {

    private static final Optional<String> NO_PIN = Optional.empty();

    @TempDir
    private Path run;

    private final FixedNamespaces namespaces = new FixedNamespaces();
    private final List<String> journal = new ArrayList<>();
    private final FakeBackend good = new FakeBackend("good", journal);
    private final FakeBackend fair = new FakeBackend("fair", journal);
    private final Map<FakeBackend, Integer> rankings = Map.of(good, 200, fair, 100);
    private LiveNamespace netns;
    private NetyardFirewall firewall;

    @BeforeEach
    void start() {
        netns = new LiveNamespace("netns1");
        namespaces.add(netns);
        firewall = started(Map.of(), good, fair);
    }

    @AfterEach
    void end() throws Exception {
        firewall.deactivate();
        netns.close();
    }

    private NetyardFirewall started(Map<String, ?> configuration, FakeBackend... backends) {
        NetyardFirewall made = new NetyardFirewall(
                namespaces,
                run.resolve("netyard/firewall"),
                (key, backend) -> journal.add(key + "=" + backend),
                configuration);
        for (FakeBackend backend : backends) {
            made.addBackend(backend, properties(backend));
        }
        made.activate();
        return made;
    }

    /** As after kill -9: nobody has been told. */
    private void restart(Map<String, ?> configuration, FakeBackend... backends) {
        firewall.deactivate();
        firewall = started(configuration, backends);
    }

    private Map<String, Object> properties(FakeBackend backend) {
        String name = backend.render(policy("x")).get(0).split(" ")[0];
        int ranking = rankings.get(backend);
        return Map.of(FirewallBackend.NAME, name, "service.ranking", ranking, "service.id", (long) ranking);
    }

    private void arrive(FakeBackend backend) {
        firewall.addBackend(backend, properties(backend));
    }

    private void leave(FakeBackend backend) {
        firewall.removeBackend(backend, properties(backend));
    }

    private static Policy policy(String name, String... rules) {
        List<String> lines = new ArrayList<>(List.of("policy " + name, "layer network"));
        for (String rule : rules) {
            lines.add("rule " + rule);
        }
        return Policy.parse(lines);
    }

    private static Policy link(String name) {
        return Policy.parse(List.of("policy " + name, "layer link", "bridge brx", "rule forward in a drop"));
    }

    private Enforcement set(Policy policy) {
        return firewall.set(netns.ref(), "demo", policy, NO_PIN);
    }

    private Enforcement only() {
        assertThat(firewall.enforcements(netns.ref())).hasSize(1);
        return firewall.enforcements(netns.ref()).get(0);
    }

    @Test
    void theBestBackendGetsAPolicyAndStateIsGoneWithIt() {
        Enforcement set = set(policy("p", "forward in a drop"));
        assertThat(set.backend()).contains("good");
        assertThat(set.state()).isEqualTo(State.IN_FORCE);
        assertThat(only()).isEqualTo(set);
        assertThat(firewall.backends())
                .extracting(Backend::name, Backend::policies)
                .containsExactly(tuple("good", 1), tuple("fair", 0));

        firewall.remove(netns.ref(), "p");
        assertThat(firewall.enforcements()).isEmpty();
        assertThat(good.kernel).isEmpty();
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void settingTheSameAgainDoesNothing() {
        set(policy("p"));
        journal.clear();
        set(policy("p"));
        assertThat(journal).isEmpty();
    }

    @Test
    void whoCannotExpressItIsNotAskedToLoadIt() {
        good.layers.remove(Layer.NETWORK);
        assertThat(set(policy("p")).backend()).contains("fair");

        fair.layers.remove(Layer.NETWORK);
        assertThatThrownBy(() -> set(policy("q")))
                .isInstanceOf(RequestException.class)
                .hasMessage("netns1: no backend here can enforce policy q:"
                        + " good cannot express layer network; fair cannot express layer network");
        assertThat(only().policy().name()).isEqualTo("p");
    }

    @Test
    void aPinIsMeant() {
        Enforcement set = firewall.set(netns.ref(), "demo", policy("p"), Optional.of("fair"));
        assertThat(set.backend()).contains("fair");
        leave(fair);
        assertThat(only().state()).isEqualTo(State.DEGRADED);
        assertThat(only().backend()).contains("fair");
        assertThat(only().detail()).contains("fair").contains("is not there");
        assertThat(fair.kernel).hasSize(1);
        arrive(fair);
        assertThat(only().state()).isEqualTo(State.IN_FORCE);
        assertThat(journal).containsExactly("load fair p");

        assertThatThrownBy(() -> firewall.set(netns.ref(), "demo", policy("q"), Optional.of("excellent")))
                .hasMessageContaining("excellent is pinned, and is not there (there is good, fair)");
    }

    @Test
    void aBackendThatLeavesHandsOverMakingBeforeBreaking() {
        set(policy("p"));
        leave(good);
        assertThat(only().backend()).contains("fair");
        assertThat(only().state()).isEqualTo(State.IN_FORCE);
        arrive(good);
        assertThat(only().backend()).contains("good");
        assertThat(journal)
                .containsExactly("load good p", "load fair p", "unload good p", "load good p", "unload fair p");
    }

    @Test
    void theLastOneLeavesItsRulesBehindAndFindsThemAgain() {
        set(policy("p"));
        leave(fair);
        leave(good);
        assertThat(only().state()).isEqualTo(State.DEGRADED);
        assertThat(good.kernel).hasSize(1);

        arrive(fair);
        assertThat(only().backend()).contains("fair");
        arrive(good);
        assertThat(only().backend()).contains("good");
        assertThat(fair.kernel).isEmpty();
        assertThat(good.kernel).hasSize(1);
    }

    @Test
    void theConfigurationIsFollowedAndItsMistakesAreHarmless() {
        set(policy("p"));
        firewall.modified(Map.of("backend.network", "fair", "service.pid", "io.netyard.firewall"));
        assertThat(only().backend()).contains("fair");

        firewall.modified(Map.of("backend.network", "Fair?", "backend.netork", "good"));
        assertThat(only().state()).isEqualTo(State.IN_FORCE);
        assertThat(firewall.warnings())
                .containsExactly(
                        "io.netyard.firewall.cfg: there is no key 'backend.netork': use backend, backend.link, backend.network, backend.nat",
                        "io.netyard.firewall.cfg: backend.network = 'Fair?' is no backend's name");

        firewall.modified(Map.of("backend", "excellent"));
        assertThat(only().state()).isEqualTo(State.DEGRADED);
        assertThat(only().backend()).contains("good");
        assertThat(firewall.warnings())
                .containsExactly(
                        "io.netyard.firewall.cfg: backend = excellent: there is no such backend (there is good, fair)");

        firewall.modified(Map.of());
        assertThat(only().state()).isEqualTo(State.IN_FORCE);
    }

    @Test
    void pinningIsRefusedIfItWouldLeaveAPolicyWithoutABackend() {
        set(policy("p"));
        fair.layers.remove(Layer.NETWORK);
        assertThatThrownBy(() -> firewall.pin(Optional.empty(), Optional.of("fair")))
                .hasMessageContaining(
                        "policy p is in force, and good fair is pinned; fair cannot express layer network");
        assertThatThrownBy(() -> firewall.pin(Optional.empty(), Optional.of("excellent")))
                .hasMessage("there is no backend 'excellent': there is good, fair");
        assertThat(only().backend()).contains("good");

        firewall.pin(Optional.of(Layer.LINK), Optional.of("fair"));
        assertThat(journal).contains("backend.link=Optional[fair]");
    }

    @Test
    void aBackendThatFailsToTakeOverChangesNothing() {
        fair.refuses = true;
        set(policy("p"));
        firewall.modified(Map.of("backend", "fair"));
        assertThat(only().backend()).contains("good");
        assertThat(only().state()).isEqualTo(State.DEGRADED);
        assertThat(only().detail()).isEqualTo("fair cannot take over: fair refuses");

        fair.refuses = false;
        fair.forgets = true;
        firewall.updatedBackend(properties(fair));
        assertThat(only().backend()).contains("good");
        assertThat(only().detail()).contains("is not in the kernel as it was asked for");
    }

    @Test
    void aPolicyThatIsRefusedLeavesTheOldOneInForce() {
        Enforcement before = set(policy("p", "forward in a drop"));
        good.refuses = true;
        assertThatThrownBy(() -> set(policy("p", "forward in b drop"))).hasMessage("netns1: good refuses");
        assertThat(only()).isEqualTo(before);
        assertThatThrownBy(() -> set(policy("q"))).hasMessage("netns1: good refuses");
        assertThat(only()).isEqualTo(before);
    }

    @Test
    void aPolicyHasOneOwnerAndOneLayer() {
        set(policy("p"));
        assertThatThrownBy(() -> firewall.set(netns.ref(), Firewall.HAND_MADE, policy("p"), NO_PIN))
                .hasMessage("netns1: policy p belongs to lab demo");
        assertThatThrownBy(() -> set(link("p"))).hasMessage("netns1: policy p is of layer network: remove it first");
    }

    @Test
    void whatSomebodyElseDidToTheRulesIsSeenAndMadeGood() {
        set(policy("p"));
        good.kernel.clear();
        assertThat(only().state()).isEqualTo(State.BROKEN);
        assertThat(only().backend()).isEmpty();
        restart(Map.of(), good, fair);
        assertThat(only().state()).isEqualTo(State.IN_FORCE);
    }

    @Test
    void aStartAfterBeingKilledFinishesWhatWasBegun() throws Exception {
        Policy policy = policy("p");
        set(policy);
        journal.clear();
        // Killed when the new rules were there, and the old ones still.
        fair.load(netns.ref(), policy);
        restart(Map.of("backend", "fair"), good, fair);
        assertThat(only().backend()).contains("fair");
        assertThat(journal).containsExactly("load fair p", "unload good p");

        // Killed before anybody had asked for it by configuration: the old one stays.
        good.load(netns.ref(), policy);
        restart(Map.of("backend", "fair"), good, fair);
        assertThat(only().backend()).contains("fair");
        assertThat(good.kernel).isEmpty();

        // Killed while a new policy was being set.
        Path state = run.resolve("netyard/firewall/" + netns.ref().inode());
        Files.writeString(
                state.resolve("q.new"), Files.readString(state.resolve("p")).replace("policy p", "policy q"));
        fair.load(netns.ref(), policy("q"));
        restart(Map.of(), fair);
        assertThat(only().policy().name()).isEqualTo("p");
        assertThat(fair.kernel).hasSize(1);
    }

    @Test
    void afterAStartABackendIsWaitedForBeforeOthersTakeOver() {
        set(policy("p"));
        restart(Map.of(), fair);
        assertThat(only().state()).isEqualTo(State.DEGRADED);
        assertThat(only().backend()).contains("good");
        firewall.allHaveArrived();
        assertThat(only().backend()).contains("fair");
        assertThat(only().state()).isEqualTo(State.IN_FORCE);
    }

    @Test
    void policiesGoWithTheirNamespace() throws Exception {
        set(policy("p"));
        firewall.forget(netns.ref());
        assertThat(run).isEmptyDirectory();
        assertThat(good.kernel).hasSize(1);

        set(policy("p"));
        netns.close();
        Eventually.holds(
                "the namespace is gone", () -> !Files.exists(netns.ref().net()));
        restart(Map.of(), good, fair);
        assertThat(firewall.enforcements()).isEmpty();
        assertThat(run).isEmptyDirectory();
        netns = new LiveNamespace("netns1");
    }

    @Test
    void bridgedFramesAreHandedOverOnlyWhileAPolicyNeedsIt() throws Exception {
        assumeTrue(sysctls().contains("bridge-nf-call-iptables"), "needs br_netfilter: runs on a kernel that has it");
        fair.bridged = true;
        good.layers.remove(Layer.LINK);
        netns.run("sysctl", "-qw", "net.bridge.bridge-nf-call-ip6tables=0");
        String before = sysctls();
        set(policy("p"));
        assertThat(sysctls()).contains("call-iptables = 0", "call-ip6tables = 0", "vlan-tagged = 0");
        good.ignoresBridged = true;

        set(Policy.parse(List.of("policy l", "layer link", "bridge brx", "tagged-port up", "otherwise forward drop")));
        assertThat(sysctls()).contains("call-iptables = 1", "call-ip6tables = 1", "vlan-tagged = 1");
        firewall.remove(netns.ref(), "l");
        assertThat(sysctls()).contains("call-iptables = 0", "call-ip6tables = 0", "vlan-tagged = 0");
        firewall.remove(netns.ref(), "p");
        assertThat(sysctls()).isEqualTo(before);
    }

    private String sysctls() throws Exception {
        return netns.run("sysctl", "-a", "-r", "net.bridge.bridge-nf-(call-ip|filter-vlan)");
    }

    @Test
    void rulesThatWouldMeetBridgedFramesAreNotCombinedWithWhatHandsThemOver() {
        good.layers.remove(Layer.LINK);
        fair.bridged = true;
        fair.ignoresBridged = true;
        assertThat(set(policy("p")).backend()).contains("good");
        // Only fair can do it, and then it has to do the other one too.
        assertThat(set(link("l")).backend()).contains("fair");
        assertThat(firewall.enforcements(netns.ref()))
                .extracting(each -> each.backend().orElseThrow())
                .containsExactly("fair", "fair");
        assertThat(journal).containsExactly("load good p", "load fair p", "unload good p", "load fair l");
        firewall.remove(netns.ref(), "l");
        assertThat(only().backend()).contains("good");

        fair.ignoresBridged = false;
        assertThatThrownBy(() -> set(link("l")))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("bridged frames");
        assertThat(only().state()).isEqualTo(State.IN_FORCE);
    }
}
