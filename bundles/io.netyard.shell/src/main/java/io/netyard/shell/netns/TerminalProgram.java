package io.netyard.shell.netns;

import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.api.netns.NetnsProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalInt;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.utils.NonBlockingInputStream;

/**
 * A program on the console's own terminal: keys, Ctrl-C among them, go to the program as they are typed, and what it writes comes out
 * untouched; the window's size follows.
 */
final class TerminalProgram {

    /** How long to wait for a key before looking whether the program still runs, in milliseconds. */
    private static final long KEY_WAIT = 50;

    /** How long to wait for the next byte of what was pasted, in milliseconds. */
    private static final long NEXT_KEY_WAIT = 1;

    private static final Duration REST_OF_OUTPUT = Duration.ofSeconds(1);

    private final NetnsProcess process;
    private final Terminal terminal;

    TerminalProgram(NetnsProcess process, Terminal terminal) {
        this.process = process;
        this.terminal = terminal;
    }

    static TerminalSize size(Terminal terminal) {
        return new TerminalSize(Math.max(1, terminal.getWidth()), Math.max(1, terminal.getHeight()));
    }

    /** @return the program's exit status */
    int await() throws IOException, InterruptedException {
        Attributes before = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(LocalFlag.ISIG, false);
        raw.setOutputFlag(OutputFlag.OPOST, false);
        terminal.setAttributes(raw);
        SignalHandler resized = terminal.handle(Signal.WINCH, signal -> process.resize(size(terminal)));
        Thread output = new Thread(this::show, "netns:exec terminal output");
        output.setDaemon(true);
        output.start();
        try {
            int status = feed();
            output.join(REST_OF_OUTPUT.toMillis());
            return status;
        } finally {
            terminal.handle(Signal.WINCH, resized);
            terminal.setAttributes(before);
            terminal.flush();
        }
    }

    /** Passes keys on until the program ends. */
    private int feed() throws IOException, InterruptedException {
        InputStream keys = terminal.input();
        byte[] buffer = new byte[1024];
        while (true) {
            OptionalInt status = process.waitFor(Duration.ZERO);
            if (status.isPresent()) {
                return status.getAsInt();
            }
            int n = read(keys, buffer);
            if (n < 0) {
                process.close();
                return process.waitFor(REST_OF_OUTPUT).orElse(ENDED_WITH_THE_TERMINAL);
            }
            try {
                process.input().write(buffer, 0, n);
                process.input().flush();
            } catch (IOException e) {
                // It has just ended, or closed its terminal: the status will say.
                return process.waitFor(REST_OF_OUTPUT).orElse(ENDED_WITH_THE_TERMINAL);
            }
        }
    }

    /** As a shell says it: 128 + SIGHUP. */
    private static final int ENDED_WITH_THE_TERMINAL = 129;

    /** @return bytes read, 0 if none came in time, -1 at the end */
    private static int read(InputStream keys, byte[] buffer) throws IOException {
        if (!(keys instanceof NonBlockingInputStream nonBlocking)) {
            return keys.read(buffer);
        }
        int n = 0;
        int key = nonBlocking.read(KEY_WAIT);
        while (key >= 0) {
            buffer[n++] = (byte) key;
            key = n < buffer.length ? nonBlocking.read(NEXT_KEY_WAIT) : NonBlockingInputStream.READ_EXPIRED;
        }
        return n == 0 && key == NonBlockingInputStream.EOF ? -1 : n;
    }

    private void show() {
        byte[] buffer = new byte[8192];
        OutputStream out = terminal.output();
        try {
            for (int n = process.output().read(buffer);
                    n >= 0;
                    n = process.output().read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // The terminal is gone; feed() finds out as well.
        }
    }
}
