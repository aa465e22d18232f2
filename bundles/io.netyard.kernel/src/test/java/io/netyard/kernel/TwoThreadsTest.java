package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TwoThreadsTest {

    private static final int COUNT = 1_000;

    @Test
    void eachIsDoneOnce() {
        AtomicIntegerArray done = new AtomicIntegerArray(COUNT);

        TwoThreads.share(COUNT, () -> done, AtomicIntegerArray::incrementAndGet);

        for (int i = 0; i < COUNT; i++) {
            assertThat(done.get(i)).isEqualTo(1);
        }
    }

    /** Whoever calls this closes afterwards what the steps work with. */
    @Test
    void whenOneThreadHasFailedTheOtherHasEnded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicReference<Thread> caller = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread calling = new Thread(() -> {
            try {
                TwoThreads.share(COUNT, () -> begun, (worker, index) -> {
                    if (Thread.currentThread() == caller.get()) {
                        await(begun);
                        throw new IllegalArgumentException("refused");
                    }
                    begun.countDown();
                    await(mayEnd);
                });
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        caller.set(calling);
        calling.start();
        await(begun);

        Eventually.holds(
                "the caller waits, or does not",
                () -> calling.getState() == Thread.State.WAITING || calling.getState() == Thread.State.TERMINATED);
        assertThat(calling.isAlive()).as("waits for a step that is under way").isTrue();
        mayEnd.countDown();
        calling.join(TimeUnit.SECONDS.toMillis(20));

        assertThat(thrown.get()).isInstanceOf(IllegalArgumentException.class).hasMessage("refused");
    }

    @Test
    void whatTheOtherThreadThrowsIsThrown() {
        Thread caller = Thread.currentThread();
        CountDownLatch failing = new CountDownLatch(1);

        assertThatThrownBy(() -> TwoThreads.share(COUNT, () -> failing, (worker, index) -> {
                    if (Thread.currentThread() == caller) {
                        await(failing);
                    } else {
                        failing.countDown();
                        throw new IllegalArgumentException("refused");
                    }
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("refused");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
