package io.netyard.netns;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.kernel.Mounts;
import io.netyard.kernel.NamespaceThread;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Holds a namespace where {@code ip netns} looks for it: {@code /run/netns/NODE}, or {@code /run/netns/LAB-NODE} in a lab.
 *
 * <p>{@code /run/netyard/named/LAB/NODE} says that it is ours: it pins the UTS namespace, for which iproute2 has no place,
 * and notes the network namespace's inode and when it was made. A name whose namespace is another one, because somebody has deleted and made
 * it anew, is foreign.
 */
@Component(service = NamespaceHolder.class, property = "netyard.holder=named")
public final class NamedHolder implements NamespaceHolder {

    private static final String KIND = "named";

    /** Where iproute2 keeps its names (NETNS_RUN_DIR, include/namespace.h there); /var/run is a link to /run. */
    private static final Path IPROUTE2 = Path.of("/run/netns");

    /** Noted in a file of this name in the state directory: what of iproute2's directory we have made. */
    private static final String MADE = "made-netns";

    /** In the mark of a namespace: when the kernel made the file that is mounted. */
    private static final String MADE_AT = "made";

    private static final String DIRECTORY = "directory";
    private static final String MOUNT = "mount";

    private final StateDirectory state;
    private final Sweeping sweeping = new Sweeping();
    private final Path names;

    @Activate
    public NamedHolder() {
        this(StateDirectory.DEFAULT, IPROUTE2);
    }

    /** @param names canonical path of the directory with the names */
    NamedHolder(StateDirectory state, Path names) {
        this.state = state;
        this.names = names;
    }

    @Override
    public String name() {
        return "named";
    }

    @Override
    public String description() {
        return "a name under " + names + ", as ip netns has them";
    }

    @Override
    public synchronized NetnsRef hold(NetnsSpec spec) {
        NetnsRef here = NamespaceThread.current();
        Path point = point(spec);
        Path marker = state.of(KIND, spec);
        if (Files.exists(point)) {
            throw new RequestException(
                    "%s exists already and belongs to something else: use another name, or remove it with 'ip netns delete %s'"
                            .formatted(point, point.getFileName()));
        }
        unmark(marker);
        sweep();
        try {
            state.make(marker);
            prepareNames();
            Files.writeString(marker.resolve("inode"), Long.toString(here.inode()));
            Pin.make(here.uts().orElseThrow(), marker.resolve("uts"));
            Pin.make(here.net(), point);
            // Only a mount keeps the file that says when.
            Files.writeString(marker.resolve(MADE_AT), made(point));
        } catch (IOException e) {
            RequestException failure = new RequestException(marker + ": cannot be written (" + e + ")", e);
            Pin.undo(() -> abandon(marker), failure);
            throw failure;
        } catch (RuntimeException e) {
            Pin.undo(() -> abandon(marker), e);
            throw e;
        }
        return new NetnsRef(here.inode(), point, Optional.of(marker.resolve("uts")));
    }

    @Override
    public List<Held> held() {
        List<Path> markers = state.nodes(KIND);
        if (markers.isEmpty()) {
            return List.of();
        }
        Map<Path, Long> mounted = new HashMap<>();
        for (NamespaceMount mount : NamespaceMount.all()) {
            if (mount.type().equals("net")) {
                mounted.put(mount.point(), mount.inode());
            }
        }
        List<Held> held = new ArrayList<>();
        for (Path marker : markers) {
            state.spec(KIND, marker, name())
                    .filter(spec -> noted(marker).equals(Optional.ofNullable(mounted.get(point(spec)))))
                    .filter(spec -> isNotAnother(marker, point(spec)))
                    .map(spec -> new Held(
                            spec,
                            new NetnsRef(mounted.get(point(spec)), point(spec), Optional.of(marker.resolve("uts"))),
                            0))
                    .ifPresent(held::add);
        }
        return held;
    }

