package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.api.container.Container;
import io.netyard.api.container.Containers;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.lab.LabStatus;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.lab.RunningLab.State;
import io.netyard.api.netns.Netns;
import io.netyard.bridge.NetlinkBridges;
import io.netyard.lab.plan.Boundary;
import io.netyard.lab.plan.Services;
import io.netyard.link.HostCards;
import io.netyard.link.LiveTapHosts;
import io.netyard.link.NetlinkLinks;
import io.netyard.netns.LinuxForeignNamespaces;
import io.netyard.netns.LinuxNamespaces;
import io.netyard.netns.ProcessHolder;
import io.netyard.routing.NetlinkRouting;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Labs when the appliance, or the machine, is started anew. A restart of the machine ends all namespaces, and gives another boot id; the directory
 * of the labs that are up stays here, as it does where {@code /run} is no tmpfs.
 */
@LiveKernel
@Timeout(300)
class RestartLiveTest {

    private static final Containers NO_CONTAINERS = new Containers() {
        @Override
        public Map<String, String> runtimes() {
            return Map.of();
        }

        @Override
        public List<Container> list() {
            return List.of();
        }

        @Override
        public Container find(String meant) {
            throw new RequestException("no container " + meant);
        }

        @Override
        public Wait await(String label) {
            return Optional::empty;
        }
    };

    @TempDir
    Path scratch;

    private final LinuxNamespaces namespaces = new LinuxNamespaces();
    private LinuxForeignNamespaces foreign;
    private NetyardLabs labs;

    @BeforeEach
    void start() {
        namespaces.addHolder(new ProcessHolder());
        open("first");
    }

    /** As a new JVM does. */
    private void open(String boot) {
        foreign = new LinuxForeignNamespaces(namespaces, NO_CONTAINERS);
        Firewall noFirewall = (Firewall) Proxy.newProxyInstance(
                Firewall.class.getClassLoader(),
                new Class<?>[] {Firewall.class},
                (proxy, method, arguments) -> method.getReturnType() == List.class ? List.of() : null);
        labs = new NetyardLabs(
                new Services(
                        namespaces,
                        foreign,
                        new NetlinkLinks(namespaces),
                        new NetlinkBridges(namespaces),
                        new NetlinkRouting(namespaces),
                        noFirewall,
                        new HostCards(namespaces),
                        new LiveTapHosts(namespaces)),
                new LabStore(scratch.resolve("run"), new LabRecords(scratch.resolve("kept")), boot),
                Boundary.NONE,
                new Events());
    }

    private void shut() {
        labs.close();
        foreign.close();
    }

    @AfterEach
    void end() {
        labs.names().stream()
                .filter(lab -> lab.startsWith("restart-"))
                .forEach(lab -> labs.destroy(lab, progress -> {}));
        shut();
        assertThat(scratch.resolve("run")).doesNotExist();
        assertThat(scratch.resolve("kept")).isEmptyDirectory();
    }

    private void restartMachine(String boot) throws Exception {
        shut();
        killAll();
        open(boot);
    }

    /** Ends all namespaces that labs of this test have made, from outside. */
    private void killAll() throws Exception {
        for (Netns netns : own()) {
            ProcessHandle.of(netns.pid().orElseThrow()).ifPresent(ProcessHandle::destroyForcibly);
        }
        Eventually.holds("their processes are gone", () -> own().isEmpty());
    }

    private List<Netns> own() {
        return namespaces.known().stream()
                .filter(netns ->
                        netns.lab().filter(lab -> lab.startsWith("restart-")).isPresent())
                .toList();
    }

    private Path apply(String lab, String more) throws IOException {
        Path file = Files.writeString(
                scratch.resolve(lab + ".yaml"),
                """
                lab: %s
                nodes:
                  a: {interfaces: {e: {addresses: [10.73.0.1/24]}}}
                  b: {interfaces: {e: {addresses: [10.73.0.2/24]}}}
                links: {w: ["a:e", "b:e"]}
                %s
                """
                        .formatted(lab, more));
        labs.apply(file, Optional.empty(), progress -> {});
        return file;
    }

    private State state(String lab) {
        return labs.running(lab).standing().state();
    }

    private boolean isWhole(String lab) {
        return state(lab) == State.UP
                && labs.running(lab).nodes().stream()
                        .allMatch(node -> node.netns().isPresent())
                && labs.status(lab).state() == LabStatus.State.UP;
    }

