package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.api.RequestException;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.plan.Boundary;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The largest shipped lab that this kernel can carry: whenever a change of it ends half-way, by a kill or by a failure, the kernel looks as it did
 * before the change or as it does after it, and what others have built beside and inside the lab is as it was.
 *
 * <p>At boundaries spread evenly, from a random one on: about so many of each change as {@code -Dnetyard.kills} says, or at each and every one
 * with {@code all}.
 */
@LiveKernel
@Timeout(4 * 3_600)
class KilledChangesLiveTest {

    private static final String KILLS = System.getProperty("netyard.kills", "");

    /** How many boundaries of a change are tried, about. */
    private static final int SAMPLE =
            switch (KILLS) {
                case "" -> 3;
                case "all" -> Integer.MAX_VALUE;
                default -> Integer.parseInt(KILLS);
            };

    /** The end of a JVM, as far as code can tell: nobody catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    private Path scratch;

    private Neighbourhood others;

    /** The steps of its plan. Looked for once, since it takes the plans of all. */
    private static int largest;

    private static Path file;
    private static String lab;
    private static Optional<String> stage;

    @BeforeEach
    void largestLab() throws Exception {
        assumeTrue(
                !KILLS.isEmpty() || !KernelView.isLabKernel(),
                "takes minutes in the lab kernel, where it runs with -Dnetyard.kills: runs on the host kernel");
        others = new Neighbourhood();
        if (largest == 0) {
            try (Appliance appliance = start(Boundary.NONE);
                    DirectoryStream<Path> shipped =
                            Files.newDirectoryStream(Path.of(System.getProperty("netyard.labs")), "*.yaml")) {
                for (Path candidate : new TreeSet<>(List.of(paths(shipped)))) {
                    LabFile read = LabFile.read(candidate);
                    for (String at : read.stages()) {
                        int steps = steps(appliance, candidate, at);
                        if (steps > largest) {
                            largest = steps;
                            file = candidate;
                            lab = read.name();
                            stage = Optional.of(at);
                        }
                    }
                }
            }
        }
        assertThat(largest).isPositive();
    }

    private static Path[] paths(DirectoryStream<Path> directory) {
        List<Path> paths = new ArrayList<>();
        directory.forEach(paths::add);
        return paths.toArray(Path[]::new);
    }

    /** 0 for what this kernel cannot carry. */
    private static int steps(Appliance appliance, Path file, String stage) {
        try {
            return appliance.labs().plan(file, Optional.of(stage)).steps().size();
        } catch (RequestException e) {
            return 0;
        }
    }

    @AfterEach
    void end() throws Exception {
        if (others == null) {
            // Not begun on this kernel.
            return;
        }
        try (Appliance last = start(Boundary.NONE)) {
            for (String left : last.labs().names()) {
                if (left.equals(lab)) {
                    last.destroy(left);
                }
            }
        }
        others.close();
    }

    private Appliance start(Boundary boundary) {
        return new Appliance(scratch.resolve("labs"), boundary);
    }

    private List<String> look() throws Exception {
        return KernelView.settled(others.namespaces(), lab);
    }

    private void awaitEqual(String what, List<String> expected) throws Exception {
        KernelView.awaitEqual(what, expected, others.namespaces(), lab);
        assertThat(scratch.resolve("labs").resolve(lab).resolve("changing")).doesNotExist();
    }

    /** The boundaries to try of a change with so many steps. */
    private static int[] boundaries(String change, int steps) {
        int stride = Math.max(1, (steps + 1) / SAMPLE);
        int first = ThreadLocalRandom.current().nextInt(stride);
        int[] chosen =
                IntStream.rangeClosed(0, steps).filter(k -> k % stride == first).toArray();
        System.out.printf("%s: K = %d, %d boundaries from %d on%n", change, steps, chosen.length, first);
        return chosen;
    }

    private static Boundary killAt(int k) {
        return (done, steps) -> {
            if (done == k) {
                throw new Killed();
            }
        };
    }

