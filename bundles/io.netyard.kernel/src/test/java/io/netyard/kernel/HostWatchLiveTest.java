package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each waits for ever, so that only what it is about can end it: else the time limit of the test does. */
@NeedsRoot
@Timeout(60)
class HostWatchLiveTest {

    private static final Duration FOR_EVER = Duration.ofSeconds(-1);

    @TempDir
    Path directory;

    @Test
    void theEndOfAProcessEndsTheWaiting() throws Exception {
        try (HostWatch watch = new HostWatch();
                SpawnedProcess process = Spawner.start(
                        new SpawnSpec("cat", List.of("cat"), List.of("PATH=/usr/bin:/bin"), new SpawnSpec.Pipes()))) {
            Set<Long> pids = Set.of(process.pid());
            // For one that is new it does not wait: who asks has to look whether that is still the one that is meant.
            watch.await(pids, FOR_EVER);
            CompletableFuture<Void> waiting = waiting(watch, pids);
            assertThat(waiting).isNotDone();

            process.input().close();

            waiting.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aMountEndsTheWaiting() throws Exception {
        Path target = Files.createFile(directory.resolve("target"));
        try (HostWatch watch = new HostWatch()) {
            CompletableFuture<Void> waiting = waiting(watch, Set.of());
            assertThat(waiting).isNotDone();
            Mounts.bind(Path.of("/proc/self/ns/net"), target);
            try {
                waiting.get(30, TimeUnit.SECONDS);
            } finally {
                Mounts.unmount(target);
            }
            // The unmounting as well, although nobody was waiting then.
            watch.await(Set.of(), FOR_EVER);
        }
    }

    @Test
    void aWordEndsTheWaiting() throws Exception {
        try (HostWatch watch = new HostWatch()) {
            watch.wake();
            watch.await(Set.of(), FOR_EVER);
            CompletableFuture<Void> waiting = waiting(watch, Set.of());
            watch.wake();
            waiting.get(30, TimeUnit.SECONDS);
        }
    }

    /** Neither fails nor spins: who asks will see that there is no such process. */
    @Test
    void whatHasEndedLongAgoIsNotWaitedForLong() {
        try (HostWatch watch = new HostWatch()) {
            watch.await(Set.of((long) Integer.MAX_VALUE), FOR_EVER);
            watch.await(Set.of(), Duration.ofMillis(1));
        }
    }

    private static CompletableFuture<Void> waiting(HostWatch watch, Set<Long> pids) {
        CompletableFuture<Void> waiting = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                watch.await(pids, FOR_EVER);
                waiting.complete(null);
            } catch (RuntimeException e) {
                waiting.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return waiting;
    }
}
