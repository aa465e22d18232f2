package io.netyard.api.netns;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalInt;
import org.osgi.annotation.versioning.ProviderType;

/** A running program inside a namespace. Close it to end it and what it has opened. */
@ProviderType
public interface NetnsProcess extends AutoCloseable {

    long pid();

    /** To the program: its standard input, or the terminal. */
    OutputStream input();

    /** From the program: its standard output, or the terminal. */
    InputStream output();

    /** From the program: its standard error; at its end at once when there is a terminal. */
    InputStream error();

    /** Waits at most so long. @return the exit status, 128 plus the signal's number if a signal ended it, as a shell says it */
    OptionalInt waitFor(Duration limit) throws InterruptedException;

    /** Sends a signal to the program's process group. @param number as in signal(7) */
    void signal(int number);

    /** Tells the terminal its new window; without one, does nothing. */
    void resize(Namespaces.TerminalSize size);

    /** Ends the program if it still runs (SIGHUP, then SIGKILL) and frees its pipes or terminal. Idempotent. */
    @Override
    void close();
}