    private static Boundary failAt(int k) {
        AtomicInteger calls = new AtomicInteger();
        return (done, steps) -> {
            // What is undone afterwards has boundaries of its own.
            if (calls.getAndIncrement() == k) {
                throw new RequestException("refused at boundary " + k);
            }
        };
    }

    /** Somebody kills the JVM at a boundary of a change; then another one starts, and ends. */
    private void killed(int k, Change change) {
        try (Appliance appliance = start(killAt(k))) {
            assertThatThrownBy(() -> change.make(appliance)).isInstanceOf(Killed.class);
        }
        start(Boundary.NONE).close();
    }

    private void failed(int k, Change change) {
        try (Appliance appliance = start(failAt(k))) {
            assertThatThrownBy(() -> change.make(appliance))
                    .isInstanceOf(RequestException.class)
                    .hasMessage("refused at boundary " + k);
        }
    }

    private interface Change {
        void make(Appliance appliance) throws IOException;
    }

    private void apply(Appliance appliance) {
        appliance.apply(file, stage);
    }

    /** The same lab with a node more, an address changed, a cable laid anew, a member moved and a rule less, as far as it has these. */
    private Path edited() throws IOException {
        String text = Files.readString(file)
                .replaceFirst(
                        "\nnodes:\n",
                        "\nnodes:\n  added: {interfaces: {e: {addresses: [192.168.77.1/24]}}}\n  beyond: {}\n")
                .replaceFirst("\nlinks:\n", "\nlinks:\n  cable-added: [\"added:e\", \"beyond:f\"]\n")
                .replaceFirst("192\\.168\\.5\\.1/24", "192.168.5.101/24")
                .replaceFirst(":veth23\"", ":veth24\"")
                .replaceFirst("members: \\[netns1, netns2,", "members: [netns1,")
                .replaceFirst("\n *- input in brz.40[^\n]*", "");
        assertThat(text).isNotEqualTo(Files.readString(file));
        return Files.writeString(scratch.resolve("edited.yaml"), text);
    }

    @Test
    void anApplyThatIsKilledOrFailsNeverWas() throws Exception {
        List<String> before = look();
        for (int k : boundaries("apply " + stage.map(at -> lab + ", " + at).orElse(lab), largest)) {
            killed(k, this::apply);
            awaitEqual("after a kill at boundary %d of %d".formatted(k, largest), before);
            failed(k, this::apply);
            awaitEqual("after a failure at boundary %d of %d".formatted(k, largest), before);
        }
    }

    @Test
    void anEditThatIsKilledOrFailsNeverWas() throws Exception {
        Path edited = edited();
        Change edit = appliance -> appliance.apply(edited, stage);
        int steps;
        try (Appliance appliance = start(Boundary.NONE)) {
            apply(appliance);
            Neighbourhood.moveInto(KernelView.namespaces(others.namespaces()).get(lab + "/netns3"));
            steps = appliance.labs().plan(edited, stage).steps().size();
        }
        // Once there and back: what the kernel does not forget is part of what was before.
        killed(steps, edit);
        List<String> before = look();
        for (int k : boundaries("edit of " + lab, steps)) {
            killed(k, edit);
            awaitEqual("after a kill at boundary %d of %d".formatted(k, steps), before);
            failed(k, edit);
            awaitEqual("after a failure at boundary %d of %d".formatted(k, steps), before);
        }
        try (Appliance appliance = start(Boundary.NONE)) {
            // Cables still lead where they led, which the tools' words about them do not tell.
            assertThat(appliance.labs().plan(file, stage).steps()).isEmpty();
        }
    }

    @Test
    void aDestructionThatIsKilledIsCompleted() throws Exception {
        List<String> before = look();
        int steps;
        try (Appliance appliance = start(Boundary.NONE)) {
            apply(appliance);
            steps = appliance.labs().planDestroy(lab).steps().size();
        }
        for (int k : boundaries("destroy " + lab, steps)) {
            try (Appliance appliance = start(Boundary.NONE)) {
                apply(appliance);
            }
            killed(k, appliance -> appliance.destroy(lab));
            awaitEqual("after a kill at boundary %d of %d".formatted(k, steps), before);
        }
    }
}
