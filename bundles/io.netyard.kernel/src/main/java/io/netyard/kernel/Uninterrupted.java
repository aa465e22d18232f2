package io.netyard.kernel;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waiting for work that must not be left alone. */
final class Uninterrupted {

    private Uninterrupted() {}

    /** What a task comes to, or throws. Whoever is interrupted meanwhile waits on and stays interrupted. */
    static <T> T result(Future<T> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unchecked(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unchecked(Throwable cause) {
        if (cause instanceof RuntimeException runtime) {
            // Thrown on another thread: that one's stack says what happened, this one's who asked.
            runtime.addSuppressed(new Throwable("asked for here"));
            return runtime;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(cause);
    }
}
