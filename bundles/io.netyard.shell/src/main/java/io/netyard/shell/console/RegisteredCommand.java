package io.netyard.shell.console;

import io.netyard.api.NetyardException;
import io.netyard.api.Text;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Parser;
import org.apache.karaf.shell.api.console.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link ConsoleCommand} as Karaf knows it.
 *
 * <p>Karaf prints what a command throws to standard output, behind "Error executing command:", and lets options stand only before
 * arguments. Here errors go to standard error, one line each; the status is returned as an Integer, which Karaf's ssh
 * server hands to the caller and its console does not print.
 */
public final class RegisteredCommand implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(RegisteredCommand.class);

    /** As a shell says it of a command that Ctrl-C ended: 128 + SIGINT. */
    private static final int INTERRUPTED = 130;

    private final Supplier<? extends ConsoleCommand> source;
    private final Services services;
    private final Syntax syntax;

    public RegisteredCommand(Supplier<? extends ConsoleCommand> source, Services services) {
        this.source = source;
        this.services = services;
        this.syntax = new Syntax(source.get().getClass());
    }

    @Override
    public Object execute(Session session, List<Object> arguments) {
        return execute(
                Console.of(session), arguments.stream().map(String::valueOf).toList());
    }

    /** For tests of all commands at once. */
    public int completers() {
        return syntax.completers().size();
    }

    /** @return the status */
    public int execute(Console console, List<String> words) {
        try {
            if (syntax.asksForHelp(words)) {
                console.out().println(syntax.help());
                return ConsoleCommand.DONE;
            }
            ConsoleCommand command = source.get();
            syntax.fill(command, words);
            return command.run(services, console);
        } catch (NetyardException | IllegalArgumentException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> console.err().println(Text.printable(line)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        } catch (IOException | RuntimeException e) {
            LOG.error("{}:{} failed", getScope(), getName(), e);
            console.err()
                    .println(Text.printable("%s:%s failed: %s (more in the log)".formatted(getScope(), getName(), e)));
        } finally {
            console.out().flush();
            console.err().flush();
        }
        return ConsoleCommand.FAILED;
    }

    @Override
    public String getScope() {
        return syntax.scope();
    }

    @Override
    public String getName() {
        return syntax.name();
    }

    @Override
    public String getDescription() {
        return syntax.description();
    }

    @Override
    public Parser getParser() {
        return null;
    }

    @Override
    public Completer getCompleter(boolean scoped) {
        return new Completer() {
            @Override
            public int complete(Session session, CommandLine line, List<String> candidates) {
                candidates.addAll(candidatesAt(session, line, scoped));
                return 0;
            }

            @Override
            public void completeCandidates(Session session, CommandLine line, List<Candidate> candidates) {
                for (String candidate : candidatesAt(session, line, scoped)) {
                    String description = line.getCursorArgumentIndex() == 0 ? getDescription() : null;
                    candidates.add(new Candidate(
                            candidate, candidate, null, description, null, null, !candidate.matches(".*[:/]")));
                }
            }
        };
    }

    private List<String> candidatesAt(Session session, CommandLine line, boolean scoped) {
        String full = getScope() + ":" + getName();
        int index = line.getCursorArgumentIndex();
        if (index <= 0) {
            return scoped ? List.of(getName()) : List.of(full);
        }
        List<String> words = Arrays.asList(line.getArguments());
        if (!session.resolveCommand(words.get(0)).equals(full)) {
            return List.of();
        }
        String word = index < words.size()
                ? words.get(index)
                        .substring(
                                0,
                                Math.min(
                                        line.getArgumentPosition(),
                                        words.get(index).length()))
                : "";
        try {
            return syntax
                    .candidates(services, Console.of(session), words.subList(0, Math.min(index, words.size())), word)
                    .stream()
                    .map(Text::printable)
                    .toList();
        } catch (NetyardException | IllegalArgumentException e) {
            LOG.debug("nothing to complete {} with", full, e);
            return List.of();
        }
    }
}
