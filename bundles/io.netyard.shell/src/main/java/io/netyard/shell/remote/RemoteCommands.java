package io.netyard.shell.remote;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.CommandFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Runs the commands that come over ssh ({@code ssh HOST COMMAND}) so that scripts can rely on them, see {@link RemoteCommand}.
 * Karaf's way is put back when this bundle stops. Karaf makes a new server when its configuration changes: all are served.
 */
@Component(service = {})
public final class RemoteCommands {

    private final Map<SshServer, Optional<CommandFactory>> before = new ConcurrentHashMap<>();
    private final Calls calls = new Calls();
    private final SessionFactory shell;

    @Activate
    public RemoteCommands(@Reference SessionFactory shell) {
        this.shell = shell;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addServer(SshServer server) {
        before.put(server, Optional.ofNullable(server.getCommandFactory()));
        server.setCommandFactory((channel, command) -> new RemoteCommand(shell, calls, command));
    }

    void removeServer(SshServer server) {
        Optional<CommandFactory> factory = before.remove(server);
        if (factory != null) {
            server.setCommandFactory(factory.orElse(null));
        }
    }

    @Deactivate
    void restore() {
        before.keySet().forEach(this::removeServer);
    }
}
