package io.netyard.shell.netns;

import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.shell.console.Caller;
import io.netyard.shell.console.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.OptionalInt;

/** A program between the command's three streams. */
final class PipedProgram implements Caller.Listener {

    private static final int SIGINT = 2;
    private static final int SIGPIPE = 13;

    private static final int BUFFER = 8192;

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
        Copy output = new Copy(process.output(), console.out());
        Copy error = new Copy(process.error(), console.err());
        Thread copyingOutput = start("output", output);
        Thread copyingError = start("error", error);
        int status;
        console.listen(this);
        try {
            status = status();
        } finally {
            console.unlisten();
        }
        output.awaitRest(copyingOutput);
        error.awaitRest(copyingError);
        return status;
    }

    @Override
    public void signal(int number) {
        process.signal(number);
    }

    @Override
    public void resize(TerminalSize size) {
        process.resize(size);
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

    /** From the program to the caller. */
    private final class Copy implements Runnable {

        private final InputStream from;
        private final PrintStream to;
        private volatile boolean reading;
        private volatile long bytes;

        Copy(InputStream from, PrintStream to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public void run() {
            byte[] buffer = new byte[BUFFER];
            try {
                for (int n = read(buffer); n >= 0; n = read(buffer)) {
                    bytes += n;
                    to.write(buffer, 0, n);
                    if (to.checkError()) {
                        nobodyReads();
                        return;
                    }
                }
            } catch (IOException e) {
                // The program's end of the pipe is gone: so is the program.
                process.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** As if it had written to a pipe without a reader; what ignores that is ended. */
        private void nobodyReads() throws InterruptedException {
            process.signal(SIGPIPE);
            process.waitFor(LAST_WORDS);
            process.close();
        }

        private int read(byte[] buffer) throws IOException {
            reading = true;
            try {
                return from.read(buffer);
            } finally {
                reading = false;
            }
        }

        /** However slowly the caller reads: what the program has written gets there. */
        void awaitRest(Thread copying) throws InterruptedException {
            long before;
            do {
                before = bytes;
                copying.join(REST_OF_OUTPUT.toMillis());
            } while (copying.isAlive() && (!reading || bytes != before));
        }
    }

    private static void transfer(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
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