    @Test
    void whatIsMarkedComesBackAndTheRestIsListedAsLost() throws Exception {
        apply("restart-marked", "autostart: true");
        apply("restart-plain", "");
        assertThat(labs.running("restart-marked").standing()).isEqualTo(standing(State.UP, true));
        assertThat(labs.running("restart-plain").standing()).isEqualTo(standing(State.UP, false));

        restartMachine("second");

        assertThat(labs.names()).containsExactly("restart-marked", "restart-plain");
        Eventually.holds("what is marked is back", () -> isWhole("restart-marked"));
        RunningLab plain = labs.running("restart-plain");
        assertThat(plain.standing().state()).isEqualTo(State.LOST);
        assertThat(plain.standing().trouble().orElseThrow())
                .isEqualTo("it ended when the machine was restarted; lab:recover restart-plain brings it back,"
                        + " lab:destroy restart-plain forgets it");
        assertThat(plain.nodes()).hasSize(2).allMatch(node -> node.netns().isEmpty());
        assertThat(labs.status("restart-plain").state()).isEqualTo(LabStatus.State.LOST);
        assertThat(own()).hasSize(2);
        assertThatThrownBy(() -> labs.stage("restart-plain", "any", progress -> {}))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("lab:recover restart-plain");
        assertThatThrownBy(() -> labs.recover("restart-marked", progress -> {}))
                .hasMessageContaining("restart-marked is not lost");

        assertThat(labs.planRecovery("restart-plain").isEmpty()).isFalse();
        assertThat(labs.recover("restart-plain", progress -> {}).isEmpty()).isFalse();
        assertThat(isWhole("restart-plain")).isTrue();
        labs.setAutostart("restart-marked", false);

        restartMachine("third");

        assertThat(state("restart-marked")).isEqualTo(State.LOST);
        assertThat(state("restart-plain")).isEqualTo(State.LOST);
        assertThat(own()).isEmpty();
        labs.destroy("restart-plain", progress -> {});
        assertThat(labs.names()).containsExactly("restart-marked");
    }

    @Test
    void theMarkHoldsUntilAFileSaysSomethingElse() throws Exception {
        Path silent = apply("restart-marked", "");
        labs.setAutostart("restart-marked", true);
        labs.apply(silent, Optional.empty(), progress -> {});
        assertThat(labs.running("restart-marked").standing().autostart()).isTrue();

        shut();
        open("first");
        assertThat(labs.running("restart-marked").standing()).isEqualTo(standing(State.UP, true));
        assertThat(isWhole("restart-marked")).isTrue();

        apply("restart-marked", "autostart: false");
        assertThat(labs.running("restart-marked").standing().autostart()).isFalse();
    }

    @Test
    void aLabWhoseNamespacesSomebodyHasEndedIsNotLostAndCanBeRepaired() throws Exception {
        apply("restart-killed", "");
        killAll();

        assertThat(labs.running("restart-killed").standing())
                .isEqualTo(new RunningLab.Standing(
                        State.GONE,
                        false,
                        Optional.of("somebody has ended all its namespaces; lab:repair restart-killed brings it back,"
                                + " lab:destroy restart-killed removes what is left")));
        shut();
        open("first");
        assertThat(state("restart-killed")).isEqualTo(State.GONE);

        labs.repair("restart-killed", progress -> {});
        assertThat(isWhole("restart-killed")).isTrue();
    }

    /** By an earlier version: without a note of which run of the machine it speaks of, and without a record. */
    @Test
    void whatAnEarlierVersionHasLeftIsTakenUp() throws Exception {
        apply("restart-old", "");
        shut();
        Files.delete(scratch.resolve("run/restart-old/boot"));
        Files.delete(scratch.resolve("kept/restart-old"));
        open("first");

        assertThat(isWhole("restart-old")).isTrue();
        restartMachine("second");
        assertThat(state("restart-old")).isEqualTo(State.LOST);
    }

    @Test
    void whatAnotherApplianceHasDestroyedIsNotLost() throws Exception {
        apply("restart-other", "autostart: true");
        byte[] record = Files.readAllBytes(scratch.resolve("kept/restart-other"));
        labs.destroy("restart-other", progress -> {});
        shut();
        Files.write(scratch.resolve("kept/restart-other"), record);
        open("first");

        assertThat(labs.names()).isEmpty();
    }

    /** The pid is somebody else's by now. */
    @Test
    void aLabThatAttachesByPidIsNotBroughtBack() throws Exception {
        try (Guest guest = new Guest()) {
            Path file = Files.writeString(
                    scratch.resolve("pid.yaml"),
                    "lab: restart-pid\nnodes: {a: {attach: {pid: %d}}}".formatted(guest.pid()));
            labs.apply(file, Optional.empty(), progress -> {});
            assertThatThrownBy(() -> labs.setAutostart("restart-pid", true)).hasMessageContaining("by a pid");
            foreign.detach("restart-pid", "a");

            restartMachine("second");

            assertThat(state("restart-pid")).isEqualTo(State.LOST);
            assertThatThrownBy(() -> labs.recover("restart-pid", progress -> {}))
                    .hasMessageContaining("attaches node a by a pid, which means another process after a restart");
            assertThat(foreign.attachments("restart-pid")).isEmpty();
        }
    }

    private static RunningLab.Standing standing(State state, boolean autostart) {
        return new RunningLab.Standing(state, autostart, Optional.empty());
    }
}
