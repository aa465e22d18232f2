package io.netyard.netns;

import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.api.netns.Way;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The service as it stands on this kernel, with the three holders and a state directory of the test's own; closing destroys all. */
final class LiveNamespaces implements AutoCloseable {

    /** So that the namespaces of somebody else's appliance on this host are not taken for the test's. */
    static final String LAB = "live-" + ProcessHandle.current().pid();

    private final Path directory;
    final LinuxNamespaces service;

    LiveNamespaces(Path directory) {
        this.directory = directory;
        this.service = another();
    }

    /** The same host, seen by an appliance that has just started. */
    LinuxNamespaces another() {
        StateDirectory state = state();
        LinuxNamespaces namespaces = new LinuxNamespaces(state);
        namespaces.addHolder(new ProcessHolder());
        namespaces.addHolder(new PinHolder(state));
        namespaces.addHolder(new NamedHolder(state, directory.resolve("netns")));
        return namespaces;
    }

    StateDirectory state() {
        return new StateDirectory(directory.resolve("netyard"));
    }

    static NetnsSpec spec(String node, String holder) {
        return new NetnsSpec(node, Optional.of(LAB), holder);
    }

    Netns create(String node) {
        return service.create(spec(node, NetnsSpec.DEFAULT_HOLDER));
    }

    List<Netns> own() {
        return service.known().stream()
                .filter(netns ->
                        netns.origin() == Netns.Origin.OWN && netns.lab().equals(Optional.of(LAB)))
                .toList();
    }

    NetnsProcess shell(Netns where, String script) {
        return service.start(way(where), List.of("sh", "-c", script), null);
    }

    NetnsProcess terminal(Netns where, int columns, int rows, String... command) {
        return service.start(way(where), List.of(command), new TerminalSize(columns, rows));
    }

    /** Into its network and UTS namespace. */
    static Way way(Netns where) {
        return new Way(where.label(), where.ref(), Optional.empty(), Way.DEFAULT);
    }

    static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        own().forEach(service::destroy);
    }
}
