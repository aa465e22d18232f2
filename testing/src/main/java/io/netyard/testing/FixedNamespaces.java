package io.netyard.testing;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.kernel.NamespaceThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Knows the namespaces that the test tells it of, and the host's. */
public final class FixedNamespaces implements Namespaces {

    private static final Path HOST = Path.of("/proc/self/ns/net");

    private final List<Netns> known = new ArrayList<>();

    public void add(LiveNamespace namespace) {
        known.add(namespace.asNetns());
    }

    public void remove(LiveNamespace namespace) {
        known.removeIf(netns -> netns.ref().equals(namespace.ref()));
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
        return new NetnsRef(NamespaceThread.inode(HOST), HOST, Optional.empty());
    }

    @Override
    public Map<String, String> holders() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Netns create(NetnsSpec spec) {
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
    public void destroy(Netns own) {
        throw new UnsupportedOperationException();
    }

    @Override
    public NetnsProcess start(NetnsRef where, List<String> command, TerminalSize terminal) {
        throw new UnsupportedOperationException();
    }

    /** By nsenter(1); for tests only. */
    @Override
    public Output run(NetnsRef where, List<String> command, String input, Duration limit) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + where.net()));
        words.addAll(command);
        try {
            Path in = Files.createTempFile("netyard", ".in");
            Path out = Files.createTempFile("netyard", ".out");
            Path error = Files.createTempFile("netyard", ".err");
            try {
                Files.writeString(in, input);
                Process process = new ProcessBuilder(words)
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(error.toFile())
                        .start();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new RequestException(command.get(0) + " has not ended in time and was killed");
                }
                return new Output(process.exitValue(), Files.readString(out), Files.readString(error));
            } finally {
                Files.delete(in);
                Files.delete(out);
                Files.delete(error);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }
}
