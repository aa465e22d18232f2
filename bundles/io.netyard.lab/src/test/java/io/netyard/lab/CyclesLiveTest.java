package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netyard.lab.plan.Boundary;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One appliance applies and destroys a lab again and again, and nothing grows: not what the kernel says of networks, nor what this JVM has open.
 * So often as {@code -Dnetyard.cycles} says.
 */
@LiveKernel
@Timeout(3_600)
class CyclesLiveTest {

    private static final int CYCLES = Integer.getInteger("netyard.cycles", 25);

    /** Until what is made once is there: sockets that are kept, classes, threads. */
    private static final int WARM_UP = 5;

    /** What the collector leaves may vary so much, in bytes: 500 cycles that each lost a kilobyte would show. */
    private static final long HEAP_TOLERANCE = 8L << 20;

    @TempDir
    private Path scratch;

    @BeforeEach
    void hostKernel() {
        assumeFalse(
                KernelView.isLabKernel(),
                "needs nothing that only the lab kernel has, and time: runs on the host kernel");
    }

    @Test
    void nothingGrowsWithCycles() throws Exception {
        Path file = Files.writeString(scratch.resolve("lab.yaml"), MixedLab.TEXT);
        List<String> before = KernelView.settled(Map.of(), MixedLab.NAME);
        try (Appliance appliance = new Appliance(scratch.resolve("labs"), Boundary.NONE)) {
            cycles(WARM_UP, appliance, file);
            long descriptors = descriptors();
            int threads = threads();
            long heap = heap();
            long began = System.nanoTime();

            cycles(CYCLES, appliance, file);

            long took = System.nanoTime() - began;
            // Threads end, and descriptors close, a moment after what they were for.
            Eventually.holds(
                    "no more than %d descriptors and %d threads".formatted(descriptors, threads),
                    () -> descriptors() <= descriptors && threads() <= threads);
            long after = heap();
            System.out.printf(
                    "%d cycles in %d s: descriptors %d, then %d; threads %d, then %d; heap %d KiB, then %d KiB%n",
                    CYCLES,
                    took / 1_000_000_000,
                    descriptors,
                    descriptors(),
                    threads,
                    threads(),
                    heap >> 10,
                    after >> 10);
            assertThat(after).isLessThan(heap + HEAP_TOLERANCE);
        }
        KernelView.awaitEqual("after the cycles", before, Map.of(), MixedLab.NAME);
    }

    private static void cycles(int times, Appliance appliance, Path file) {
        for (int cycle = 0; cycle < times; cycle++) {
            appliance.apply(file, Optional.empty());
            appliance.destroy(MixedLab.NAME);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** In bytes, when what is garbage has been collected. */
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
