package io.netyard.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.shell.console.RegisteredCommand;
import io.netyard.shell.console.Services;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.karaf.shell.api.console.Command;
import org.junit.jupiter.api.Test;

class CommandRegistrationTest {

    private final List<RegisteredCommand> commands = CommandRegistration.all()
            .map(source -> new RegisteredCommand(source, new Services()))
            .toList();

    @Test
    void everyCommandHasItsOwnNameAndADescription() {
        assertThat(commands)
                .extracting(command -> command.getScope() + ":" + command.getName())
                .doesNotHaveDuplicates();
        assertThat(commands).extracting(Command::getDescription).doesNotContain("");
    }

    @Test
    void scopesAreThoseThatAccessRulesAreWrittenFor() {
        assertThat(commands)
                .extracting(Command::getScope)
                .containsOnly("netns", "link", "bridge", "route", "lab", "fw", "nat");
    }

    /** One that is not named there is everybody's. */
    @Test
    void everyCommandIsGivenToRoles() throws IOException {
        for (RegisteredCommand command : commands) {
            Properties roles = new Properties();
            try (Reader reader = Files.newBufferedReader(
                    Path.of("../../etc/org.apache.karaf.command.acl.%s.cfg".formatted(command.getScope())))) {
                roles.load(reader);
            }
            assertThat(roles.getProperty(command.getName()))
                    .as(command.getScope() + ":" + command.getName())
                    .isIn("viewer", "operator", "admin");
        }
    }

    @Test
    void everyCompleterCanBeMade() {
        assertThat(commands.stream().mapToInt(RegisteredCommand::completers).sum())
                .isGreaterThan(commands.size());
    }
}
