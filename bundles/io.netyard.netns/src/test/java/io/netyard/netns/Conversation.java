package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.netns.NetnsProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What somebody types into a program, and reads of it. For one thread. */
final class Conversation {

    private static final int MOST_AT_ONCE = 512;

    private final NetnsProcess process;

    Conversation(NetnsProcess process) {
        this.process = process;
    }

    /** A line and Enter. */
    void type(String line) throws IOException {
        process.input().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.input().flush();
    }

    /**
     * All that it writes from here on until {@code wanted} is among it; a little more may be.
     *
     * @throws AssertionError with what it has written, if it ends before that
     */
    String readUntil(String wanted) throws IOException {
        StringBuilder read = new StringBuilder();
        byte[] buffer = new byte[MOST_AT_ONCE];
        while (read.indexOf(wanted) < 0) {
            int count = process.output().read(buffer);
            assertThat(count).as("waiting for '%s' after: %s", wanted, read).isPositive();
            read.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
        return read.toString();
    }

    /** Up to the end of the line, which is not part of it, or up to the program's end. */
    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = process.output().read();
                c >= 0 && c != '\n';
                c = process.output().read()) {
            line.append((char) c);
        }
        return line.toString();
    }
}
