package io.netyard.shell.console;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;
import org.apache.felix.service.command.Process;
import org.apache.karaf.shell.api.console.Session;

/**
 * Where one run of a command reads and writes. Taken when the command starts: Karaf binds {@link System#in} and its
 * siblings to the command's own thread, other threads would get the JVM's.
 *
 * @param keyboard true if {@code in} is what a person types, neither a pipe nor an ssh command's input
 * @param terminal true if {@code out} is a terminal that a person looks at, neither a pipe nor an ssh command's output
 */
public record Console(
        InputStream in, PrintStream out, PrintStream err, boolean keyboard, boolean terminal, Session session) {

    static Console of(Session session) {
        Process process = Process.Utils.current();
        if (process == null) {
            return new Console(System.in, System.out, System.err, false, false, session);
        }
        boolean person = session.getTerminal() != null;
        boolean terminal = person && process.isTty(1);
        // Over ssh standard error is a stream of its own, and what it says could overtake or come after the next
        // prompt.
        PrintStream err = terminal && process.isTty(2) ? process.out() : process.err();
        return new Console(process.in(), process.out(), err, person && process.isTty(0), terminal, session);
    }

    /** Passes on what the caller says besides its input, until {@link #unlisten()}. */
    public void listen(Caller.Listener listener) {
        caller().ifPresent(caller -> caller.listen(listener));
    }

    public void unlisten() {
        caller().ifPresent(Caller::unlisten);
    }

    private Optional<Caller> caller() {
        return session != null && session.get(Caller.VARIABLE) instanceof Caller caller
                ? Optional.of(caller)
                : Optional.empty();
    }

    /** A session variable (what ssh's SetEnv sends arrives as one), or empty. */
    public String variable(String name) {
        Object value = session == null ? null : session.get(name);
        return value == null ? "" : value.toString();
    }
}
