package io.netyard.testing;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.api.netns.Way;
import io.netyard.kernel.NamespaceThread;
import io.netyard.kernel.SpawnSpec;
import io.netyard.kernel.SpawnedProcess;
import io.netyard.kernel.Spawner;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Knows the namespaces that the test tells it of, and the host's. */
public final class FixedNamespaces implements Namespaces {

    private static final Path HOST = Path.of("/proc/self/ns/net");

    private final List<Netns> known = new ArrayList<>();

    private final Optional<LiveNamespace> host;

    public FixedNamespaces() {
        host = Optional.empty();
    }

    /** Takes {@code host} for the host's namespace, for what would change that. */
    public FixedNamespaces(LiveNamespace host) {
        this.host = Optional.of(host);
    }

    public void add(LiveNamespace namespace) {
        known.add(namespace.asNetns());
    }

    public void remove(LiveNamespace namespace) {
        known.removeIf(netns -> netns.ref().equals(namespace.ref()));
    }

    @Override
    public String boot() {
        return "boot";
    }

    @Override
    public List<Netns> list() {
        return known();
    }

    @Override
    public List<Netns> known() {
        return List.copyOf(known);
    }

    @Override
    public NetnsRef host() {
        return host.map(LiveNamespace::ref)
                .orElseGet(() -> new NetnsRef(NamespaceThread.inode(HOST), HOST, Optional.empty()));
    }

    @Override
    public Map<String, String> holders() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Netns create(NetnsSpec spec, boolean ipv6) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Netns resolve(String meant) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Netns attach(String name, long pid) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void detach(Netns attached) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void sweep(String lab) {
        // These are made in one step.
    }

    @Override
    public void destroy(Netns own) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Way way(String meant, Set<NamespaceType> types) {
        throw new UnsupportedOperationException();
    }

    @Override
    public NetnsProcess start(Way way, List<String> command, TerminalSize terminal) {
        throw new UnsupportedOperationException();
    }

    @Override
    public NetnsProcess enter(Way way, String wanted, TerminalSize terminal) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Output run(NetnsRef where, List<String> command, String input, Duration limit) {
        String path = "PATH=" + System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        SpawnSpec spec = new SpawnSpec(command.get(0), command, List.of(path), new SpawnSpec.Pipes());
        try (SpawnedProcess process = NamespaceThread.call(where, () -> Spawner.start(spec))) {
            CompletableFuture<String> output = reader(process.output());
            CompletableFuture<String> error = reader(process.error());
            Thread feeder = new Thread(() -> {
                try (OutputStream to = process.input()) {
                    to.write(input.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // It does not want to read all of it.
                }
            });
            feeder.start();
            OptionalInt status = process.waitFor(limit);
            if (status.isEmpty()) {
                throw new RequestException(command.get(0) + " has not ended in time and was killed");
            }
            feeder.join();
            return new Output(status.getAsInt(), output.join(), error.join());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }

    private static CompletableFuture<String> reader(InputStream from) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                text.complete(new String(from.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(e);
            }
        });
        reader.setDaemon(true);
        reader.start();
        return text;
    }
}
