package io.netyard.shell;

import io.netyard.shell.bridge.BridgeCommands;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.RegisteredCommand;
import io.netyard.shell.console.Services;
import io.netyard.shell.firewall.FirewallCommands;
import io.netyard.shell.lab.LabCommands;
import io.netyard.shell.link.LinkCommands;
import io.netyard.shell.netns.NetnsCommands;
import io.netyard.shell.route.RouteCommands;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Makes Netyard's commands known to Karaf's shell, for as long as this bundle is active. */
@Component(service = {})
public final class CommandRegistration {

    private final SessionFactory shell;
    private final List<RegisteredCommand> commands;

    @Activate
    public CommandRegistration(@Reference SessionFactory shell, @Reference Services services) {
        this.shell = shell;
        commands = all().map(source -> new RegisteredCommand(source, services)).toList();
        commands.forEach(shell.getRegistry()::register);
    }

    @Deactivate
    void unregister() {
        commands.forEach(shell.getRegistry()::unregister);
    }

    static Stream<Supplier<? extends ConsoleCommand>> all() {
        return Stream.of(
                        NetnsCommands.all(),
                        LinkCommands.all(),
                        BridgeCommands.all(),
                        RouteCommands.all(),
                        LabCommands.all(),
                        FirewallCommands.all())
                .flatMap(List::stream);
    }
}
