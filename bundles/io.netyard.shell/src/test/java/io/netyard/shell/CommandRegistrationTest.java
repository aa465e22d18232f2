package io.netyard.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.shell.console.RegisteredCommand;
import io.netyard.shell.console.Services;
import java.util.List;
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

    @Test
    void everyCompleterCanBeMade() {
        assertThat(commands.stream().mapToInt(RegisteredCommand::completers).sum())
                .isGreaterThan(commands.size());
    }
}
