package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.lab.plan.Boundary;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a change that the kernel refuses in the middle, and of one that cannot even be undone. */
@LiveKernel
@Timeout(300)
class FailedChangesLiveTest {

    private static final String LAB = "failing";

    private static final String SMALL =
            """
            lab: failing
            nodes: {hub: {}, one: {interfaces: {e: {addresses: [10.73.0.1/24]}}}}
            switches: {br: {node: hub}}
            links: {c: ["one:e", "br:p"]}
            """;

    private static final String GROWN =
            """
            lab: failing
            nodes: {hub: {}, one: {interfaces: {e: {addresses: [10.73.0.2/24]}}}, two: {}}
            switches: {br: {node: hub}, more: {node: hub}}
            links: {c: ["one:e", "br:p"], d: ["two:e", "more:q"]}
            """;

    @TempDir
    private Path scratch;

    @BeforeEach
    void hostKernel() {
        assumeFalse(
                KernelView.isLabKernel(),
                "needs nothing that only the lab kernel has, and time: runs on the host kernel");
    }

    private Appliance start(Boundary boundary) {
        return new Appliance(scratch.resolve("labs"), boundary);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(scratch.resolve("lab.yaml"), text);
    }

    @AfterEach
    void end() {
        try (Appliance last = start(Boundary.NONE)) {
            if (last.labs().names().contains(LAB)) {
                last.destroy(LAB);
            }
        }
    }

    private static List<String> look() throws Exception {
        return KernelView.settled(Map.of(), LAB);
    }

    private static void awaitEqual(List<String> expected) throws Exception {
        KernelView.awaitEqual("afterwards", expected, Map.of(), LAB);
    }

    private void applySmall() throws IOException {
        try (Appliance appliance = start(Boundary.NONE)) {
            appliance.apply(file(SMALL), Optional.empty());
        }
    }

    /** Fails once {@code first} boundaries have been passed, and then at each for which it is asked. */
    private static Boundary failing(int first, int times) {
        AtomicInteger calls = new AtomicInteger();
        return (done, steps) -> {
            // After the last step there is none to fail.
            if (done == steps) {
                return;
            }
            int call = calls.getAndIncrement();
            if (call >= first && call < first + times) {
                throw new RequestException("refusal " + (call - first));
            }
        };
    }

    /** Between planning and doing somebody takes the name of what is to be made. */
    @Test
    void aNameThatIsTakenMeanwhileIsTheKernelsRefusalAndItsOwnerKeepsIt() throws Exception {
        applySmall();
        List<String> before = look();
        try (Appliance appliance = start(Boundary.NONE)) {
            Path hub = KernelView.namespaces(Map.of()).get(LAB + "/hub");
            assertThatThrownBy(() -> appliance.labs().apply(file(GROWN), Optional.empty(), progress -> {
                        if (progress.what()
                                .filter(step -> step.sentence().startsWith("create bridge hub:more"))
                                .isPresent()) {
                            run(hub, "ip link add more type bridge");
                        }
                    }))
                    .isInstanceOf(NetyardException.class)
                    .hasMessageContaining("more in failing/hub: exists already")
                    .hasMessageNotContaining("could not be undone");
            assertThat(run(hub, "ip -o link show dev more")).contains("more");
            run(hub, "ip link delete more");
        }
        awaitEqual(before);
    }

    private static String run(Path namespace, String command) {
        try {
            return Neighbourhood.inside(namespace, command);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachStepThatCannotBeUndoneIsTold() throws Exception {
        List<String> nothing = look();
        try (Appliance appliance = start(failing(4, 1_000))) {
            // Four steps done; the undoing, tried twice, fails altogether.
            Path file = file(SMALL);
            assertThatThrownBy(() -> appliance.apply(file, Optional.empty()))
                    .isInstanceOf(RequestException.class)
                    .hasMessageStartingWith("refusal 0; and what was done could not be undone: ")
                    .hasMessageContaining("destroy namespace hub: refusal ")
                    .hasMessageContaining("destroy namespace one: refusal ")
                    .hasMessageEndingWith("; lab:destroy failing removes all of it");
        }
        try (Appliance next = start(Boundary.NONE)) {
            assertThat(next.labs().names()).contains(LAB);
            next.destroy(LAB);
        }
        awaitEqual(nothing);
    }

    /** One step of the undoing fails: the others are done, and the one is done when it is tried again. */
    @Test
    void oneFailureDoesNotKeepTheRestFromBeingUndone() throws Exception {
        applySmall();
        List<String> before = look();
        try (Appliance appliance = start(failing(5, 2))) {
            Path file = file(GROWN);
            assertThatThrownBy(() -> appliance.apply(file, Optional.empty())).hasMessage("refusal 0");
        }
        awaitEqual(before);
    }

    @Test
    void aKillWhileAFailureIsUndoneIsRecoveredFrom() throws Exception {
        applySmall();
        List<String> before = look();
        for (int later = 0; later < 3; later++) {
            int killAt = 6 + later;
            AtomicInteger calls = new AtomicInteger();
            try (Appliance appliance = start((done, steps) -> {
                int call = calls.getAndIncrement();
                if (call == 5) {
                    throw new RequestException("refused");
                }
                if (call == killAt) {
                    throw new AssertionError("killed");
                }
            })) {
                Path file = file(GROWN);
                assertThatThrownBy(() -> appliance.apply(file, Optional.empty()))
                        .isInstanceOf(AssertionError.class)
                        .hasMessage("killed");
            }
            start(Boundary.NONE).close();
            awaitEqual(before);
        }
    }

    /** The start may fail at it; whoever changes the lab next does it first. */
    @Test
    void whatTheStartCouldNotUndoIsUndoneBeforeTheNextChange() throws Exception {
        applySmall();
        List<String> before = look();
        try (Appliance killed = start((done, steps) -> {
            if (done == 5) {
                throw new AssertionError("killed");
            }
        })) {
            Path file = file(GROWN);
            assertThatThrownBy(() -> killed.apply(file, Optional.empty())).hasMessage("killed");
        }
        try (Appliance next = start(failing(0, 1))) {
            assertThat(scratch.resolve("labs/failing/changing")).exists();
            next.apply(file(SMALL), Optional.empty());
            assertThat(scratch.resolve("labs/failing/changing")).doesNotExist();
            assertThat(next.labs().plan(file(SMALL), Optional.empty()).steps()).isEmpty();
        }
        awaitEqual(before);
    }
}
