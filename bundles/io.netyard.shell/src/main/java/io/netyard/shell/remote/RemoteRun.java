package io.netyard.shell.remote;

import io.netyard.api.Text;
import java.io.PrintStream;
import java.util.List;
import org.apache.felix.service.command.Process;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Parser;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Runs the command line that the caller sent in the variable {@value #COMMAND}, for the launcher.
 *
 * <p>Karaf's ssh server prints what is wrong with a command line (no such command, a quote that is not closed) to standard
 * output, where a script takes it for the answer. Here it goes to standard error, in one line. Roles are checked as ever:
 * the line is executed in the caller's session.
 */
@Component(service = {})
public final class RemoteRun implements Command {

    static final String COMMAND = "NETYARD_COMMAND";

    private static final int FAILED = 1;

    private final SessionFactory shell;

    @Activate
    public RemoteRun(@Reference SessionFactory shell) {
        this.shell = shell;
        shell.getRegistry().register(this);
    }

    @Deactivate
    void unregister() {
        shell.getRegistry().unregister(this);
    }

    @Override
    public Object execute(Session session, List<Object> arguments) throws InterruptedException {
        Process process = Process.Utils.current();
        return execute(session, process == null ? System.err : process.err());
    }

    static int execute(Session session, PrintStream err) throws InterruptedException {
        Object command = session.get(COMMAND);
        if (command == null) {
            err.println("remote:run executes what the variable %s holds; it is empty".formatted(COMMAND));
            return FAILED;
        }
        try {
            return session.execute(command.toString()) instanceof Integer status ? status : 0;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            err.println(Text.printable(message.strip().lines().findFirst().orElse("")));
            return FAILED;
        }
    }

    @Override
    public String getScope() {
        return "remote";
    }

    @Override
    public String getName() {
        return "run";
    }

    @Override
    public String getDescription() {
        return "Run the command in the variable %s, errors to standard error: for scripts".formatted(COMMAND);
    }

    @Override
    public Completer getCompleter(boolean scoped) {
        return null;
    }

    @Override
    public Parser getParser() {
        return null;
    }
}
