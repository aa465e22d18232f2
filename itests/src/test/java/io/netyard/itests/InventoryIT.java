package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerSuite;

/** The commands that show namespaces of any origin, with a foreign process that means no good. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class InventoryIT {

    private static final String ESCAPE = "\u001b]0;owned\u0007\u001b[2J\u009b31m\nforged\u202e";

    /**
     * Escapes, bytes that are no UTF-8 and new lines wherever a process can put them: its host name, the path of a mount that keeps a
     * network namespace whose process has ended, its command line. Ends with its standard input.
     */
    private static final String SCRIPT =
            """
            printf '\\033]0;owned\\007\\033[2J\\377\\n' >/proc/sys/kernel/hostname
            mount -t tmpfs none /mnt
            cd /mnt
            file=$(printf 'x\\033[2J\\007\\377\\nforged')
            : >"$file"
            unshare --net="$file" true
            echo ready
            read line
            """;

    @Inject
    private SessionFactory sessions;

    private Console console;
    private String net;
    private Process hostile;

    @Configuration
    public Option[] shippedDistribution() {
        return ShippedDistribution.options();
    }

    @Before
    public void start() throws IOException, InterruptedException {
        console = new Console(sessions);
        console.awaitCommands();
        hostile = new ProcessBuilder("unshare", "--net", "--uts", "--mount", "sh", "-c", SCRIPT, "sh", ESCAPE)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals("ready", new String(hostile.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
        net = "netns net:[%d]".formatted(inode("net"));
        assertTrue(Console.traces().contains(net));
    }

    @After
    public void end() throws IOException, InterruptedException {
        hostile.getOutputStream().close();
        assertTrue(hostile.waitFor(20, TimeUnit.SECONDS));
        assertFalse(Console.traces().contains(net));
    }

    private long inode(String type) throws IOException {
        String link = Files.readSymbolicLink(Path.of("/proc/" + hostile.pid() + "/ns/" + type))
                .toString();
        return Long.parseLong(link.replaceAll("\\D", ""));
    }

    @Test
    public void nothingForeignReachesTheTerminalAsItIs() throws IOException {
        long pid = hostile.pid();
        for (String command : List.of(
                "netns:list -t all",
                "netns:list -t all -o name,inode,held-by,hostname,container,path,command,user",
                "netns:list -t all --json",
                "netns:list -t net,uts --tree",
                "netns:list --empty -o path",
                "netns:show " + pid,
                "netns:show " + pid + " -t uts --json",
                "netns:processes " + pid,
                "netns:processes " + pid + " --json",
                "netns:compare " + pid + " host",
                "netns:containers",
                "netns:show no-such-place")) {
            Console.Outcome outcome = console.run(command);
            assertFalse(command, outcome.all().isBlank());
            outcome.all().chars().filter(c -> c != '\n').forEach(c -> {
                boolean safe = !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
                assertTrue("%s prints the character %04x: %s".formatted(command, c, outcome.all()), safe);
            });
            assertTrue(
                    command + " prints a line that is not its own",
                    outcome.lines().stream().noneMatch(line -> line.startsWith("forged")));
        }
        assertTrue(console.must("netns:list -o command").contains("\ufffd[2J"));
        assertTrue(console.must("netns:list -t uts -o hostname").contains("\ufffd]0;owned\ufffd"));
    }

    @Test
    public void namespacesOfAnyTypeAreFoundAndFiltered() throws IOException {
        long pid = hostile.pid();
        for (String type : List.of("net", "uts", "mnt")) {
            assertEquals(
                    List.of("INODE       NPROCS  PID", "%d  1       %d".formatted(inode(type), pid)),
                    console.run("netns:list -t %s -o inode,nprocs,pid --pid %d --differs-from-host"
                                    .formatted(type, pid))
                            .lines());
            assertTrue(console.must("netns:show '%s:[%d]'".formatted(type, inode(type)))
                    .contains("pid " + pid));
        }
        assertTrue(console.run("netns:list -o pid --command 'forged' --user 0")
                .lines()
                .contains(Long.toString(pid)));
        assertFalse(console.must("netns:list -o pid --user 4242").contains(Long.toString(pid)));
        String compared = console.must("netns:compare " + pid + " host");
        assertTrue(compared, compared.matches("(?s).*\\nnet +no .*\\nuser +yes .*root of one is root of the other.*"));
    }

    @Test
    public void aNamespaceThatOnlyAMountInAForeignMountNamespaceKeepsIsShown() {
        String empty = console.must("netns:list --empty -o inode,held-by,path");
        // Its path has bytes that are no UTF-8: it cannot be written down.
        assertTrue(empty, empty.matches("(?s).*\n\\d+ +mount +-\n.*"));
    }
}
