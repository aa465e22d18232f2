package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netyard.api.RequestException;
import io.netyard.api.lab.Plan;
import io.netyard.lab.plan.Boundary;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several JVMs, or threads, and one lab: who is killed, at a boundary or at any moment, is cleaned up after by the next one; who is alive is
 * left alone, and whoever comes second waits or is told. More kills with {@code -Dnetyard.kills=all}.
 */
@LiveKernel
@Timeout(3_600)
class OtherProcessesLiveTest {

    private static final boolean ALL = "all".equals(System.getProperty("netyard.kills"));

    private static final String LAB = MixedLab.NAME;

    @TempDir
    private Path scratch;

    @BeforeEach
    void hostKernel() {
        assumeFalse(
                KernelView.isLabKernel(),
                "needs nothing that only the lab kernel has, and time: runs on the host kernel");
    }

    private Appliance start(Boundary boundary) {
        return new Appliance(state(), boundary);
    }

    private Path state() {
        return scratch.resolve("labs");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(scratch.resolve(name + ".yaml"), text);
    }

    private Path file() throws IOException {
        return file("lab", MixedLab.TEXT);
    }

    @AfterEach
    void end() {
        try (Appliance last = start(Boundary.NONE)) {
            for (String lab : last.labs().names()) {
                if (lab.startsWith(LAB)) {
                    last.destroy(lab);
                }
            }
        }
    }

    private static List<String> look() throws Exception {
        return KernelView.settled(Map.of(), LAB);
    }

    private static void awaitEqual(String what, List<String> expected) throws Exception {
        KernelView.awaitEqual(what, expected, Map.of(), LAB);
    }

    private void apply() throws IOException {
        try (Appliance appliance = start(Boundary.NONE)) {
            appliance.apply(file(), Optional.empty());
        }
    }

    private void destroy() {
        try (Appliance appliance = start(Boundary.NONE)) {
            appliance.destroy(LAB);
        }
    }

    private int[] some(int of) {
        return ALL
                ? IntStream.rangeClosed(0, of).toArray()
                : ThreadLocalRandom.current().ints(1, 1, of + 1).toArray();
    }

    private void haltedAt(int k, String what, String subject) throws Exception {
        try (LabProcess process = new LabProcess(state(), what, subject, "halt:" + k)) {
            assertThat(process.awaitEnd()).isEqualTo(9);
        }
        start(Boundary.NONE).close();
    }

    @Test
    void whatAJvmThatHaltedHadBegunIsEndedByTheNext() throws Exception {
        List<String> nothing = look();
        int steps;
        try (Appliance appliance = start(Boundary.NONE)) {
            steps = appliance.labs().plan(file(), Optional.empty()).steps().size();
        }
        for (int k : some(steps)) {
            haltedAt(k, "apply", file().toString());
            awaitEqual("apply, halted at %d of %d".formatted(k, steps), nothing);
        }
        Path edited = file("edited", MixedLab.EDITED);
        int edits;
        int removals;
        try (Appliance appliance = start(Boundary.NONE)) {
            appliance.apply(file(), Optional.empty());
            edits = appliance.labs().plan(edited, Optional.empty()).steps().size();
            removals = appliance.labs().planDestroy(LAB).steps().size();
        }
        // The tap has a host in the appliance that is up, and none when there is no appliance.
        List<String> before = look();
        for (int k : some(edits)) {
            haltedAt(k, "apply", edited.toString());
            awaitEqual("edit, halted at %d of %d".formatted(k, edits), before);
        }
        for (int k : some(removals)) {
            apply();
            haltedAt(k, "destroy", LAB);
            awaitEqual("destroy, halted at %d of %d".formatted(k, removals), nothing);
        }
        System.out.printf("halted JVMs: K = %d (apply), %d (edit), %d (destroy)%n", steps, edits, removals);
    }

