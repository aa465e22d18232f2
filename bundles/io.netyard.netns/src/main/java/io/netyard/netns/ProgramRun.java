package io.netyard.netns;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.netns.Namespaces.Output;
import io.netyard.api.netns.NetnsProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Feeds a program and reads what it says, all three streams at once (a full pipe would stop it), until it ends or its time is over. */
final class ProgramRun {

    private ProgramRun() {}

    /** Closes the process. */
    static Output toItsEnd(NetnsProcess process, String program, String input, Duration limit) {
        try (process) {
            FutureTask<String> output = reader(process.output(), program);
            FutureTask<String> error = reader(process.error(), program);
            Thread feeder = new Thread(() -> feed(process.input(), input), "netyard input of " + program);
            feeder.setDaemon(true);
            feeder.start();
            OptionalInt status = process.waitFor(limit);
            if (status.isEmpty()) {
                throw new RequestException("%s has not ended after %d s and was killed"
                        .formatted(Text.printable(program), limit.toSeconds()));
            }
            return new Output(status.getAsInt(), output.get(), error.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestException(
                    "interrupted while %s was running; it was killed".formatted(Text.printable(program)), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static FutureTask<String> reader(InputStream from, String program) {
        FutureTask<String> task = new FutureTask<>(() -> new String(from.readAllBytes(), StandardCharsets.UTF_8));
        Thread thread = new Thread(task, "netyard output of " + program);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static void feed(OutputStream to, String input) {
        try (to) {
            to.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It did not want to read all of it; its exit status says whether that was well.
        }
    }
}
