package io.netyard.benchmarks.console;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
 * {@code bench:time COMMAND}: runs a command as the console does, from parsing to the last byte of its output, which it keeps for itself, and
 * prints how many nanoseconds that took.
 */
@Component(service = {})
public final class TimedCommand implements Command {

    private final SessionFactory shell;

    @Activate
    public TimedCommand(@Reference SessionFactory shell) {
        this.shell = shell;
        shell.getRegistry().register(this);
    }

    @Deactivate
    void unregister() {
        shell.getRegistry().unregister(this);
    }

    @Override
    public Object execute(Session session, List<Object> arguments) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        long nanos;
        try (PrintStream out = new PrintStream(output, false, StandardCharsets.UTF_8);
                PrintStream err = new PrintStream(output, false, StandardCharsets.UTF_8)) {
            Session inner = shell.create(new ByteArrayInputStream(new byte[0]), out, err, session);
            try {
                long start = System.nanoTime();
                Object status = inner.execute(arguments.get(0).toString());
                out.flush();
                nanos = System.nanoTime() - start;
                err.flush();
                if (status instanceof Integer number && number != 0) {
                    System.err.println(output.toString(StandardCharsets.UTF_8));
                    return number;
                }
            } finally {
                inner.close();
            }
        }
        System.out.println(nanos);
        return 0;
    }

    @Override
    public String getScope() {
        return "bench";
    }

    @Override
    public String getName() {
        return "time";
    }

    @Override
    public String getDescription() {
        return "Run a command and print how many nanoseconds it took";
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