    @Override
    public synchronized void release(Held held) {
        Path marker = state.of(KIND, held.spec());
        if (!noted(marker).equals(Optional.of(held.ref().inode()))) {
            return;
        }
        Path point = point(held.spec());
        if (NamespaceMount.at(point).equals(OptionalLong.of(held.ref().inode())) && isNotAnother(marker, point)) {
            Pin.remove(point);
        }
        sweep();
        abandon(marker);
    }

    @Override
    public synchronized void sweep(String lab) {
        for (Path marker : unfinished()) {
            if (StateDirectory.isOf(lab, marker)) {
                state.spec(KIND, marker, name()).map(this::point).ifPresent(NamedHolder::removeIfBare);
                abandon(marker);
            }
        }
    }

    /** The file for a name that has yet to be mounted: a name that is mounted is somebody's. */
    private static void removeIfBare(Path point) {
        if (!NamespaceMount.isMountPoint(point)) {
            Pin.remove(point);
        }
    }

    /** Clears away the marks of what was never finished, or was removed by {@code ip netns delete}. */
    private void sweep() {
        if (sweeping.isDue()) {
            unfinished().stream().filter(StateDirectory::isAbandoned).forEach(this::unmark);
        }
    }

    private List<Path> unfinished() {
        Set<Path> live = new HashSet<>();
        held().forEach(held -> live.add(state.of(KIND, held.spec())));
        return state.nodes(KIND).stream()
                .filter(marker -> !live.contains(marker))
                .toList();
    }

    private Path point(NetnsSpec spec) {
        return names.resolve(spec.lab().map(lab -> lab + "-").orElse("") + spec.name());
    }

    private static Optional<Long> noted(Path marker) {
        try {
            return Optional.of(Long.parseLong(Files.readString(marker.resolve("inode"))));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Some kernels give a namespace at once the inode of one that has just ended. */
    private static boolean isNotAnother(Path marker, Path point) {
        try {
            return Files.readString(marker.resolve(MADE_AT)).equals(made(point));
        } catch (NoSuchFileException e) {
            // Whoever held it was killed before this was noted.
            return true;
        } catch (IOException e) {
            throw new RequestException(marker + ": cannot be read (" + e + ")", e);
        } catch (RequestException e) {
            return false;
        }
    }

    private static String made(Path point) {
        return MountedNamespace.at(point).made().toString();
    }

    private void abandon(Path marker) {
        unmark(marker);
        if (state.nodes(KIND).isEmpty()) {
            restoreNames();
        }
    }

    private void unmark(Path marker) {
        Pin.remove(marker.resolve("uts"));
        Pin.remove(marker.resolve("inode"));
        Pin.remove(marker.resolve(MADE_AT));
        state.clean(marker);
    }

    /**
     * What {@code ip netns add} does before its first name: the directory, bind-mounted on itself and shared, so that names
     * appear and disappear in all mount namespaces alike.
     */
    private void prepareNames() throws IOException {
        boolean directory = !Files.exists(names);
        boolean mount = directory || !NamespaceMount.isMountPoint(names);
        if (!mount) {
            return;
        }
        Files.createDirectories(names);
        Files.writeString(
                state.root().resolve(MADE), (directory ? DIRECTORY + "\n" : "") + MOUNT + "\n", StandardCharsets.UTF_8);
        Mounts.bind(names, names);
        Mounts.makeShared(names);
    }

    /** Undoes {@link #prepareNames} if it was us and nobody else has names there now. */
    private void restoreNames() {
        Path note = state.root().resolve(MADE);
        try {
            if (!Files.exists(note)) {
                return;
            }
            List<String> made = Files.readAllLines(note);
            if (StateDirectory.children(names).isEmpty()) {
                if (made.contains(MOUNT) && NamespaceMount.isMountPoint(names)) {
                    Mounts.unmount(names);
                }
                if (made.contains(DIRECTORY)) {
                    Files.deleteIfExists(names);
                }
            }
            Files.delete(note);
            state.clean(state.root());
        } catch (IOException e) {
            throw new RequestException(names + ": cannot be tidied up (" + e + ")", e);
        }
    }
}
