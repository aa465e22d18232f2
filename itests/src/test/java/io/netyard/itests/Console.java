package io.netyard.itests;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;

/** Runs console commands as a user would type them, and looks at the host as a suspicious one would. */
final class Console {

    /** Commands appear when their services do: wait so long for the first, in the slowest kernel. */
    private static final long PATIENCE_SECONDS = 120;

    /**
     * @param out what the command printed on standard output
     * @param status what the command returned, which ssh hands to its caller
     * @param failure what Karaf itself complained of, an unknown command for one; or null
     */
    record Outcome(String out, String err, int status, Exception failure) {

        boolean failed() {
            return failure != null || status != 0;
        }

        /** Everything a user would see, for assertions on messages. */
        String all() {
            return out + err + (failure == null ? "" : failure.getMessage());
        }

        List<String> lines() {
            return out.lines().map(String::stripTrailing).toList();
        }
    }

    private final SessionFactory sessions;

    Console(SessionFactory sessions) {
        this.sessions = sessions;
    }

    Outcome run(String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Exception failure = null;
        int status = 0;
        try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            status = asAdministrator(() -> execute(command, outStream, errStream));
        } catch (Exception e) {
            failure = e;
        }
        return new Outcome(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), status, failure);
    }

    private int execute(String command, PrintStream out, PrintStream err) throws Exception {
        Session session = sessions.create(new ByteArrayInputStream(new byte[0]), out, err);
        try {
            return session.execute(command) instanceof Integer status ? status : 0;
        } finally {
            session.close();
        }
    }

    /** As ssh does it for a caller who has proven to be one: without a role hardly any command exists. */
    @SuppressWarnings("removal") // Karaf checks roles against the access control context.
    private static int asAdministrator(PrivilegedExceptionAction<Integer> work) throws Exception {
        Subject administrator = new Subject();
        // One role does not imply another: administrators are given them all.
        for (String role : List.of("viewer", "operator", "manager", "admin", "systembundles")) {
            administrator.getPrincipals().add(new RolePrincipal(role));
        }
        try {
            return Subject.doAs(administrator, work);
        } catch (PrivilegedActionException e) {
            throw e.getException();
        }
    }

    /** Runs a command that must succeed. */
    String must(String command) {
        Outcome outcome = run(command);
        if (outcome.failed()) {
            throw new AssertionError(command + ": " + outcome.all(), outcome.failure());
        }
        return outcome.out();
    }

    /** Waits until the commands of all bundles are there. */
    void awaitCommands() throws InterruptedException {
        awaitCommands("lab:list", "netns:list", "link:list", "bridge:list");
    }

    /** @param commands some that are done if all they need is there */
    void awaitCommands(String... commands) throws InterruptedException {
        for (String command : commands) {
            try {
                await(() -> !run(command).failed());
            } catch (AssertionError e) {
                throw new AssertionError(
                        command + " does not come up: " + run(command).all());
            }
        }
    }

    static void await(Supplier<Boolean> condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.get()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing happened for " + PATIENCE_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** Everything on this host that Netyard could leave behind: namespaces, interfaces, mounts, holder processes. */
    static List<String> traces() {
        TreeSet<String> traces = new TreeSet<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(p -> p.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    traces.add("netns " + Files.readSymbolicLink(process.resolve("ns/net")));
                    String command = Files.readString(process.resolve("cmdline"));
                    if (command.startsWith("netyard:")) {
                        traces.add("process " + command.replace('\0', ' '));
                    }
                } catch (IOException e) {
                    // It ended while we looked.
                    continue;
                }
            }
            for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
                String[] fields = line.split(" ");
                if (fields[4].contains("netyard") || fields[4].startsWith("/run/netns")) {
                    traces.add("mount " + fields[4]);
                }
            }
            try (Stream<Path> interfaces = Files.list(Path.of("/sys/class/net"))) {
                interfaces.forEach(device -> traces.add("interface " + device.getFileName()));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new ArrayList<>(traces);
    }
}
