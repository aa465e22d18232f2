package io.netyard.shell.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netyard.api.Text;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.security.PrivilegedAction;
import javax.security.auth.Subject;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.apache.karaf.shell.ssh.KarafJaasAuthenticator;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
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

    private final SessionFactory shell;
    private final String line;
    private InputStream in;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;
    private Thread thread;

    RemoteCommand(SessionFactory shell, String line) {
        this.shell = shell;
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
        Subject subject = channel.getServerSession().getAttribute(KarafJaasAuthenticator.SUBJECT_ATTRIBUTE_KEY);
        thread = new Thread(() -> runAs(subject, environment), "ssh command");
        thread.setDaemon(true);
        thread.start();
    }

    /** The caller has what it wanted, or is gone. */
    @Override
    public void destroy(ChannelSession channel) {
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    @SuppressWarnings("removal") // Karaf checks roles against the access control context.
    private void runAs(Subject subject, Environment environment) {
        int status = FAILED;
        try {
            status = Subject.doAs(subject, (PrivilegedAction<Integer>) () -> run(subject, environment));
        } catch (RuntimeException e) {
            LOG.error("a command that came over ssh failed", e);
        } finally {
            exit.onExit(status);
        }
    }

    private int run(Subject subject, Environment environment) {
        // The shell copies what it writes to these and does not pass a flush on.
        PrintStream output = new PrintStream(out, true, UTF_8);
        PrintStream errors = new PrintStream(err, true, UTF_8);
        Session session = shell.create(in, output, errors);
        try {
            environment.getEnv().forEach(session::put);
            session.put(Subject.class.getName(), subject);
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
