package io.netyard.shell.netns;

import io.netyard.api.netns.NetnsProcess;
import io.netyard.shell.console.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalInt;

/** A program between the command's three streams. */
final class PipedProgram {

    private static final int SIGINT = 2;

    /** How long a program that was interrupted may take to end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** How long output may still come once the program has ended: its children can hold the pipe open. */
    private static final Duration REST_OF_OUTPUT = Duration.ofSeconds(1);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final NetnsProcess process;
    private final Console console;

    PipedProgram(NetnsProcess process, Console console) {
        this.process = process;
        this.console = console;
    }

    /** @return the program's exit status */
    int await() throws IOException, InterruptedException {
        if (console.keyboard()) {
            // A thread that reads the keyboard could not be stopped and would swallow what is typed next.
            process.input().close();
        } else {
            start("input", this::feed);
        }
        Thread output = start("output", () -> copy(process.output(), console.out()));
        Thread error = start("error", () -> copy(process.error(), console.err()));
        int status = status();
        output.join(REST_OF_OUTPUT.toMillis());
        error.join(REST_OF_OUTPUT.toMillis());
        return status;
    }

    private int status() throws InterruptedException {
        try {
            OptionalInt status = OptionalInt.empty();
            while (status.isEmpty()) {
                status = process.waitFor(LOOK_AGAIN);
            }
            return status.getAsInt();
        } catch (InterruptedException e) {
            process.signal(SIGINT);
            return process.waitFor(LAST_WORDS).orElse(128 + SIGINT);
        }
    }

    private void feed() {
        try (OutputStream to = process.input()) {
            transfer(console.in(), to);
        } catch (IOException e) {
            // The program reads no more, or the caller is gone.
        }
    }

    private void copy(InputStream from, OutputStream to) {
        try {
            transfer(from, to);
        } catch (IOException e) {
            // The caller is gone; what nobody reads, nobody needs to write.
            process.close();
        }
    }

    private static void transfer(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[8192];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            to.write(buffer, 0, n);
            to.flush();
        }
    }

    private static Thread start(String what, Runnable work) {
        Thread thread = new Thread(work, "netns:exec " + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
