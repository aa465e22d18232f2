package io.netyard.shell.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netyard.api.Text;
import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.shell.console.Caller;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.security.PrivilegedAction;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.Subject;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.apache.karaf.shell.ssh.KarafJaasAuthenticator;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command line that came over ssh: executed with the caller's roles, its output as it comes, its status handed back.
 *
 * <p>Karaf's own class for this prints what is wrong with a line (no such command, a quote that is not closed) to standard
 * output, never sends standard error, lets a command run on when its caller is gone and closes the connection, of which
 * ssh then complains.
 */
final class RemoteCommand implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteCommand.class);

    private static final int FAILED = 1;

    /** As a shell says it of a command that Ctrl-C ended: 128 + SIGINT. */
    private static final int INTERRUPTED = 130;

    private final SessionFactory shell;
    private final Calls calls;
    private final String line;
    private InputStream in;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;
    private Thread thread;

    RemoteCommand(SessionFactory shell, Calls calls, String line) {
        this.shell = shell;
        this.calls = calls;
        this.line = line;
    }

    @Override
    public void setInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public void setOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void setErrorStream(OutputStream err) {
        this.err = err;
    }

    @Override
    public void setExitCallback(ExitCallback exit) {
        this.exit = exit;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        String user = channel.getServerSession().getUsername();
        if (Calls.isSignal(line)) {
            exit.onExit(calls.signal(user, line) ? 0 : FAILED);
            return;
        }
        Subject subject = channel.getServerSession().getAttribute(KarafJaasAuthenticator.SUBJECT_ATTRIBUTE_KEY);
        Caller caller = new Caller(new Interruption());
        thread = new Thread(() -> runAs(subject, user, caller, environment), "ssh command");
        thread.setDaemon(true);
        thread.start();
    }

    /** What a signal does to a command that has no program to pass it on to. */
    private final class Interruption implements Caller.Listener {

        @Override
        public void signal(int number) {
            thread.interrupt();
        }

        @Override
        public void resize(TerminalSize size) {
            // It asks for the size when it needs it.
        }
    }

    /** The caller has what it wanted, or is gone. */
    @Override
    public void destroy(ChannelSession channel) {
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    @SuppressWarnings("removal") // Karaf checks roles against the access control context.
    private void runAs(Subject subject, String user, Caller caller, Environment environment) {
        int status = FAILED;
        String call = environment.getEnv().get(Calls.VARIABLE);
        calls.begin(user, call, caller);
        listen(caller, environment);
        try {
            status = Subject.doAs(subject, (PrivilegedAction<Integer>) () -> run(subject, caller, environment));
        } catch (RuntimeException e) {
            LOG.error("a command that came over ssh failed", e);
        } finally {
            calls.end(user, call);
            exit.onExit(status);
        }
    }

    /** To what ssh itself brings: signals from clients that send them, and new sizes of the window. */
    private static void listen(Caller caller, Environment environment) {
        environment.addSignalListener(
                (channel, signal) ->
                        Optional.ofNullable(Calls.SIGNALS.get(signal.name())).ifPresent(caller::signal),
                Signal.HUP,
                Signal.INT,
                Signal.QUIT,
                Signal.TERM);
        environment.addSignalListener((channel, signal) -> size(environment).ifPresent(caller::resize), Signal.WINCH);
    }

    private static Optional<TerminalSize> size(Environment environment) {
        Map<String, String> variables = environment.getEnv();
        try {
            return Optional.of(new TerminalSize(
                    Integer.parseInt(variables.getOrDefault(Environment.ENV_COLUMNS, "")),
                    Integer.parseInt(variables.getOrDefault(Environment.ENV_LINES, ""))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private int run(Subject subject, Caller caller, Environment environment) {
        // The shell copies what it writes to these and does not pass a flush on.
        PrintStream output = new PrintStream(out, true, UTF_8);
        PrintStream errors = new PrintStream(err, true, UTF_8);
        Session session = shell.create(in, output, errors);
        try {
            environment.getEnv().forEach(session::put);
            session.put(Subject.class.getName(), subject);
            session.put(Caller.VARIABLE, caller);
            return execute(session, line, errors);
        } finally {
            session.close();
            output.flush();
            errors.flush();
        }
    }

    static int execute(Session session, String line, PrintStream errors) {
        try {
            return session.execute(line) instanceof Integer status ? status : 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        } catch (IndexOutOfBoundsException e) {
            // What Karaf's parser throws at a line that ends too early.
            errors.println("not a command line: a quote or bracket is not closed");
        } catch (Exception e) {
            LOG.debug("{}", line, e);
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            errors.println(Text.printable(message.strip().lines().findFirst().orElse("")));
        }
        return FAILED;
    }
}