    /** In the middle of a step, as a rule. */
    @Test
    void aKillAtAnyMomentLeavesWhatWasBeforeOrWhatIsAfter() throws Exception {
        List<String> nothing = look();
        apply();
        List<String> all = look();
        destroy();
        awaitEqual("nothing", nothing);
        int steps;
        try (Appliance appliance = start(Boundary.NONE)) {
            steps = appliance.labs().plan(file(), Optional.empty()).steps().size();
        }
        int kills = ALL ? 60 : 3;
        int after = 0;
        for (int kill = 0; kill < kills; kill++) {
            boolean destroying = kill % 3 == 2;
            if (destroying) {
                apply();
            }
            int boundary = ThreadLocalRandom.current().nextInt(destroying ? 5 : steps + 1);
            try (LabProcess process = destroying
                    ? new LabProcess(state(), "destroy", LAB, "-")
                    : new LabProcess(state(), "apply", file().toString(), "-")) {
                process.awaitBoundary(boundary);
                TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextInt(5_000));
                process.kill();
            }
            start(Boundary.NONE).close();
            boolean stands = Files.exists(state().resolve(LAB).resolve("settled"));
            awaitEqual(
                    "%s, killed after boundary %d".formatted(destroying ? "destroy" : "apply", boundary),
                    stands ? all : nothing);
            if (stands) {
                after++;
                destroy();
            }
        }
        System.out.printf(
                "random kills: %d, of which %d left the lab up and %d left nothing%n", kills, after, kills - after);
    }

    @Test
    void whoComesSecondIsToldWhoIsAtItAndWhoIsKilledIsNoLonger() throws Exception {
        List<String> nothing = look();
        Path other = file("other", "lab: many-hands-too\nnodes: {a: {}}\n");
        try (Appliance here = start(Boundary.NONE)) {
            try (LabProcess there = new LabProcess(state(), "apply", file().toString(), "wait:2")) {
                there.awaitBoundary(2);
                Path file = file();
                assertThatThrownBy(() -> here.apply(file, Optional.empty()))
                        .isInstanceOf(RequestException.class)
                        .hasMessage(
                                "lab many-hands is being changed by process %d, another Netyard of this machine: try again when that is done",
                                there.pid());
                assertThatThrownBy(() -> here.destroy(LAB)).hasMessageContaining("process " + there.pid());
                here.apply(other, Optional.empty());
                // One that is started meanwhile takes it for what it is, and not for something to be undone.
                start(Boundary.NONE).close();
                assertThat(state().resolve(LAB).resolve("changing")).exists();
                there.goOn();
            }
            // All is there but the host behind the tap, which was a thread of the other's.
            assertThat(here.labs().plan(file(), Optional.empty()).steps())
                    .extracting(Plan.Step::operation)
                    .containsExactly("attach-tap-host");
            here.destroy(LAB);
            try (LabProcess there = new LabProcess(state(), "apply", file().toString(), "wait:2")) {
                there.awaitBoundary(2);
            }
            // It was killed, and this one is the next to change it.
            here.apply(file(), Optional.empty());
            here.destroy(LAB);
            here.destroy("many-hands-too");
        }
        awaitEqual("afterwards", nothing);
        assertThat(scratch.resolve("turns")).doesNotExist();
    }

    @Test
    void ofOneProcessTheSecondWaits() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (Appliance appliance = start((done, steps) -> {
            arrived.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts a change", e);
            }
        })) {
            Path file = file();
            Path edited = file("edited", MixedLab.EDITED);
            CompletableFuture<Plan> first =
                    CompletableFuture.supplyAsync(() -> appliance.labs().apply(file, Optional.empty(), progress -> {}));
            arrived.await();
            CompletableFuture<Plan> second = CompletableFuture.supplyAsync(
                    () -> appliance.labs().apply(edited, Optional.empty(), progress -> {}));
            assertThatThrownBy(() -> second.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            mayGoOn.countDown();
            assertThat(first.get().steps()).isNotEmpty();
            assertThat(second.get().steps()).isNotEmpty();
            assertThat(appliance.labs().plan(edited, Optional.empty()).steps()).isEmpty();
            assertThat(appliance.labs().plan(file, Optional.empty()).steps()).isNotEmpty();
        }
    }
}
