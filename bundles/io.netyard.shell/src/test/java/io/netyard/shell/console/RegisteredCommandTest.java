package io.netyard.shell.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.RequestException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.junit.jupiter.api.Test;

class RegisteredCommandTest {

    @Command(scope = "test", name = "greet", description = "Greet someone")
    static final class Greet extends ChangeCommand {

        @Argument(name = "WHO", required = true, description = "Whom to greet")
        @Completion(
                value = Greet.class,
                values = {"world", "moon"})
        String who;

        @Argument(index = 1, name = "HOW", description = "A word")
        String how = "hello";

        @Option(name = "--times", valueToShowInHelp = "N", description = "How often")
        @Completion(
                value = Greet.class,
                values = {"1", "2"})
        Integer times = 1;

        @Override
        protected int run() {
            if (who.equals("nobody")) {
                throw new RequestException("nobody is not here\nlook elsewhere \u001b[31m");
            }
            if (who.equals("bug")) {
                throw new IllegalStateException("oops");
            }
            change("greet", () -> print((how + " " + who + " ").repeat(times).strip()));
            return DONE;
        }
    }

    @Command(scope = "test", name = "exec", description = "Run a program")
    static final class Exec extends ConsoleCommand {

        @Argument(name = "NODE", required = true, description = "Where")
        String node;

        @Argument(index = 1, name = "CMD", multiValued = true, description = "What")
        @Verbatim
        List<String> program = List.of();

        @Option(name = "--quiet", description = "Say nothing")
        boolean quiet;

        @Override
        protected int run() {
            print(node + " " + program + " " + quiet);
            return 7;
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            null);
    private final RegisteredCommand greet = new RegisteredCommand(Greet::new, new Services());
    private final RegisteredCommand exec = new RegisteredCommand(Exec::new, new Services());

    @Test
    void optionsMayStandAnywhere() {
        assertThat(greet.execute(console, List.of("world", "--times", "2", "hi")))
                .isZero();
        assertThat(greet.execute(console, List.of("--times=3", "moon"))).isZero();
        assertThat(out()).isEqualTo("hi world hi world\nhello moon hello moon hello moon\n");
    }

    @Test
    void fieldsOfOneRunDoNotLeakIntoTheNext() {
        greet.execute(console, List.of("world", "hi"));
        greet.execute(console, List.of("world"));
        assertThat(out()).isEqualTo("hi world\nhello world\n");
    }

    @Test
    void dryRunSaysWhatWouldBeDone() {
        greet.execute(console, List.of("world", "--dry-run"));
        assertThat(out()).isEqualTo("would greet\n");
    }

    @Test
    void whatStandsAfterTheNodeBelongsToTheProgram() {
        assertThat(exec.execute(console, List.of("netns1", "ls", "-l", "--quiet", "--help", "--", "/")))
                .isEqualTo(7);
        assertThat(exec.execute(console, List.of("--quiet", "netns1"))).isEqualTo(7);
        assertThat(out()).isEqualTo("netns1 [ls, -l, --quiet, --help, --, /] false\nnetns1 [] true\n");
    }

    @Test
    void doubleDashEndsOptions() {
        greet.execute(console, List.of("--", "--times"));
        exec.execute(console, List.of("--", "-x", "ls"));
        assertThat(out()).isEqualTo("hello --times\n-x [ls] false\n");
    }

    @Test
    void negativeNumbersAreNotOptions() {
        assertThat(greet.execute(console, List.of("-5"))).isZero();
        assertThat(out()).isEqualTo("hello -5\n");
    }

    @Test
    void errorsGoToStandardErrorLineByLineAndNothingElseIsPrinted() {
        assertThat(greet.execute(console, List.of("nobody"))).isEqualTo(1);
        assertThat(out()).isEmpty();
        assertThat(err()).isEqualTo("nobody is not here\nlook elsewhere \uFFFD[31m\n");
    }

    @Test
    void anUnforeseenErrorSaysWhichCommandFailed() {
        assertThat(greet.execute(console, List.of("bug"))).isEqualTo(1);
        assertThat(err()).startsWith("test:greet failed: java.lang.IllegalStateException: oops");
    }

    @Test
    void wrongWordsAreNamed() {
        assertThat(complaint()).isEqualTo("test:greet WHO is missing; see test:greet --help\n");
        assertThat(complaint("a", "b", "c")).contains("does not understand 'c'");
        assertThat(complaint("a", "--loud")).contains("has no option --loud");
        assertThat(complaint("a", "--times")).contains("option --times needs a value");
        assertThat(complaint("a", "--times", "x")).contains("--times must be a whole number, not 'x'");
        assertThat(complaint("a", "--dry-run=yes")).contains("option --dry-run takes no value");
    }

    @Test
    void aMissingServiceIsNamed() {
        assertThat(new RegisteredCommand(() -> new ListLabs(), new Services()).execute(console, List.of()))
                .isEqualTo(1);
        assertThat(err()).startsWith("bundle io.netyard.lab is not active");
    }

    @Command(scope = "test", name = "labs", description = "List labs")
    static final class ListLabs extends ConsoleCommand {
        @Override
        protected int run() {
            labs().names().forEach(this::print);
            return DONE;
        }
    }

    @Test
    void helpListsEverything() {
        assertThat(greet.execute(console, List.of("world", "--help"))).isZero();
        assertThat(out())
                .isEqualTo(
                        """
                        test:greet WHO [HOW] [--dry-run] [--times N]

                          Greet someone

                          WHO        Whom to greet
                          HOW        A word
                          --dry-run  Say what would be done, change nothing
                          --times N  How often
                          --help     Print this
                        """);
    }

    @Test
    void completionKnowsWhereItIs() {
        assertThat(candidates(List.of(), "")).containsExactly("world", "moon");
        assertThat(candidates(List.of("world"), "")).isEmpty();
        assertThat(candidates(List.of("--times"), "")).containsExactly("1", "2");
        assertThat(candidates(List.of("--times", "2"), "")).containsExactly("world", "moon");
        assertThat(candidates(List.of("--dry-run"), "")).containsExactly("world", "moon");
        assertThat(candidates(List.of("world"), "--")).containsExactly("--dry-run", "--help", "--times");
    }

    private List<String> candidates(List<String> words, String word) {
        List<String> before = new java.util.ArrayList<>(List.of("test:greet"));
        before.addAll(words);
        return new Syntax(Greet.class).candidates(new Services(), console, before, word);
    }

    private String complaint(String... words) {
        err.reset();
        assertThat(greet.execute(console, List.of(words))).isEqualTo(1);
        return err();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
