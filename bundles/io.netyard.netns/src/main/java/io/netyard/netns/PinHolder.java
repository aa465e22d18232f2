package io.netyard.netns;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.kernel.NamespaceThread;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Holds a namespace by bind mounts, {@code /run/netyard/ns/LAB/NODE/net} and {@code .../uts} ({@code -} for LAB without a lab).
 * There is no process, so thousands cost little, and nothing to kill by mistake.
 */
@Component(service = NamespaceHolder.class, property = "netyard.holder=pin")
public final class PinHolder implements NamespaceHolder {

    private static final String KIND = "ns";

    private final StateDirectory state;
    private final Sweeping sweeping = new Sweeping();

    @Activate
    public PinHolder() {
        this(StateDirectory.DEFAULT);
    }

    PinHolder(StateDirectory state) {
        this.state = state;
    }

    @Override
    public String name() {
        return "pin";
    }

    @Override
    public String description() {
        return "bind mounts under " + state.root().resolve(KIND) + "; no process";
    }

    @Override
    public NetnsRef hold(NetnsSpec spec) {
        NetnsRef here = NamespaceThread.current();
        Path directory = state.of(KIND, spec);
        Path net = directory.resolve("net");
        Path uts = directory.resolve("uts");
        if (NamespaceMount.at(net).isPresent()) {
            throw new RequestException(net + ": holds a namespace already");
        }
        unpin(directory);
        sweep();
        try {
            state.make(directory);
            // Last of all net: where it is mounted, the rest is complete.
            Pin.make(here.uts().orElseThrow(), uts);
            Pin.make(here.net(), net);
        } catch (RuntimeException e) {
            Pin.undo(() -> unpin(directory), e);
            throw e;
        }
        return new NetnsRef(here.inode(), net, Optional.of(uts));
    }

    @Override
    public List<Held> held() {
        return NamespaceMount.all().stream()
                .filter(mount -> mount.type().equals("net") && mount.point().endsWith("net"))
                .distinct()
                .flatMap(mount -> state.spec(KIND, mount.point().getParent(), name()).stream()
                        .map(spec -> new Held(spec, ref(mount), 0)))
                .toList();
    }

    private static NetnsRef ref(NamespaceMount mount) {
        return new NetnsRef(
                mount.inode(), mount.point(), Optional.of(mount.point().resolveSibling("uts")));
    }

    @Override
    public void release(Held held) {
        Path directory = state.of(KIND, held.spec());
        OptionalLong there = NamespaceMount.at(directory.resolve("net"));
        if (there.isEmpty() || there.equals(OptionalLong.of(held.ref().inode()))) {
            unpin(directory);
        }
        sweep();
    }

    @Override
    public void sweep(String lab) {
        unfinished().filter(directory -> StateDirectory.isOf(lab, directory)).forEach(this::unpin);
    }

    /** Clears away what was never finished, or was taken apart by others. */
    private void sweep() {
        if (sweeping.isDue()) {
            unfinished().filter(StateDirectory::isAbandoned).forEach(this::unpin);
        }
    }

    private Stream<Path> unfinished() {
        return state.nodes(KIND).stream()
                .filter(directory -> NamespaceMount.at(directory.resolve("net")).isEmpty());
    }

    private void unpin(Path directory) {
        Pin.remove(directory.resolve("net"));
        Pin.remove(directory.resolve("uts"));
        state.clean(directory);
    }
}
