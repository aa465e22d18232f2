package io.netyard.benchmarks.console;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.FutureTask;
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
 * prints when it began, as {@link System#nanoTime}, which all processes of a Linux machine share, and how many nanoseconds it took.
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

    /**
     * @param output what the command printed
     * @param start as {@link System#nanoTime}
     * @param nanos that it took
     */
    private record Run(int status, String output, long start, long nanos) {}

    @Override
    public Object execute(Session session, List<Object> arguments) throws Exception {
        FutureTask<Run> task = new FutureTask<>(() -> run(arguments.get(0).toString()));
        // What a thread runs that runs a command already is part of that one, and writes where it does.
        Thread thread = new Thread(task, "bench:time");
        thread.start();
        Run run = task.get();
        if (run.status() != 0) {
            System.err.println(run.output());
            return run.status();
        }
        System.out.println(run.start() + " " + run.nanos());
        return 0;
    }

    private Run run(String command) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(output, false, StandardCharsets.UTF_8);
                PrintStream err = new PrintStream(output, false, StandardCharsets.UTF_8)) {
            Session session = shell.create(new ByteArrayInputStream(new byte[0]), out, err);
            try {
                long start = System.nanoTime();
                Object status = session.execute(command);
                out.flush();
                err.flush();
                long nanos = System.nanoTime() - start;
                return new Run(
                        status instanceof Integer number ? number : 0,
                        output.toString(StandardCharsets.UTF_8),
                        start,
                        nanos);
            } finally {
                session.close();
            }
        }
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
        return "Run a command and print when it began and how long it took, in nanoseconds";
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
